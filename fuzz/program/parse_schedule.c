// SPDX-License-Identifier: GPL-2.0-only
/* Programs from text: the schedule, and what is expected. */
#include <stdlib.h>
#include <string.h>

#include <check/check.h>
#include "mutant_name.h"
#include "parse.h"

int parse_task_name(const struct program *prog, const char *name, size_t len)
{
	char buffer[16];
	const char *known;
	unsigned int i, from = 0, to = SIM_TASK_USER;

	/* a user task's number, without a zero before it */
	if (len && *name >= '0' && *name <= '9') {
		from = SIM_TASK_USER;
		to = SIM_TASK_USER + prog->nr_tasks;
		if (len == 1)
			return from + *name - '0' < to ? (int)from + *name - '0' : -1;
	}
	for (i = from; i < to; i++) {
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
		return lex_expected(p, "TASK.opN");
	task = parse_task_name(p->prog, p->word, dot - p->word);
	if (task < 0)
		return lex_expected(p, "a task of this program, main, rcu, work0 or work1");
	left = p->word_len - (dot + 1 - p->word);
	if (left < 3 || memcmp(dot + 1, "op", 2))
		return lex_fail(p, p->word_column + (dot + 1 - p->word), "expected opN");
	if (task >= SIM_TASK_USER)
		most = p->prog->tasks[task - SIM_TASK_USER].nr_ops;
	if (!lex_number(p, dot + 3, left - 2, "the number of an operation", 0, most, &n))
		return false;
	c->task = task;
	c->op = n;
	lex_next(p);
	return true;
}

/* ANCHOR#N */
static bool parse_choice_anchor(struct parser *p, struct choice *c)
{
	const char *hash = p->type == TOK_WORD ? memchr(p->word, '#', p->word_len) : NULL;
	unsigned long n;
	int anchor;

	if (!hash)
		return lex_expected(p, "EVENT#N");
	anchor = anchor_parse(p->word, hash - p->word);
	if (anchor < 0)
		return lex_unknown(p, "an event, as lock(ci)#1", hash - p->word, anchor_name);
	if (!lex_number(p, hash + 1, p->word_len - (hash + 1 - p->word), "a number", 1, 1000000000,
			&n))
		return false;
	c->anchor = anchor;
	c->nth = n;
	lex_next(p);
	return true;
}

static bool parse_choice_value(struct parser *p, struct choice *c)
{
	unsigned long n = 0;
	int task;

	if (anchor_schedules(c->anchor)) {
		task = p->type == TOK_WORD ? parse_task_name(p->prog, p->word, p->word_len) : -1;
		if (task < 0)
			return lex_expected(p, "a task of this program, main, rcu, work0 or work1");
		c->value = task;
		lex_next(p);
		return true;
	}
	if (c->anchor >= ANCHOR_ALLOC && c->anchor < ANCHOR_STORE) {
		c->value = lex_is(p, "fail");
		if (!lex_take(p, "fail") && !lex_take(p, "ok"))
			return lex_expected(p, "fail or ok");
		return true;
	}
	if (c->anchor == ANCHOR_CPU) {
		if (!lex_prefixed(p, "cpu", "a CPU (as cpu0)", 0,
				  p->prog->geometry.nr_cpus - 1, &n))
			return false;
	} else if (!lex_prefixed(p, "", "a number", 0,
				 c->anchor == ANCHOR_STORE ? SIM_STORE_DELAYS - 1 : 65535, &n)) {
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
		return lex_fail(p, p->word_column, "expected at most %d choices",
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

/* The choice that begins at @line and @column: its event must not have one. */
static bool only_one(struct parser *p, const struct choice *c, unsigned int line,
		     unsigned int column)
{
	u32 other = choice_set_add(&p->events, c, line);
	char name[16];

	if (!other)
		return true;
	p->word_line = line;
	return lex_fail(p, column, "expected one choice for an event, found another one for "
			"%s.op%u %s#%u; the first is in line %u",
			program_task_name(c->task, name, sizeof(name)), c->op, anchor_name(c->anchor),
			c->nth, other);
}

bool parse_schedule(struct parser *p)
{
	struct program *prog = p->prog;
	unsigned int line, column;
	struct choice *c;

	lex_skip_newlines(p);
	for (;;) {
		if (!choice_room(p))
			return false;
		c = &prog->choices[prog->nr_choices];
		memset(c, 0, sizeof(*c));
		line = p->word_line;
		column = p->word_column;
		if (!parse_choice_task(p, c) || !parse_choice_anchor(p, c))
			return false;
		if (!lex_take(p, "->"))
			return lex_expected(p, "'->'");
		if (!parse_choice_value(p, c))
			return false;
		if (!only_one(p, c, line, column))
			return false;
		prog->nr_choices++;
		if (p->type != TOK_SEMICOLON)
			return lex_end_of_line(p);
		lex_next(p);
		lex_skip_newlines(p);
	}
}

static bool parse_mutant(struct parser *p, char *mutant)
{
	if (p->type == TOK_WORD && !mutant_known(p->word, p->word_len))
		return lex_unknown(p, "the id of a mutant", p->word_len, mutant_at);
	if (p->type != TOK_WORD || p->word_len >= PROGRAM_MUTANT_MAX)
		return lex_expected(p, "the id of a mutant");
	memcpy(mutant, p->word, p->word_len);
	mutant[p->word_len] = 0;
	lex_next(p);
	return true;
}

static bool parse_check(struct parser *p, char *name, const char *what)
{
	size_t i;
	char c;

	if (p->type != TOK_WORD || p->word_len >= PROGRAM_NAME_MAX)
		return lex_expected(p, what);
	for (i = 0; i < p->word_len; i++) {
		c = p->word[i];
		if (c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z'))
			return lex_expected(p, what);
	}
	memcpy(name, p->word, p->word_len);
	name[p->word_len] = 0;
	lex_next(p);
	return true;
}

/* EXIT-N is what ended with status N and without a word. */
static bool check_known(struct parser *p)
{
	unsigned int i;

	for (i = 0; check_id(i); i++)
		if (lex_is(p, check_id(i)))
			return true;
	return p->word_len > 5 && !memcmp(p->word, "EXIT-", 5);
}

bool parse_expect(struct parser *p)
{
	struct program *prog = p->prog;

	prog->has_expect = true;
	if (!lex_take(p, "pass")) {
		if (p->type == TOK_WORD && !check_known(p))
			return lex_unknown(p, "pass or the id of a check", p->word_len, check_id);
		if (!parse_check(p, prog->expect, "pass or the id of a check"))
			return false;
	}
	if (lex_take(p, "with")) {
		if (!lex_take(p, "mutant"))
			return lex_expected(p, "'mutant'");
		if (!parse_mutant(p, prog->mutant))
			return false;
	}
	return lex_end_of_line(p);
}
