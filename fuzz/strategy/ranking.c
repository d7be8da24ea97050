// SPDX-License-Identifier: GPL-2.0-only
/*
 * The best of each group of tasks is kept. Within a group and among groups everything is compared
 * without branches, which would be hard to foresee: priorities are random. Built without instrumentation.
 */
#include <kernel/bug.h>
#include "ranking.h"

#define HALF (SIM_TASKS_MAX / 2 / RANKING_GROUP)	/* groups in 64 bits */
#define GROUP_MASK (BIT(RANKING_GROUP) - 1)

/* Those of the group that compete, as bits. */
static void rank(struct ranking *r, unsigned int group, unsigned int competing)
{
	unsigned int id = group * RANKING_GROUP, end = id + RANKING_GROUP, best = 0;
	u64 top = 0, key;

	for (; id < end; id++, competing >>= 1) {
		key = r->priority[id] & -(u64)(competing & 1);
		best = key >= top ? id : best;
		top = key >= top ? key : top;
	}
	r->top[group] = top;
	r->best[group] = best;
}

static unsigned int last_of(task_set tasks)
{
	unsigned int id, last = 0;

	for_each_task(id, tasks)
		last = id;
	return last;
}

unsigned int ranking_best(struct ranking *r, task_set tasks)
{
	task_set changed = (r->changed & tasks) | (r->tasks ^ tasks);
	unsigned int half, group, best = 0;
	u64 top = 0, left, again;

	if (!changed)
		return r->winner;
	/* by halves: shifts of 128 bits are slow */
	for (half = 0; half < 2; half++) {
		left = half ? tasks >> 64 : tasks;
		again = half ? changed >> 64 : changed;
		for (group = half * HALF; left; group++) {
			if (again & GROUP_MASK)
				rank(r, group, left & GROUP_MASK);
			if ((left & GROUP_MASK) && r->top[group] >= top) {
				best = r->best[group];
				top = r->top[group];
			}
			left >>= RANKING_GROUP;
			again >>= RANKING_GROUP;
		}
	}
	r->tasks = tasks;
	r->changed = 0;
	/* a priority of 0 is that of those that do not compete */
	r->winner = top ? best : last_of(tasks);
	return r->winner;
}
