// SPDX-License-Identifier: GPL-2.0-only
/*
 * Late: in a quarter of the schedules the machine's own tasks, those of work items, of RCU callbacks or both, run
 * only when no other task can, or when one that spins may wait for them. A strategy that runs them like any
 * other lets few items wait for as long as they may on a busy machine: clusters are discarded before anybody
 * runs out of free ones. Whatever else is decided, the strategy does. Built without instrumentation.
 */
#include <kernel/bug.h>
#include "internal.h"

#define ONE_IN 4			/* schedules */
#define WORKERS (task_bit(SIM_TASK_WORK0) | task_bit(SIM_TASK_WORK1))
#define CALLBACKS task_bit(SIM_TASK_RCU)

static struct sim_strategy late;
static const struct sim_strategy *real;
static task_set last;			/* to run */

static unsigned int late_pick(const struct sim_view *view)
{
	task_set first = view->runnable & ~last;
	u8 list[SIM_TASKS_MAX];
	struct sim_view fewer;
	unsigned int id;

	if (!first || first == view->runnable || view->yields)
		return real->pick(view);
	/* asked even if there is only one: strategies count points */
	fewer = *view;
	fewer.runnable = first;
	fewer.nr_runnable = 0;
	fewer.list = list;
	fewer.can_stay = view->can_stay && (first & task_bit(view->task));
	if (!(first & task_bit(view->dflt)))
		fewer.dflt = task_first(first);
	for_each_task(id, first)
		list[fewer.nr_runnable++] = id;
	return real->pick(&fewer);
}

const struct sim_strategy *strategy_late(const struct sim_strategy *strategy, u64 seed)
{
	const task_set sets[] = { WORKERS, CALLBACKS, WORKERS | CALLBACKS };
	struct rng rng = { .state = ~seed };	/* what the strategy draws stays the same */

	rng_next(&rng);
	if (rng_below(&rng, ONE_IN))
		return strategy;
	last = sets[rng_below(&rng, ARRAY_SIZE(sets))];
	real = strategy;
	late = *strategy;
	late.pick = late_pick;
	return &late;
}
