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
} pos;

static void pos_begin(void)
{
	values_begin();
	pos.nr_tasks = 0;
	pos.writes = 0;
}

static void draw(unsigned int id, bool spins)
{
	pos.priority[id] = rng_next(&strategy_rng) >> 1 | (spins ? 0 : HIGH);
}

static void pos_task(unsigned int id)
{
	pos.object[id] = 0;
	if (id >= pos.nr_tasks)
		pos.nr_tasks = id + 1;
	draw(id, false);
}

static bool anchor_writes(unsigned int anchor)
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

static void pos_event(unsigned int id, unsigned int anchor, unsigned int object)
{
	if (pos.object[id])
		executed(id);
	/* blocked: what is pending is another try on the same object */
	pos.object[id] = anchor == ANCHOR_END ? 0 : object;
	if (anchor_writes(anchor))
		pos.writes |= BIT(id);
	else
		pos.writes &= ~BIT(id);
	draw(id, anchor == ANCHOR_POINT + POINT_RELAX);
}

static unsigned int pos_pick(const struct sim_view *view)
{
	unsigned int i, id, best = SIM_TASKS_MAX;

	for (i = 0; i < view->nr_runnable; i++) {
		id = view->list[i];
		if (view->yields && id == view->task)
			continue;
		if (best == SIM_TASKS_MAX || pos.priority[id] > pos.priority[best] ||
		    (pos.priority[id] == pos.priority[best] && id > best))
			best = id;
	}
	return best;
}

const struct sim_strategy strategy_pos = {
	.name = "pos",
	.begin = pos_begin,
	.task = pos_task,
	.event = pos_event,
	.pick = pos_pick,
	.value = strategy_value,
};
