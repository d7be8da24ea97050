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
	/* a colon of a slot comes behind a comma */
	if (len == p->word_len || len > up_to(p, ','))
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
	return lex_unknown(p, "a tracepoint, as 0:swap_alloc_taken,slot=8", len, event_at);
}

/* The arguments of the event that is being read, for what an error says. */
static const struct program_reach *reading;

static const char *arg_at(unsigned int i)
{
	const struct trace_arg *arg = trace_arg(reading->event, i);

	return arg ? arg->name : NULL;
}

static bool has_device(enum trace_kind kind)
{
	return kind == TRACE_DEVICE || kind == TRACE_CLUSTER || kind == TRACE_ENTRY ||
	       kind == TRACE_SLOT || kind == TRACE_HINT;
}

/* A number, maybe behind the letter of its kind, or a name. */
static bool parse_number(struct parser *p, const struct trace_arg *arg, struct trace_value *v,
			 const char *text, size_t len)
{
	char letter = arg->kind == TRACE_FOLIO ? 'f' : arg->kind == TRACE_TABLE ? 't' : 0;
	bool negative = len && *text == '-' && arg->kind >= TRACE_ERROR;
	bool skips = negative || (len && letter && *text == letter);
	unsigned long n;

	v->given = true;
	v->nr = trace_value_find(arg->kind, text, len);
	if (v->nr >= 0)
		return true;
	if (!lex_number(p, text + skips, len - skips, arg->name, 0, LONG_MAX, &n))
		return false;
	v->nr = negative ? -(long)n : (long)n;
	return true;
}

/* A, A/1, A:8, 8: a device, and what is its. */
static bool parse_value(struct parser *p, const struct trace_arg *arg, struct trace_value *v,
			const char *text, size_t len)
{
	bool letter = has_device(arg->kind) && len && *text >= 'A' && *text <= 'Z';

	if (letter) {
		v->device = *text - 'A';
		if (v->device >= (int)p->prog->nr_devices)
			return lex_fail(p, text - p->word + p->word_column, "there is no device %c", *text);
		if (len == 1)
			return true;
		if (arg->kind != TRACE_DEVICE && text[1] == (arg->kind == TRACE_CLUSTER ? '/' : ':'))
			return parse_number(p, arg, v, text + 2, len - 2);
	}
	if (letter || arg->kind == TRACE_DEVICE)
		return lex_fail(p, text - p->word + p->word_column, "expected a device%s, found '%.*s'",
				arg->kind == TRACE_DEVICE ? "" : arg->kind == TRACE_CLUSTER ?
				" and a cluster, as A/1" : " and a slot, as A:8", (int)len, text);
	return parse_number(p, arg, v, text, len);
}

/* ,NAME=VALUE: the token is at the comma. */
static bool parse_field(struct parser *p, struct program_reach *reach)
{
	const char *value = NULL;
	const struct trace_arg *arg;
	unsigned int i;
	size_t len;

	skip(p, 1);
	for (i = 0; (arg = trace_arg(reach->event, i)); i++)
		if (lex_key(p, arg->name, &value, &len))
			break;
	reading = reach;
	if (!arg)
		return lex_unknown(p, "an argument of this tracepoint, = and its value",
				   up_to(p, '='), arg_at);
	if (reach->values[i].given || reach->values[i].device >= 0)
		return lex_fail(p, p->word_column, "'%s' is given twice", arg->name);
	skip(p, value - p->word);
	len = up_to(p, ',');
	if (!parse_value(p, arg, &reach->values[i], p->word, len))
		return false;
	skip(p, len);
	return true;
}

static bool parse_reach(struct parser *p, struct program_reach *reach)
{
	unsigned int i;

	memset(reach, 0, sizeof(*reach));
	for (i = 0; i < TRACE_ARGS_MAX; i++)
		reach->values[i].device = -1;
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
		return lex_expected(p, "a tracepoint, as 0:swap_alloc_taken,slot=8");
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
