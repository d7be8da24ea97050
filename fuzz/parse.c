// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs from text. Strict: any bytes are a valid program or are rejected with line, column
 * and what was expected.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

enum token_type { TOK_WORD, TOK_OPEN, TOK_CLOSE, TOK_SEMICOLON, TOK_NEWLINE, TOK_BAD, TOK_END };

struct parser {
	const char *text;
	size_t len, pos;
	unsigned int line, column;	/* of pos */
	/* the token */
	enum token_type type;
	const char *word;
	size_t word_len;
	unsigned int word_line, word_column;

	struct program *prog;
	struct program_error *err;
	bool failed;
	size_t max_choices;
};

#define SHOWN 24			/* characters of what was found */

static bool fail_at(struct parser *p, unsigned int column, const char *fmt, ...)
	__printf(3, 4);

/* The first error stays. Return: false. */
static bool fail_at(struct parser *p, unsigned int column, const char *fmt, ...)
{
	va_list args;

	if (p->failed)
		return false;
	p->failed = true;
	p->err->line = p->word_line;
	p->err->column = column;
	va_start(args, fmt);
	vsnprintf(p->err->text, sizeof(p->err->text), fmt, args);
	va_end(args);
	return false;
}

/* Return: false. */
static bool expected(struct parser *p, const char *what)
{
	switch (p->type) {
	case TOK_END:
		return fail_at(p, p->word_column, "expected %s, found the end of the file", what);
	case TOK_NEWLINE:
		return fail_at(p, p->word_column, "expected %s, found the end of the line", what);
	case TOK_BAD:
		return fail_at(p, p->word_column, "expected %s, found byte 0x%02x", what,
			       (unsigned char)*p->word);
	default:
		return fail_at(p, p->word_column, "expected %s, found '%.*s'", what,
			       (int)(p->word_len < SHOWN ? p->word_len : SHOWN), p->word);
	}
}

/* --- tokens ------------------------------------------------------------------------------- */

static bool is_word_char(char c)
{
	return c > ' ' && c < 0x7f && c != '{' && c != '}' && c != ';';
}

static void step(struct parser *p)
{
	if (p->text[p->pos++] == '\n') {
		p->line++;
		p->column = 1;
	} else {
		p->column++;
	}
}

static void next_token(struct parser *p)
{
	char c;

	while (p->pos < p->len && (p->text[p->pos] == ' ' || p->text[p->pos] == '\t' ||
				   p->text[p->pos] == '\r'))
		step(p);
	/* a comment begins where a word would */
	if (p->pos < p->len && p->text[p->pos] == '#')
		while (p->pos < p->len && p->text[p->pos] != '\n')
			step(p);
	p->word = p->text + p->pos;
	p->word_len = 0;
	p->word_line = p->line;
	p->word_column = p->column;
	if (p->pos == p->len) {
		p->type = TOK_END;
		return;
	}
	c = p->text[p->pos];
	if (is_word_char(c)) {
		p->type = TOK_WORD;
		while (p->pos < p->len && is_word_char(p->text[p->pos]))
			step(p);
		p->word_len = p->text + p->pos - p->word;
		return;
	}
	p->type = c == '{' ? TOK_OPEN : c == '}' ? TOK_CLOSE : c == ';' ? TOK_SEMICOLON :
		  c == '\n' ? TOK_NEWLINE : TOK_BAD;
	p->word_len = 1;
	step(p);
}

static bool is_word(struct parser *p, const char *word)
{
	return p->type == TOK_WORD && strlen(word) == p->word_len &&
	       !memcmp(p->word, word, p->word_len);
}

static bool take_word(struct parser *p, const char *word)
{
	if (!is_word(p, word))
		return false;
	next_token(p);
	return true;
}

static void skip_newlines(struct parser *p)
{
	while (p->type == TOK_NEWLINE)
		next_token(p);
}

