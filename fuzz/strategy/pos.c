// SPDX-License-Identifier: GPL-2.0-only
/*
 * POS, partial order sampling (Yuan, Yang, Gu, CAV 2018): every pending event has a random
 * priority, and the highest is executed. Those that race with it, on the same object and at least
 * one of them a write, then draw anew: a race's outcome does not depend on how long one of its
 * sides had to wait. Built without instrumentation.
 */
#include <kernel/bug.h>
#include "internal.h"
#include "ranking.h"

#define HIGH (1UL << 63)		/* of those that do not spin */

static struct {
	struct ranking ranking;
	u16 object[SIM_TASKS_MAX];	/* of the pending event; 0: no race */
	task_set at[SIM_OBJECTS_MAX];	/* the tasks whose pending event is on it; 0 is not kept */
	task_set writes;		/* tasks whose pending event is no mere read */
	unsigned int nr_tasks;
	bool calm;
	u64 lowest;			/* calm: of those that spun */
} pos;

void pos_begin(bool calm)
{
	unsigned int i;

	values_begin();
	for (i = 0; i < pos.nr_tasks; i++)
		pos.at[pos.object[i]] = 0;
	pos.nr_tasks = 0;
	ranking_reset(&pos.ranking);
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
	ranking_set(&pos.ranking, id, rng_next(&strategy_rng) >> 1 | (spins ? 0 : HIGH));
}

/* In the order of their ids; none of them spins. */
static void draw_all(task_set tasks)
{
	struct rng rng = strategy_rng;
	unsigned int id;

	for_each_task(id, tasks)
		pos.ranking.priority[id] = rng_next(&rng) >> 1 | HIGH;
	pos.ranking.changed |= tasks;
	strategy_rng = rng;
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
	task_set racers = pos.at[pos.object[id]] & ~task_bit(id);

	if (!pos_writes(id))
		racers &= pos.writes;
	if (racers)
		draw_all(racers);
}

static void pending_on(unsigned int id, unsigned int object)
{
	if (object == pos.object[id])
		return;
	if (pos.object[id])
		pos.at[pos.object[id]] &= ~task_bit(id);
	pos.object[id] = object;
	if (object)
		pos.at[object] |= task_bit(id);
}

void pos_event(unsigned int id, unsigned int anchor, unsigned int object)
{
	if (pos.object[id] && !pos.calm)
		executed(id);
	/* blocked: what is pending is another try on the same object */
	pending_on(id, anchor == ANCHOR_END ? 0 : object);
	if (anchor_writes(anchor))
		pos.writes |= task_bit(id);
	else
		pos.writes &= ~task_bit(id);
	if (!pos.calm)
		draw(id, anchor == ANCHOR_POINT + POINT_RELAX);
	else if (anchor == ANCHOR_POINT + POINT_RELAX)
		ranking_set(&pos.ranking, id, --pos.lowest);
}

bool pos_writes(unsigned int id)
{
	return !!(pos.writes & task_bit(id));
}

task_set pos_writers(unsigned int object)
{
	return pos.at[object] & pos.writes;
}

unsigned int pos_object(unsigned int id)
{
	return pos.object[id];
}

unsigned int pos_pick_among(const struct sim_view *view, task_set held, task_set preferred)
{
	task_set tasks = view->runnable & ~(view->yields ? task_bit(view->task) : 0);

	if (tasks & ~held)
		tasks &= ~held;
	if (tasks & preferred)
		tasks &= preferred;
	return tasks & (tasks - 1) ? ranking_best(&pos.ranking, tasks) : task_first(tasks);
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
