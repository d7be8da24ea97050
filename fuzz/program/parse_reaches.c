// SPDX-License-Identifier: GPL-2.0-only
/* Programs from text: the tracepoints that a schedule is to pass. */
#include <limits.h>
#include <string.h>

#include <kernel/tracepoint.h>
#include "parse.h"

static const char *event_at(unsigned int i)
{
	return i < NR_TRACE_EVENTS ? trace_name(i) : NULL;
}

/* The token begins @n bytes later. */
static void skip(struct parser *p, size_t n)
{
	p->word += n;
	p->word_len -= n;
	p->word_column += n;
}

/* The length of the token up to a byte, or all of it. */
static size_t up_to(const struct parser *p, char c)
{
	const char *at = memchr(p->word, c, p->word_len);

	return at ? (size_t)(at - p->word) : p->word_len;
}

/* TASK: */
static bool parse_task_prefix(struct parser *p, struct program_reach *reach)
{
	size_t len = up_to(p, ':');
	int task;

	reach->task = PROGRAM_ANY_TASK;
	if (len == p->word_len)
		return true;
	task = parse_task_name(p->prog, p->word, len);
	if (task < 0)
		return lex_expected(p, "a task of this program, main, rcu, work0 or work1");
	reach->task = task;
	skip(p, len + 1);
	return true;
}

static bool parse_event(struct parser *p, struct program_reach *reach)
{
	size_t len = up_to(p, ',');
	unsigned int i;

	for (i = 0; i < NR_TRACE_EVENTS; i++) {
		if (strlen(trace_name(i)) != len || memcmp(trace_name(i), p->word, len))
			continue;
		reach->event = i;
		skip(p, len);
		return true;
	}
	return lex_unknown(p, "a tracepoint, as 0:swap_alloc_taken,a=8", len, event_at);
}

/* ,FIELD=N: the token is at the comma. N is a number, or tN, a table's. */
static bool parse_field(struct parser *p, struct program_reach *reach)
{
	const char *value = NULL;
	unsigned int field;
	bool negative, table;
	unsigned long n;
	size_t len;

	skip(p, 1);
	for (field = 0; field < NR_TRACE_FIELDS; field++)
		if (lex_key(p, trace_field_name(field), &value, &len))
			break;
	if (field == NR_TRACE_FIELDS)
		return lex_unknown(p, "dev=, ci=, a= or b= and a number", up_to(p, '='),
				   trace_field_name);
	if (reach->given & BIT(field))
		return lex_fail(p, p->word_column, "'%s' is given twice", trace_field_name(field));
	skip(p, value - p->word);
	len = up_to(p, ',');
	table = len && *value == 't';
	negative = len && *value == '-';
	if (!lex_number(p, value + (table || negative), len - (table || negative),
			trace_field_name(field), 0, LONG_MAX, &n))
		return false;
	reach->given |= BIT(field);
	reach->table |= table ? BIT(field) : 0;
	reach->value[field] = negative ? -(long)n : (long)n;
	skip(p, len);
	return true;
}

static bool parse_reach(struct parser *p, struct program_reach *reach)
{
	memset(reach, 0, sizeof(*reach));
	reach->line = p->word_line;
	if (!parse_task_prefix(p, reach) || !parse_event(p, reach))
		return false;
	while (p->word_len)
		if (!parse_field(p, reach))
			return false;
	lex_next(p);
	return true;
}

bool parse_reaches(struct parser *p)
{
	struct program *prog = p->prog;

	if (p->type != TOK_WORD)
		return lex_expected(p, "a tracepoint, as 0:swap_alloc_taken,a=8");
	while (p->type == TOK_WORD) {
		if (prog->nr_reaches == PROGRAM_REACHES_MAX)
			return lex_fail(p, p->word_column, "expected at most %d tracepoints",
					PROGRAM_REACHES_MAX);
		if (!parse_reach(p, &prog->reaches[prog->nr_reaches]))
			return false;
		prog->nr_reaches++;
	}
	return lex_end_of_line(p);
}