static bool end_of_line(struct parser *p)
{
	if (p->type != TOK_NEWLINE && p->type != TOK_END)
		return expected(p, "the end of the line");
	skip_newlines(p);
	return true;
}

/* --- parts of words ----------------------------------------------------------------------- */

/* A rest of the token, from @at on. */
static bool number_in(struct parser *p, const char *at, size_t len, const char *what,
		      unsigned long min, unsigned long max, unsigned long *value)
{
	unsigned long n = 0;
	size_t i;

	for (i = 0; i < len && at[i] >= '0' && at[i] <= '9' && n <= max; i++)
		n = n * 10 + (at[i] - '0');
	if (!len || i < len || n < min || n > max || (len > 1 && at[0] == '0'))
		return fail_at(p, p->word_column + (at - p->word),
			       "expected %s, %lu to %lu, found '%.*s'", what, min, max,
			       (int)(len < SHOWN ? len : SHOWN), at);
	*value = n;
	return true;
}

/* The token is a prefix and a number. */
static bool prefixed(struct parser *p, const char *prefix, const char *what, unsigned long min,
		     unsigned long max, unsigned long *value)
{
	size_t len = strlen(prefix);

	if (p->type != TOK_WORD || p->word_len <= len || memcmp(p->word, prefix, len))
		return expected(p, what);
	if (!number_in(p, p->word + len, p->word_len - len, what, min, max, value))
		return false;
	next_token(p);
	return true;
}

/* Is the token key=...? Then *@value, *@len is what follows. */
static bool is_key(struct parser *p, const char *key, const char **value, size_t *len)
{
	size_t n = strlen(key);

	if (p->type != TOK_WORD || p->word_len <= n || memcmp(p->word, key, n) ||
	    p->word[n] != '=')
		return false;
	*value = p->word + n + 1;
	*len = p->word_len - n - 1;
	return true;
}

/* key=number, each at most once. Return: was it this key? */
static bool key_number(struct parser *p, const char *key, unsigned int *seen, unsigned int bit,
		       unsigned long min, unsigned long max, unsigned long *number)
{
	const char *value;
	size_t len;

	if (!is_key(p, key, &value, &len))
		return false;
	if (*seen & BIT(bit))
		fail_at(p, p->word_column, "'%s' is given twice", key);
	*seen |= BIT(bit);
	if (number_in(p, value, len, key, min, max, number))
		next_token(p);
	return true;
}

static bool flag_word(struct parser *p, const char *word, unsigned int *seen, unsigned int bit)
{
	if (!is_word(p, word))
		return false;
	if (*seen & BIT(bit))
		fail_at(p, p->word_column, "'%s' is given twice", word);
	*seen |= BIT(bit);
	next_token(p);
	return true;
}

/* --- statements --------------------------------------------------------------------------- */

static bool parse_table(struct parser *p, unsigned int *seen)
{
	const char *value;
	size_t len;

	if (!is_key(p, "table", &value, &len))
		return false;
	if (*seen & BIT(30))
		fail_at(p, p->word_column, "'table' is given twice");
	*seen |= BIT(30);
	if (len == 4 && !memcmp(value, "slab", 4))
		p->prog->geometry.table = TABLE_SLAB;
	else if (len == 4 && !memcmp(value, "page", 4))
		p->prog->geometry.table = TABLE_PAGE;
	else
		fail_at(p, p->word_column + 6, "expected page or slab, found '%.*s'",
			(int)(len < SHOWN ? len : SHOWN), value);
	next_token(p);
	return true;
}

