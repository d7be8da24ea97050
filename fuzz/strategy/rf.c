// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads-from constraints (the idea is that of RFF: Wolff, Shi, Duck, Mathur, Roychoudhury, ASPLOS
 * 2024, without its feedback): one to three times "this read sees that write", or what was there
 * in the beginning, drawn from the events that met on one object in the program's profile. A
 * reader that comes too early is held back, and so is whoever would overwrite what it is to see;
 * in some of them the writer, then the reader, is preferred. The rest is POS, or fixed priorities.
 * Events are known by task, operation and the number of their kind in it, as choices are. Built
 * without instrumentation.
 */
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <machine/task.h>
#include "internal.h"
#include "profile.h"

#define CONSTRAINTS_MAX 3

enum state {
	EARLY,				/* the write is still to come */
	WRITTEN,			/* and nobody else has written since */
	OVER,				/* met, or no longer possible */
};

static struct {
	unsigned int nr;
	struct constraint {
		const struct profile_event *read, *write;	/* write NULL: the set-up's */
		u64 read_key, write_key;
		enum state state;
		bool eager;		/* prefer the tasks that are needed */
		u16 object;		/* in this schedule, once it is written */
	} constraints[CONSTRAINTS_MAX];

	/* each task's pending event: who is at what, as bits of constraints */
	u8 at_read[SIM_TASKS_MAX], at_write[SIM_TASKS_MAX];
} rf;

/* An event of another task on the object of @e, that writes; NULL: none. */
static const struct profile_event *draw_write(const struct profile_event *e)
{
	const struct profile_event *w, *drawn = NULL;
	unsigned int n = 0;

	for_each_event_on(w, e->object)
		if (w->task != e->task && anchor_writes(w->anchor) && !rng_below(&strategy_rng, ++n))
			drawn = w;
	return drawn;
}

static void draw_constraint(struct constraint *c)
{
	const struct profile_event *e = profile_draw_event();

	*c = (struct constraint){ .read = e, .state = OVER };
	if (!e)
		return;
	c->read_key = profile_key(e);
	c->eager = rng_below(&strategy_rng, 2);
	if (e->object <= profile.stable && !rng_below(&strategy_rng, 4)) {
		c->state = WRITTEN;
		c->object = e->object;
		return;
	}
	c->write = draw_write(e);
	c->write_key = profile_key(c->write);
	if (c->write)
		c->state = EARLY;
}

static void rf_begin(void)
{
	unsigned int i;

	pos_begin(rng_below(&strategy_rng, 2));
	rf.nr = profile.taken ? 1 + rng_below(&strategy_rng, CONSTRAINTS_MAX) : 0;
	for (i = 0; i < rf.nr; i++)
		draw_constraint(&rf.constraints[i]);
}

static void rf_task(unsigned int id)
{
	pos_task(id);
	rf.at_read[id] = rf.at_write[id] = 0;
}

/* What the task was at has happened. */
static void executed(unsigned int id)
{
	struct constraint *c;
	unsigned int i;

	for (i = 0; i < rf.nr; i++) {
		c = &rf.constraints[i];
		if (rf.at_read[id] & BIT(i))
			c->state = OVER;
		else if (c->state == WRITTEN && pos_writes(id) && pos_object(id) == c->object)
			c->state = OVER;
		if ((rf.at_write[id] & BIT(i)) && c->state == EARLY) {
			c->state = WRITTEN;
			c->object = pos_object(id);
		}
	}
}

static void come_to(unsigned int id, u64 key)
{
	unsigned int i, over = 0;

	executed(id);
	rf.at_read[id] = rf.at_write[id] = 0;
	for (i = 0; i < rf.nr; i++) {
		if (rf.constraints[i].state == OVER)
			over++;
		else if (rf.constraints[i].read_key == key)
			rf.at_read[id] |= BIT(i);
		else if (rf.constraints[i].write_key == key)
			rf.at_write[id] |= BIT(i);
	}
	if (over == rf.nr)
		rf.nr = 0;
}

static void rf_event(unsigned int id, unsigned int anchor, unsigned int object)
{
	/* one that waits has not done it yet */
	if (rf.nr && (anchor != ANCHOR_BLOCK || !object))
		come_to(id, profile_here(id, anchor));
	pos_event(id, anchor, object);
}

/* Those that would overwrite what the reader is to see. */
static task_set writers(unsigned int constraint)
{
	const struct constraint *c = &rf.constraints[constraint];
	task_set held = c->object ? pos_writers(c->object) : 0;

	if (rf.at_read[c->read->task] & BIT(constraint))
		held &= ~task_bit(c->read->task);
	return held;
}

static unsigned int rf_pick(const struct sim_view *view)
{
	task_set held = 0, preferred = 0, reader;
	const struct constraint *c;
	unsigned int i;

	for (i = 0; i < rf.nr; i++) {
		c = &rf.constraints[i];
		if (c->state == OVER)
			continue;
		reader = task_bit(c->read->task);
		if (c->state == WRITTEN) {
			held |= writers(i);
			preferred |= c->eager ? reader : 0;
		} else if (rf.at_read[c->read->task] & BIT(i)) {
			held |= reader;
			preferred |= c->eager ? task_bit(c->write->task) : 0;
		}
	}
	return pos_pick_among(view, held, preferred);
}

const struct sim_strategy strategy_rf = {
	.name = "rf",
	.begin = rf_begin,
	.task = rf_task,
	.event = rf_event,
	.pick = rf_pick,
	.value = strategy_value,
};
