// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of the schedule. New choices are aimed at events that the last run has met, at their
 * place among the choices that it took; choices that it never reached are dropped.
 */
#include <stdlib.h>
#include <string.h>

#include "mutate.h"

#define NEW_MAX 32			/* choices at once */
#define NEAR 24				/* events: how close is close */

void schedule_clear(struct program *prog)
{
	free(prog->choices);
	prog->choices = NULL;
	prog->nr_choices = 0;
}

static void *choices_alloc(unsigned int nr)
{
	struct choice *choices = malloc(nr * sizeof(*choices));

	if (!choices)
		abort();
	return choices;
}

/* --- new choices -------------------------------------------------------------------------- */

enum class { CLASS_WHO, CLASS_ALLOC, CLASS_CPU, CLASS_OTHER, CLASS_STORE };

static enum class class_of(const struct event *e)
{
	if (e->others)
		return CLASS_WHO;
	if (e->anchor >= ANCHOR_ALLOC && e->anchor < ANCHOR_ALLOC + NR_ALLOC_SITES)
		return CLASS_ALLOC;
	return e->anchor == ANCHOR_CPU ? CLASS_CPU : e->anchor == ANCHOR_STORE ? CLASS_STORE : CLASS_OTHER;
}

static enum class draw_class(struct rng *rng)
{
	unsigned int roll = rng_below(rng, sim_is_weak() ? 20 : 16);

	return roll < 9 ? CLASS_WHO : roll < 12 ? CLASS_ALLOC : roll < 15 ? CLASS_CPU :
	       roll < 16 ? CLASS_OTHER : CLASS_STORE;
}

static u32 other_value(const struct event *e, struct rng *rng)
{
	unsigned int n;

	if (!e->others) {
		n = rng_below(rng, e->n - 1);
		return n + (n >= e->dflt);
	}
	return task_nth(e->others, rng_below(rng, task_count(e->others)));
}

/* An event of that class, if a few tries find one; within NEAR behind @center if that is >= 0. */
static unsigned int draw_event(const struct events *events, struct rng *rng, enum class class,
			       int center)
{
	unsigned int tries = 12, at;

	do {
		at = rng_below(rng, events->nr);
		if (center >= 0)
			at = center + rng_below(rng, NEAR);
		if (at >= events->nr)
			at = events->nr - 1;
	} while (class_of(&events->event[at]) != class && --tries);
	return at;
}