static bool parse_machine(struct parser *p)
{
	struct program *prog = p->prog;
	struct geometry *g = &prog->geometry;
	unsigned int seen = 0, column;
	unsigned long n;

	while (!p->failed && p->type == TOK_WORD) {
		column = p->word_column;
		if (key_number(p, "cpus", &seen, 0, 1, 16, &n)) {
			g->nr_cpus = n;
		} else if (key_number(p, "slots", &seen, 1, 8, 512, &n)) {
			if (n & (n - 1))
				return fail_at(p, column + 6, "expected slots, a power of two, "
					       "found '%lu'", n);
			g->cluster_slots = n;
			g->pmd_order = __builtin_ctzl(n);
		} else if (key_number(p, "count_bits", &seen, 2, 2, 4, &n)) {
			g->count_bits = n;
		} else if (key_number(p, "ptl", &seen, 3, 0, 9, &n)) {
			g->ptl_shift = n;
		} else if (key_number(p, "pages", &seen, 4, 1, PROGRAM_PAGES_MAX, &n)) {
			prog->pages = n;
		} else if (key_number(p, "spaces", &seen, 5, 0, PROGRAM_SPACES_MAX, &n)) {
			prog->spaces = n;
		} else if (key_number(p, "folios", &seen, 6, 1, PROGRAM_FOLIOS_MAX, &n)) {
			prog->folios = n;
		} else if (!parse_table(p, &seen)) {
			return expected(p, "cpus=, slots=, table=, count_bits=, ptl=, pages=, "
					"spaces= or folios=");
		}
	}
	return !p->failed && end_of_line(p);
}

static bool parse_bad(struct parser *p, struct program_device *dev, unsigned int *seen)
{
	const char *value, *comma;
	unsigned long n;
	size_t len, part;

	if (!is_key(p, "bad", &value, &len))
		return false;
	if (*seen & BIT(31))
		fail_at(p, p->word_column, "'bad' is given twice");
	*seen |= BIT(31);
	for (;;) {
		comma = memchr(value, ',', len);
		part = comma ? (size_t)(comma - value) : len;
		if (!number_in(p, value, part, "a bad slot", 1, dev->pages - 1, &n))
			return true;
		if (dev->nr_bad == PROGRAM_BAD_MAX ||
		    (dev->nr_bad && n <= dev->bad[dev->nr_bad - 1])) {
			fail_at(p, p->word_column + (value - p->word),
				"expected at most %d bad slots, ascending", PROGRAM_BAD_MAX);
			return true;
		}
		dev->bad[dev->nr_bad++] = n;
		if (!comma)
			break;
		value += part + 1;
		len -= part + 1;
	}
	next_token(p);
	return true;
}

static bool parse_device(struct parser *p)
{
	struct program *prog = p->prog;
	struct program_device *dev = &prog->devices[prog->nr_devices];
	unsigned int seen = 0;
	unsigned long n;
	char name[2] = { 'A' + prog->nr_devices };

	if (prog->nr_devices == PROGRAM_DEVICES_MAX)
		return fail_at(p, p->word_column, "expected at most %d devices",
			       PROGRAM_DEVICES_MAX);
	*dev = (struct program_device){ .prio = -1 };
	if (!take_word(p, name))
		return expected(p, prog->nr_devices ? "the next device's letter" : "device A");
	if (!key_number(p, "pages", &seen, 0, 2, PROGRAM_DEVICE_PAGES_MAX, &n))
		return expected(p, "pages=");
	if (p->failed)
		return false;
	dev->pages = n;
	while (!p->failed && p->type == TOK_WORD) {
		if (key_number(p, "prio", &seen, 1, 0, 32767, &n))
			dev->prio = n;
		else if (flag_word(p, "ssd", &seen, 8))
			dev->rotating = false;
		else if (flag_word(p, "rotating", &seen, 8))
			dev->rotating = true;
		else if (flag_word(p, "discard", &seen, 2))
			dev->discard = true;
		else if (flag_word(p, "discard_once", &seen, 3))
			dev->discard_once = true;
		else if (flag_word(p, "sync", &seen, 4))
			dev->synchronous = true;
		else if (flag_word(p, "stable", &seen, 5))
			dev->stable = true;
		else if (flag_word(p, "file", &seen, 6))
			dev->file = true;
		else if (flag_word(p, "off", &seen, 7))
			dev->off = true;
		else if (!parse_bad(p, dev, &seen))
			return expected(p, "prio=, bad=, ssd, rotating, discard, discard_once, "
					"sync, stable, file or off");
	}
	prog->nr_devices++;
	return !p->failed && end_of_line(p);
}

