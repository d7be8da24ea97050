// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strict priority: random and fixed; the highest that can run always does, even if it spins. Only
 * the machine's own fairness, which a long time without an operation's end brings, lets others
 * run then: a retry loop is seen to retry for long, and one that nobody can end is a livelock.
 * Built without instrumentation.
 */
#include <kernel/bug.h>
#include "internal.h"

static u64 priority[SIM_TASKS_MAX];

static void strict_task(unsigned int id)
{
	priority[id] = rng_next(&strategy_rng);
}

static unsigned int strict_pick(const struct sim_view *view)
{
	unsigned int i, id, best = view->list[0];

	for (i = 1; i < view->nr_runnable; i++) {
		id = view->list[i];
		if (priority[id] > priority[best] || (priority[id] == priority[best] && id > best))
			best = id;
	}
	return best;
}

const struct sim_strategy strategy_strict = {
	.name = "strict",
	.begin = values_begin,
	.task = strict_task,
	.pick = strict_pick,
	.value = strategy_value,
};
