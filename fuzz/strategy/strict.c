// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strict priority: random and fixed; the highest that can run always does, even if it spins. Only
 * the machine's own fairness, which a long time without an operation's end brings, lets others
 * run then: a retry loop is seen to retry for long, and one that nobody can end is a livelock.
 * Built without instrumentation.
 */
#include <kernel/bug.h>
#include "internal.h"
#include "ranking.h"

static struct ranking ranking;

static void strict_begin(void)
{
	values_begin();
	ranking_reset(&ranking);
}

static void strict_task(unsigned int id)
{
	ranking_set(&ranking, id, rng_next(&strategy_rng));
}

static unsigned int strict_pick(const struct sim_view *view)
{
	return ranking_best(&ranking, view->runnable);
}

const struct sim_strategy strategy_strict = {
	.name = "strict",
	.begin = strict_begin,
	.task = strict_task,
	.pick = strict_pick,
	.value = strategy_value,
};