static bool parse_site(struct parser *p, u8 *site)
{
	unsigned int i;

	for (i = 0; i < NR_ALLOC_SITES; i++) {
		if (!take_word(p, alloc_site_name(i)))
			continue;
		*site = i;
		return true;
	}
	return expected(p, "an allocation site, as table.atomic or io");
}

static bool parse_fail_range(struct parser *p, struct program_fail *fail)
{
	const char *dots = NULL, *what = "an attempt, from 1,";
	unsigned long n;
	size_t i, left;

	if (p->type != TOK_WORD)
		return expected(p, "N, N..M, N.. or every N");
	for (i = 0; i + 1 < p->word_len && !dots; i++)
		if (p->word[i] == '.' && p->word[i + 1] == '.')
			dots = p->word + i;
	if (!number_in(p, p->word, dots ? (size_t)(dots - p->word) : p->word_len, what, 1,
		       1000000000, &n))
		return false;
	fail->from = fail->to = n;
	if (dots) {
		fail->to = PROGRAM_FOREVER;
		left = p->word_len - (dots + 2 - p->word);
		if (left) {
			if (!number_in(p, dots + 2, left, what, fail->from, 1000000000, &n))
				return false;
			fail->to = n;
		}
	}
	next_token(p);
	return true;
}

static bool parse_fail(struct parser *p)
{
	struct program *prog = p->prog;
	struct program_fail *fail;
	unsigned long n;

	do {
		if (prog->nr_fails == PROGRAM_FAILS_MAX)
			return fail_at(p, p->word_column, "expected at most %d planned failures",
				       PROGRAM_FAILS_MAX);
		fail = &prog->fails[prog->nr_fails];
		memset(fail, 0, sizeof(*fail));
		if (!parse_site(p, &fail->site))
			return false;
		if (take_word(p, "every")) {
			if (!prefixed(p, "", "a number", 1, 1000000000, &n))
				return false;
			fail->every = n;
		} else if (!parse_fail_range(p, fail)) {
			return false;
		}
		prog->nr_fails++;
	} while (p->type == TOK_SEMICOLON && (next_token(p), true));
	return end_of_line(p);
}

/* --- operations --------------------------------------------------------------------------- */

static bool parse_device_letter(struct parser *p, u16 *arg)
{
	if (p->type != TOK_WORD || p->word_len != 1 || *p->word < 'A' ||
	    *p->word >= (char)('A' + p->prog->nr_devices))
		return expected(p, "a device that is declared above");
	*arg = *p->word - 'A';
	next_token(p);
	return true;
}

