// SPDX-License-Identifier: GPL-2.0-only
/* Programs from text: tasks and their operations. */
#include <string.h>

#include <kernel/bug.h>
#include "parse.h"

static bool parse_device_letter(struct parser *p, u16 *arg)
{
	if (p->type != TOK_WORD || p->word_len != 1 || *p->word < 'A' ||
	    *p->word >= (char)('A' + p->prog->nr_devices))
		return lex_expected(p, "a device that is declared above");
	*arg = *p->word - 'A';
	lex_next(p);
	return true;
}

static bool parse_positional(struct parser *p, char kind, u16 *arg)
{
	const struct program *prog = p->prog;
	unsigned long n = 0;
	bool ok;

	switch (kind) {
	case 'M':
		ok = lex_prefixed(p, "m", "an address space, m0..m7,", 0,
				  PROGRAM_SPACES_MAX - 1, &n);
		break;
	case 'V':
		ok = lex_prefixed(p, "", "a page", 0, prog->pages - 1, &n);
		break;
	case 'F':
		ok = lex_prefixed(p, "f", "a folio, f0..f63,", 0, PROGRAM_FOLIOS_MAX - 1, &n);
		break;
	case 'S':
		ok = lex_prefixed(p, "", "a slot", 0, PROGRAM_DEVICE_PAGES_MAX - 1, &n);
		break;
	case 'C':
		ok = lex_prefixed(p, "c", "a CPU, c0..,", 0, prog->geometry.nr_cpus - 1, &n);
		break;
	default:
		return parse_device_letter(p, arg);
	}
	*arg = n;
	return ok;
}

static bool parse_option(struct parser *p, char kind, struct op *op, unsigned int *seen)
{
	unsigned long n = 0;

	switch (kind) {
	case 'n':
		if (!lex_key_number(p, "nr", seen, 0, 1, 64, &n))
			return false;
		op->nr = n;
		return true;
	case 'o':
		if (!lex_key_number(p, "order", seen, 1, 0, 9, &n))
			return false;
		op->order = n;
		return true;
	case 'w':
		if (!lex_key_number(p, "window", seen, 2, 1, 64, &n))
			return false;
		op->window = n;
		return true;
	case 's':
		if (!lex_key_number(p, "signal", seen, 3, 0, 1000, &n))
			return false;
		op->signal = n;
		return true;
	case 'a':
		if (!lex_flag(p, "dup_abort", seen, 4))
			return false;
		op->flags |= OP_DUP_ABORT;
		return true;
	case 'k':
		if (!lex_flag(p, "keep_cache", seen, 5))
			return false;
		op->flags |= OP_KEEP_CACHE;
		return true;
	case 'x':
		if (!lex_flag(p, "skip_write", seen, 6))
			return false;
		op->flags |= OP_SKIP_WRITE;
		return true;
	default:
		if (!lex_flag(p, "zero", seen, 7))
			return false;
		op->flags |= OP_ZERO;
		return true;
	}
}

static const char *op_at(unsigned int i)
{
	return i < NR_OPS ? op_infos[i].name : NULL;
}

/* Names of the options in @kinds; the others are "". */
static const char *options_of;

static const char *option_at(unsigned int i)
{
	static const struct {
		char kind;
		const char *name;
	} options[] = {
		{ 'n', "nr=" }, { 'o', "order=" }, { 'w', "window=" }, { 's', "signal=" },
		{ 'a', "dup_abort" }, { 'k', "keep_cache" }, { 'x', "skip_write" },
	};

	if (i == ARRAY_SIZE(options))
		return NULL;
	return strchr(options_of, options[i].kind) ? options[i].name : "";
}

static bool unknown_option(struct parser *p, const char *kinds)
{
	const char *equals = p->type == TOK_WORD ? memchr(p->word, '=', p->word_len) : NULL;

	options_of = kinds;
	return lex_unknown(p, *kinds ? "an option of this operation or its end" :
			   "the end of the operation",
			   equals ? (size_t)(equals + 1 - p->word) : p->word_len, option_at);
}

static bool parse_op(struct parser *p, struct op *op)
{
	const char *args, *option;
	unsigned int i, n = 0, seen = 0;

	for (i = 0; i < NR_OPS; i++)
		if (lex_is(p, op_infos[i].name))
			break;
	if (i == NR_OPS)
		return lex_unknown(p, "an operation or '}'", p->word_len, op_at);
	lex_next(p);
	memset(op, 0, sizeof(*op));
	op->id = i;
	args = op_infos[i].args;
	op->nr = strchr(args, 'n') ? 1 : 0;
	op->window = strchr(args, 'w') ? 8 : 0;
	for (; *args >= 'A' && *args <= 'Z'; args++)
		if (!parse_positional(p, *args, &op->args[n++]))
			return false;
	while (p->type == TOK_WORD && !p->failed) {
		for (option = args; *option; option++)
			if (parse_option(p, *option, op, &seen))
				break;
		if (!*option)
			return unknown_option(p, args);
	}
	return !p->failed;
}

bool parse_task(struct parser *p)
{
	struct program *prog = p->prog;
	struct program_task *task = &prog->tasks[prog->nr_tasks];
	unsigned long n;

	if (prog->nr_tasks == PROGRAM_TASKS_MAX)
		return lex_fail(p, p->word_column, "expected at most %d tasks", PROGRAM_TASKS_MAX);
	if (!lex_prefixed(p, "", "the next task's number", prog->nr_tasks, prog->nr_tasks, &n) ||
	    !lex_prefixed(p, "@cpu", "the task's CPU, as @cpu0,", 0,
			  prog->geometry.nr_cpus - 1, &n))
		return false;
	task->cpu = n;
	task->nr_ops = 0;
	if (p->type != TOK_OPEN)
		return lex_expected(p, "'{'");
	lex_next(p);
	for (;;) {
		while (p->type == TOK_NEWLINE || p->type == TOK_SEMICOLON)
			lex_next(p);
		if (p->type == TOK_CLOSE)
			break;
		if (task->nr_ops == PROGRAM_OPS_MAX)
			return lex_fail(p, p->word_column, "expected at most %d operations",
					PROGRAM_OPS_MAX);
		if (!parse_op(p, &task->ops[task->nr_ops]))
			return false;
		task->nr_ops++;
		if (p->type != TOK_NEWLINE && p->type != TOK_SEMICOLON && p->type != TOK_CLOSE)
			return lex_expected(p, "the end of the operation");
	}
	lex_next(p);
	prog->nr_tasks++;
	return lex_end_of_line(p);
}
