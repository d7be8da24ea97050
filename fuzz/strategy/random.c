// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random walk with stickiness: at each point, with probability 1/N, a task is drawn uniformly from those that
 * can run. Built without instrumentation.
 */
#include <kernel/bug.h>
#include "internal.h"

static u64 switch_below;		/* of 2^32: the probability of a switch */

void random_begin(void)
{
	unsigned int one_in = strategy_config.switch_one_in;

	values_begin();
	if (!one_in)
		one_in = 1U << rng_below(&strategy_rng, 7);
	switch_below = (1UL << 32) / one_in;
}

/* Uniform over the runnable tasks at every switch; a spinner goes to the others. */
unsigned int random_pick(const struct sim_view *view)
{
	u64 random = rng_next(&strategy_rng);
	unsigned int next;

	if (view->can_stay && !view->yields && (random & 0xffffffff) >= switch_below)
		return view->task;
	next = view->list[((random >> 32) * view->nr_runnable) >> 32];
	while (view->yields && next == view->task)
		next = view->list[rng_below(&strategy_rng, view->nr_runnable)];
	return next;
}

const struct sim_strategy strategy_random = {
	.name = "random",
	.begin = random_begin,
	.pick = random_pick,
	.value = strategy_value,
};