static bool parse_positional(struct parser *p, char kind, u16 *arg)
{
	const struct program *prog = p->prog;
	unsigned long n = 0;
	bool ok;

	switch (kind) {
	case 'M':
		ok = prefixed(p, "m", "an address space, m0..m7,", 0, PROGRAM_SPACES_MAX - 1, &n);
		break;
	case 'V':
		ok = prefixed(p, "", "a page", 0, prog->pages - 1, &n);
		break;
	case 'F':
		ok = prefixed(p, "f", "a folio, f0..f63,", 0, PROGRAM_FOLIOS_MAX - 1, &n);
		break;
	case 'S':
		ok = prefixed(p, "", "a slot", 0, PROGRAM_DEVICE_PAGES_MAX - 1, &n);
		break;
	case 'C':
		ok = prefixed(p, "c", "a CPU, c0..,", 0, prog->geometry.nr_cpus - 1, &n);
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
		if (!key_number(p, "nr", seen, 0, 1, 64, &n))
			return false;
		op->nr = n;
		return true;
	case 'o':
		if (!key_number(p, "order", seen, 1, 0, 9, &n))
			return false;
		op->order = n;
		return true;
	case 'w':
		if (!key_number(p, "window", seen, 2, 1, 64, &n))
			return false;
		op->window = n;
		return true;
	case 's':
		if (!key_number(p, "signal", seen, 3, 0, 1000, &n))
			return false;
		op->signal = n;
		return true;
	case 'a':
		if (!flag_word(p, "dup_abort", seen, 4))
			return false;
		op->flags |= OP_DUP_ABORT;
		return true;
	case 'k':
		if (!flag_word(p, "keep_cache", seen, 5))
			return false;
		op->flags |= OP_KEEP_CACHE;
		return true;
	default:
		if (!flag_word(p, "skip_write", seen, 6))
			return false;
		op->flags |= OP_SKIP_WRITE;
		return true;
	}
}

static bool parse_op(struct parser *p, struct op *op)
{
	const char *args, *option;
	unsigned int i, n = 0, seen = 0;

	for (i = 0; i < NR_OPS; i++)
		if (is_word(p, op_infos[i].name))
			break;
	if (i == NR_OPS)
		return expected(p, "an operation or '}'");
	next_token(p);
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
			return expected(p, *args ? "an option of this operation or its end"
						 : "the end of the operation");
	}
	return !p->failed;
}

static bool parse_task(struct parser *p)
{
	struct program *prog = p->prog;
	struct program_task *task = &prog->tasks[prog->nr_tasks];
	unsigned long n;

	if (prog->nr_tasks == PROGRAM_TASKS_MAX)
		return fail_at(p, p->word_column, "expected at most %d tasks", PROGRAM_TASKS_MAX);
	if (!prefixed(p, "", "the next task's number", prog->nr_tasks, prog->nr_tasks, &n) ||
	    !prefixed(p, "@cpu", "the task's CPU, as @cpu0,", 0, prog->geometry.nr_cpus - 1, &n))
		return false;
	task->cpu = n;
	task->nr_ops = 0;
	if (p->type != TOK_OPEN)
		return expected(p, "'{'");
	next_token(p);
	for (;;) {
		while (p->type == TOK_NEWLINE || p->type == TOK_SEMICOLON)
			next_token(p);
		if (p->type == TOK_CLOSE)
			break;
		if (task->nr_ops == PROGRAM_OPS_MAX)
			return fail_at(p, p->word_column, "expected at most %d operations",
				       PROGRAM_OPS_MAX);
		if (!parse_op(p, &task->ops[task->nr_ops]))
			return false;
		task->nr_ops++;
		if (p->type != TOK_NEWLINE && p->type != TOK_SEMICOLON && p->type != TOK_CLOSE)
			return expected(p, "the end of the operation");
	}
	next_token(p);
	prog->nr_tasks++;
	return end_of_line(p);
}

/* --- the schedule ------------------------------------------------------------------------- */

/* A task's name of @len bytes. Return: the machine's number, or -1. */
static int task_number(const struct program *prog, const char *name, size_t len)
{
	char buffer[16];
	const char *known;
	unsigned int i;

	for (i = 0; i < SIM_TASK_USER + prog->nr_tasks; i++) {
		known = program_task_name(i, buffer, sizeof(buffer));
		if (strlen(known) == len && !memcmp(known, name, len))
			return i;
	}
	return -1;
}

