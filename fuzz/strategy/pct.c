// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCT, probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatti, ASPLOS
 * 2010): random priorities, and d - 1 points at which whoever runs falls below all others. With
 * n tasks and k points it meets a bug of depth d with a probability of at least 1 / (n k^(d-1)).
 *
 * The priority that a point gives is that of its place in the drawing, not in the schedule: those
 * who fell come back in any order. In every second schedule they come back in the order in which
 * they fell, which suits two tasks that take turns, so the bound is half of the paper's.
 * Built without instrumentation.
 */
#include <kernel/bug.h>
#include "internal.h"
#include "ranking.h"

#define PRIORITY_BASE (1UL << 63)	/* initial priorities are above, change points below */
#define PRIORITY_SPIN (1UL << 62)	/* of spinners that gave way, below the change points'  */

static struct {
	struct ranking ranking;
	u64 lowest;			/* of spinners that gave way */
	unsigned long step, length;
	struct change {
		unsigned long at;
		unsigned int priority;
	} changes[DEPTH_MAX];		/* in the order of the schedule */
	unsigned int nr_changes, next_change;
} pct;

/* In the order of the schedule, each with the priority of its place in the drawing. */
static void draw_changes(void)
{
	unsigned int i, j;
	unsigned long at;

	for (i = 0; i < pct.nr_changes; i++) {
		at = 1 + rng_below(&strategy_rng, pct.length);
		for (j = i; j > 0 && pct.changes[j - 1].at > at; j--)
			pct.changes[j] = pct.changes[j - 1];
		pct.changes[j] = (struct change){ .at = at, .priority = i + 1 };
	}
}

static void pct_begin(void)
{
	unsigned int i;

	values_begin();
	pct.length = strategy_config.length ? strategy_config.length : sim_last_contended();
	if (!pct.length)
		pct.length = 256;
	pct.nr_changes = strategy_config.depth - 1;
	draw_changes();
	if (rng_below(&strategy_rng, 2))
		for (i = 0; i < pct.nr_changes; i++)
			pct.changes[i].priority = pct.nr_changes - i;
	pct.next_change = 0;
	pct.lowest = PRIORITY_SPIN;
	ranking_reset(&pct.ranking);
	pct.step = 0;
}

/* A random rank among the tasks so far; equal ones are next to impossible. */
static void pct_task(unsigned int id)
{
	ranking_set(&pct.ranking, id, PRIORITY_BASE + (rng_next(&strategy_rng) >> 24));
}

static unsigned int pct_pick(const struct sim_view *view)
{
	if (view->yields)
		ranking_set(&pct.ranking, view->task, --pct.lowest);
	pct.step++;
	while (pct.next_change < pct.nr_changes && pct.changes[pct.next_change].at <= pct.step)
		ranking_set(&pct.ranking, view->task,
			    PRIORITY_SPIN + pct.changes[pct.next_change++].priority);
	return ranking_best(&pct.ranking, view->runnable);
}

const struct sim_strategy strategy_pct = {
	.name = "pct",
	.begin = pct_begin,
	.task = pct_task,
	.pick = pct_pick,
	.value = strategy_value,
};
