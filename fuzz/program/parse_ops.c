// SPDX-License-Identifier: GPL-2.0-only
/* Programs from text: tasks and their operations. */
#include <string.h>

#include <kernel/bug.h>
#include "parse.h"

static bool parse_device_letter(struct parser *p, u16 *arg)
{
	if (p->type != TOK_WORD || p->word_len != 1 || *p->word < 'A' ||
	    *p->word >= (char)('A' + p->prog->nr_devices))
		return lex_expected(p, operand_of('D')->text);
	*arg = *p->word - 'A';
	lex_next(p);
	return true;
}

static bool parse_argument(struct parser *p, const struct operand *o, u16 *arg)
{
	unsigned long n = 0;

	if (!o->key)
		return parse_device_letter(p, arg);
	if (!lex_prefixed(p, o->key, o->text, 0, operand_most(o, &p->prog->world), &n))
		return false;
	*arg = n;
	return true;
}

/* Return: was it this option? */
static bool parse_option(struct parser *p, const struct operand *o, struct op *op, unsigned int *seen)
{
	unsigned int bit = o - operands;
	unsigned long n = 1;

	if (o->flag ? !lex_flag(p, o->key, seen, bit) :
	    !lex_key_number(p, o->key, seen, bit, o->least, o->most, &n))
		return false;
	operand_set(o, op, n);
	return true;
}

static const char *op_at(unsigned int i)
{
	return i < NR_OPS ? op_infos[i].name : NULL;
}

/* Names of the options in @letters, as they are written; the others are "". suggest() keeps them. */
static const char *options_of;

static const char *option_at(unsigned int i)
{
	static char names[32][24];

	if (i == nr_operands || i == ARRAY_SIZE(names))
		return NULL;
	if (!strchr(options_of, operands[i].letter) || operand_is_argument(operands[i].letter))
		return "";
	snprintf(names[i], sizeof(names[i]), "%s%s", operands[i].key, operands[i].flag ? "" : "=");
	return names[i];
}

static bool unknown_option(struct parser *p, const char *letters)
{
	const char *equals = p->type == TOK_WORD ? memchr(p->word, '=', p->word_len) : NULL;

	options_of = letters;
	return lex_unknown(p, *letters ? "an option of this operation or its end" :
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
	op_init(op, i);
	for (args = op_infos[i].args; operand_is_argument(*args); args++)
		if (!parse_argument(p, operand_of(*args), &op->args[n++]))
			return false;
	while (p->type == TOK_WORD && !p->failed) {
		for (option = args; *option; option++)
			if (parse_option(p, operand_of(*option), op, &seen))
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
	    !lex_prefixed(p, "@cpu", "the task's CPU (as @cpu0)", 0,
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