/* TASK.opN */
static bool parse_choice_task(struct parser *p, struct choice *c)
{
	const char *dot = p->type == TOK_WORD ? memchr(p->word, '.', p->word_len) : NULL;
	unsigned long n, most = 65535;
	size_t left;
	int task;

	if (!dot)
		return expected(p, "TASK.opN");
	task = task_number(p->prog, p->word, dot - p->word);
	if (task < 0)
		return expected(p, "a task of this program, main, rcu, work0 or work1");
	left = p->word_len - (dot + 1 - p->word);
	if (left < 3 || memcmp(dot + 1, "op", 2))
		return fail_at(p, p->word_column + (dot + 1 - p->word), "expected opN");
	if (task >= SIM_TASK_USER)
		most = p->prog->tasks[task - SIM_TASK_USER].nr_ops;
	if (!number_in(p, dot + 3, left - 2, "the number of an operation", 0, most, &n))
		return false;
	c->task = task;
	c->op = n;
	next_token(p);
	return true;
}

/* ANCHOR#N */
static bool parse_choice_anchor(struct parser *p, struct choice *c)
{
	const char *hash = p->type == TOK_WORD ? memchr(p->word, '#', p->word_len) : NULL;
	unsigned long n;
	int anchor;

	if (!hash)
		return expected(p, "EVENT#N");
	anchor = anchor_parse(p->word, hash - p->word);
	if (anchor < 0)
		return expected(p, "an event, as lock(ci)#1");
	if (!number_in(p, hash + 1, p->word_len - (hash + 1 - p->word), "a number", 1, 1000000000,
		       &n))
		return false;
	c->anchor = anchor;
	c->nth = n;
	next_token(p);
	return true;
}

static bool parse_choice_value(struct parser *p, struct choice *c)
{
	unsigned long n = 0;
	int task;

	if (anchor_schedules(c->anchor)) {
		task = p->type == TOK_WORD ? task_number(p->prog, p->word, p->word_len) : -1;
		if (task < 0)
			return expected(p, "a task of this program, main, rcu, work0 or work1");
		c->value = task;
		next_token(p);
		return true;
	}
	if (c->anchor >= ANCHOR_ALLOC) {
		c->value = is_word(p, "fail");
		if (!take_word(p, "fail") && !take_word(p, "ok"))
			return expected(p, "fail or ok");
		return true;
	}
	if (c->anchor == ANCHOR_CPU) {
		if (!prefixed(p, "cpu", "a CPU, as cpu0,", 0, p->prog->geometry.nr_cpus - 1, &n))
			return false;
	} else if (!prefixed(p, "", "a number", 0, 65535, &n)) {
		return false;
	}
	c->value = n;
	return true;
}

static bool choice_room(struct parser *p)
{
	struct program *prog = p->prog;
	struct choice *choices;

	if (prog->nr_choices == PROGRAM_CHOICES_MAX)
		return fail_at(p, p->word_column, "expected at most %d choices",
			       PROGRAM_CHOICES_MAX);
	if (prog->nr_choices < p->max_choices)
		return true;
	p->max_choices = p->max_choices ? 2 * p->max_choices : 64;
	choices = realloc(prog->choices, p->max_choices * sizeof(*choices));
	if (!choices)
		abort();
	prog->choices = choices;
	return true;
}

static bool parse_schedule(struct parser *p)
{
	struct program *prog = p->prog;
	struct choice *c;

	skip_newlines(p);
	for (;;) {
		if (!choice_room(p))
			return false;
		c = &prog->choices[prog->nr_choices];
		memset(c, 0, sizeof(*c));
		if (!parse_choice_task(p, c) || !parse_choice_anchor(p, c))
			return false;
		if (!take_word(p, "->"))
			return expected(p, "'->'");
		if (!parse_choice_value(p, c))
			return false;
		prog->nr_choices++;
		if (p->type != TOK_SEMICOLON)
			return end_of_line(p);
		next_token(p);
		skip_newlines(p);
	}
}