/* The first event behind one of the choices that were taken. */
static unsigned int behind_choice(const struct events *events, struct rng *rng)
{
	unsigned int choice = rng_below(rng, events->nr_taken), low = 0, high = events->nr - 1, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (events->event[mid].at > choice)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

static int by_seq(const void *a, const void *b)
{
	const struct event *x = *(const struct event *const *)a;
	const struct event *y = *(const struct event *const *)b;

	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* 1 most often; many make it something like a random walk */
static unsigned int draw_nr(struct rng *rng)
{
	unsigned int nr = 1;

	while (nr < NEW_MAX && rng_below(rng, 2))
		nr += 1 + rng_below(rng, nr);
	return nr < NEW_MAX ? nr : NEW_MAX;
}

/*
 * Where: anywhere, close together, or shortly behind a choice that is there, since what a choice
 * has led to is often what matters next.
 */
static unsigned int draw_events(const struct event **chosen, const struct events *events,
				struct rng *rng)
{
	unsigned int nr = draw_nr(rng), i;
	int center = -1;

	switch (rng_below(rng, 3)) {
	case 0:
		center = rng_below(rng, events->nr);
		break;
	case 1:
		if (events->nr_taken)
			center = behind_choice(events, rng);
		break;
	}
	for (i = 0; i < nr; i++)
		chosen[i] = &events->event[draw_event(events, rng, draw_class(rng), center)];
	return nr;
}

/* Many events of one kind: a stretch of failures, migrations, preemptions at one lock. */
static unsigned int draw_storm(const struct event **chosen, const struct events *events,
			       struct rng *rng)
{
	unsigned int first = draw_event(events, rng, draw_class(rng), -1), nr = 0, i;
	unsigned int anchor = events->event[first].anchor, one_in = 1 + rng_below(rng, 4);

	for (i = first; i < events->nr && nr < NEW_MAX; i++)
		if (events->event[i].anchor == anchor && !rng_below(rng, one_in))
			chosen[nr++] = &events->event[i];
	return nr;
}

static void add_choices(struct program *prog, struct rng *rng, const struct events *events)
{
	const struct event *chosen[NEW_MAX], *e;
	unsigned int nr, i, j, n = 0;
	struct choice *choices;
	bool keep = rng_below(rng, 4);

	nr = rng_below(rng, 6) ? draw_events(chosen, events, rng)
			       : draw_storm(chosen, events, rng);
	qsort(chosen, nr, sizeof(*chosen), by_seq);
	choices = choices_alloc(events->nr_taken + nr);
	for (i = j = 0; i < nr; i++) {
		e = chosen[i];
		if (i && e == chosen[i - 1])
			continue;
		while (j < e->at)
			choices[n++] = events->taken[j++];
		choices[n++] = (struct choice){
			.task = e->task, .anchor = e->anchor, .op = e->op, .nth = e->nth,
			.value = other_value(e, rng),
		};
	}
	/* what was chosen later may not be reached any more: keep it, or go the default's way */
	while (j < events->nr_taken && keep)
		choices[n++] = events->taken[j++];
	schedule_clear(prog);
	prog->choices = choices;
	prog->nr_choices = n < PROGRAM_CHOICES_MAX ? n : PROGRAM_CHOICES_MAX;
}

/* --- those that there are ----------------------------------------------------------------- */

static void remove_choices(struct program *prog, struct rng *rng)
{
	unsigned int at = rng_below(rng, prog->nr_choices), nr = 1, left;

	switch (rng_below(rng, 4)) {
	case 0:
		/* the rest of the run goes the default's way */
		nr = prog->nr_choices - at;
		break;
	case 1:
		nr = 1 + rng_below(rng, prog->nr_choices - at);
		break;
	}
	left = prog->nr_choices - at - nr;
	memmove(&prog->choices[at], &prog->choices[at + nr], left * sizeof(*prog->choices));
	prog->nr_choices -= nr;
}

static void aim_choice(struct program *prog, struct rng *rng)
{
	struct choice *c = &prog->choices[rng_below(rng, prog->nr_choices)];
	unsigned int ops;

	switch (rng_below(rng, 4)) {
	case 0:
		if (anchor_schedules(c->anchor))
			c->value = rng_below(rng, SIM_TASK_USER + prog->nr_tasks);
		else
			c->value = rng_below(rng, c->anchor == ANCHOR_CPU ?
					     prog->geometry.nr_cpus : 2);
		break;
	case 1:
		if (c->task >= SIM_TASK_USER) {
			ops = prog->tasks[c->task - SIM_TASK_USER].nr_ops;
			c->op = rng_below(rng, ops + 1);
			schedule_sort(prog);
		}
		break;
	case 2:
		c->nth = 1 + rng_below(rng, 8);
		break;
	default:
		c->nth += rng_below(rng, 2) || c->nth == 1 ? 1 : -1;
		break;
	}
}

void mutate_schedule(struct program *prog, struct rng *rng, const struct events *events)
{
	unsigned int roll = rng_below(rng, 16);

	if (events && events->nr && (roll < 11 || !prog->nr_choices))
		add_choices(prog, rng, events);
	else if (prog->nr_choices && roll < 14)
		remove_choices(prog, rng);
	else if (prog->nr_choices)
		aim_choice(prog, rng);
}

/* --- when operations move ----------------------------------------------------------------- */

/* Stable: within an operation choices stay in the order in which they were taken. */
void schedule_sort(struct program *prog)
{
	unsigned int i, j;
	struct choice c;

	for (i = 1; i < prog->nr_choices; i++) {
		c = prog->choices[i];
		for (j = i; j && (prog->choices[j - 1].task > c.task ||
				  (prog->choices[j - 1].task == c.task &&
				   prog->choices[j - 1].op > c.op)); j--)
			prog->choices[j] = prog->choices[j - 1];
		prog->choices[j] = c;
	}
}

void schedule_move_op(struct program *prog, unsigned int task, unsigned int from,
		      unsigned int to)
{
	unsigned int i, nr = 0, op;
	struct choice *c;

	for (i = 0; i < prog->nr_choices; i++) {
		c = &prog->choices[i];
		op = c->op - 1;
		if (c->task == SIM_TASK_USER + task && c->op) {
			if (op == from && to == PROGRAM_OPS_MAX)
				continue;
			if (op == from)
				c->op = to + 1;
			else if (to != PROGRAM_OPS_MAX && op > from && op <= to)
				c->op--;
			else if (op < from && op >= to)
				c->op++;
		}
		prog->choices[nr++] = *c;
	}
	prog->nr_choices = nr;
	if (to != PROGRAM_OPS_MAX)
		schedule_sort(prog);
}

void schedule_shift_ops(struct program *prog, unsigned int task, unsigned int at, int by)
{
	unsigned int i;

	for (i = 0; i < prog->nr_choices; i++)
		if (prog->choices[i].task == SIM_TASK_USER + task && prog->choices[i].op > at)
			prog->choices[i].op += by;
}
