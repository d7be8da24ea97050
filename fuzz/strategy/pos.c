// SPDX-License-Identifier: GPL-2.0-only
/*
 * POS, partial order sampling (Yuan, Yang, Gu, CAV 2018): every pending event has a random
 * priority, and the highest is executed. Those that race with it, on the same object and at least
 * one of them a write, then draw anew: a race's outcome does not depend on how long one of its
 * sides had to wait. Built without instrumentation.
 */
#include <kernel/bug.h>
#include "internal.h"

#define HIGH (1UL << 63)		/* of those that do not spin */

static struct {
	u64 priority[SIM_TASKS_MAX];
	u16 object[SIM_TASKS_MAX];	/* of the pending event; 0: no race */
	u64 writes;			/* tasks whose pending event is no mere read */
	unsigned int nr_tasks;
	bool calm;
	u64 lowest;			/* calm: of those that spun */
} pos;

void pos_begin(bool calm)
{
	values_begin();
	pos.nr_tasks = 0;
	pos.writes = 0;
	pos.calm = calm;
	pos.lowest = HIGH;
}

static void begin(void)
{
	pos_begin(false);
}

static void draw(unsigned int id, bool spins)
{
	pos.priority[id] = rng_next(&strategy_rng) >> 1 | (spins ? 0 : HIGH);
}

void pos_task(unsigned int id)
{
	pos.object[id] = 0;
	if (id >= pos.nr_tasks)
		pos.nr_tasks = id + 1;
	draw(id, false);
}

bool anchor_writes(unsigned int anchor)
{
	return anchor != ANCHOR_POINT + POINT_ATOMIC_READ && anchor != ANCHOR_POINT + POINT_RCU_DEREF;
}

static void executed(unsigned int id)
{
	bool write = pos.writes & BIT(id);
	unsigned int i;

	for (i = 0; i < pos.nr_tasks; i++)
		if (i != id && pos.object[i] == pos.object[id] && (write || (pos.writes & BIT(i))))
			draw(i, false);
}

void pos_event(unsigned int id, unsigned int anchor, unsigned int object)
{
	if (pos.object[id] && !pos.calm)
		executed(id);
	/* blocked: what is pending is another try on the same object */
	pos.object[id] = anchor == ANCHOR_END ? 0 : object;
	if (anchor_writes(anchor))
		pos.writes |= BIT(id);
	else
		pos.writes &= ~BIT(id);
	if (!pos.calm)
		draw(id, anchor == ANCHOR_POINT + POINT_RELAX);
	else if (anchor == ANCHOR_POINT + POINT_RELAX)
		pos.priority[id] = --pos.lowest;
}

bool pos_writes(unsigned int id)
{
	return pos.writes & BIT(id);
}

unsigned int pos_object(unsigned int id)
{
	return pos.object[id];
}

unsigned int pos_pick_among(const struct sim_view *view, u64 held, u64 preferred)
{
	u64 tasks = view->runnable & ~(view->yields ? BIT(view->task) : 0);
	unsigned int id, best;

	if (tasks & ~held)
		tasks &= ~held;
	if (tasks & preferred)
		tasks &= preferred;
	best = __builtin_ctzl(tasks);
	for (tasks &= tasks - 1; tasks; tasks &= tasks - 1) {
		id = __builtin_ctzl(tasks);
		if (pos.priority[id] >= pos.priority[best])
			best = id;
	}
	return best;
}

static unsigned int pos_pick(const struct sim_view *view)
{
	return pos_pick_among(view, 0, 0);
}

const struct sim_strategy strategy_pos = {
	.name = "pos",
	.begin = begin,
	.task = pos_task,
	.event = pos_event,
	.pick = pos_pick,
	.value = strategy_value,
};