static bool parse_name(struct parser *p, char *name, const char *first, const char *last,
		       const char *what)
{
	size_t i;
	char c;

	if (p->type != TOK_WORD || p->word_len >= PROGRAM_NAME_MAX)
		return expected(p, what);
	for (i = 0; i < p->word_len; i++) {
		c = p->word[i];
		if (c != '-' && (c < '0' || c > '9') && (c < *first || c > *last))
			return expected(p, what);
	}
	memcpy(name, p->word, p->word_len);
	name[p->word_len] = 0;
	next_token(p);
	return true;
}

static bool parse_expect(struct parser *p)
{
	struct program *prog = p->prog;

	prog->has_expect = true;
	if (!take_word(p, "pass") &&
	    !parse_name(p, prog->expect, "A", "Z", "pass or the id of a check"))
		return false;
	if (take_word(p, "with")) {
		if (!take_word(p, "mutant"))
			return expected(p, "'mutant'");
		if (!parse_name(p, prog->mutant, "a", "z", "the id of a mutant"))
			return false;
	}
	return end_of_line(p);
}

/* --- the whole ---------------------------------------------------------------------------- */

/* In this order, each at most once but for device, fail and task. */
static const struct statement {
	const char *word;
	bool (*parse)(struct parser *p);
	bool many;
} statements[] = {
	{ "machine", parse_machine, false },
	{ "device", parse_device, true },
	{ "fail", parse_fail, true },
	{ "task", parse_task, true },
	{ "schedule", parse_schedule, false },
	{ "expect", parse_expect, false },
};

#define NR_STATEMENTS (sizeof(statements) / sizeof(statements[0]))
#define STATEMENT_DEVICE 1

static bool parse_statements(struct parser *p)
{
	struct program_device dflt = p->prog->devices[0];
	unsigned int at = 0, i;
	bool declared = false;

	p->prog->nr_devices = 0;
	while (p->type != TOK_END) {
		for (i = at; i < NR_STATEMENTS; i++)
			if (is_word(p, statements[i].word))
				break;
		/* without a word about devices there is one */
		if (i > STATEMENT_DEVICE && !declared) {
			declared = true;
			if (!p->prog->nr_devices) {
				p->prog->devices[0] = dflt;
				p->prog->nr_devices = 1;
			}
		}
		if (i == NR_STATEMENTS)
			return expected(p, "machine, device, fail, task, schedule or expect, each "
					"after those before it");
		next_token(p);
		if (!statements[i].parse(p))
			return false;
		at = statements[i].many ? i : i + 1;
	}
	if (!p->prog->nr_devices) {
		p->prog->devices[0] = dflt;
		p->prog->nr_devices = 1;
	}
	return true;
}

int program_parse(struct program *prog, const char *text, size_t len, struct program_error *err)
{
	struct parser p = { .text = text, .len = len, .line = 1, .column = 1, .prog = prog,
			    .err = err };

	program_init(prog);
	memset(err, 0, sizeof(*err));
	next_token(&p);
	skip_newlines(&p);
	if (!take_word(&p, "program"))
		expected(&p, "'program 1'");
	else if (!take_word(&p, "1"))
		expected(&p, "version 1");
	else if (end_of_line(&p) && parse_statements(&p))
		return 0;
	program_destroy(prog);
	return -1;
}

int program_read(struct program *prog, const char *path, struct program_error *err)
{
	FILE *file = fopen(path, "r");
	size_t len = 0, size = 0, n;
	char *text = NULL;
	int ret;

	memset(err, 0, sizeof(*err));
	if (!file) {
		snprintf(err->text, sizeof(err->text), "%s", strerror(errno));
		return -1;
	}
	do {
		if (len == size) {
			size = size ? 2 * size : 4096;
			text = realloc(text, size);
			if (!text)
				abort();
		}
		n = fread(text + len, 1, size - len, file);
		len += n;
	} while (n);
	if (ferror(file)) {
		snprintf(err->text, sizeof(err->text), "%s", strerror(errno));
		ret = -1;
	} else {
		ret = program_parse(prog, text, len, err);
	}
	fclose(file);
	free(text);
	return ret;
}
