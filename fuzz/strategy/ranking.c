// SPDX-License-Identifier: GPL-2.0-only
/* A tournament of priorities. Built without instrumentation. */
#include <kernel/bug.h>
#include "ranking.h"

#define FEW 4				/* above a part of that, all matches are cheaper than those of some */

static unsigned int entrant(const struct ranking *r, unsigned int node)
{
	unsigned int id = node - r->leaves;

	if (node < r->leaves)
		return r->best[node];
	return r->tasks & task_bit(id) ? id : RANKING_NONE;
}

static void play(struct ranking *r, unsigned int node)
{
	unsigned int a = entrant(r, 2 * node), b = entrant(r, 2 * node + 1);

	if (a == RANKING_NONE)
		r->best[node] = b;
	else if (b == RANKING_NONE)
		r->best[node] = a;
	else
		r->best[node] = r->priority[b] >= r->priority[a] ? b : a;
}

/* Every match is played anew, with room for all of @tasks. */
static void play_all(struct ranking *r, task_set tasks)
{
	unsigned int node;

	if (!r->leaves)
		r->leaves = 8;
	while (r->leaves < SIM_TASKS_MAX && tasks >> r->leaves)
		r->leaves *= 2;
	r->tasks = tasks;
	r->changed = 0;
	for (node = r->leaves - 1; node; node--)
		play(r, node);
}

unsigned int ranking_best(struct ranking *r, task_set tasks)
{
	task_set changed = (r->changed & tasks) | (r->tasks ^ tasks);
	unsigned int id, node;

	if (!r->leaves || (r->leaves < SIM_TASKS_MAX && tasks >> r->leaves) ||
	    task_count(changed) * FEW > r->leaves) {
		play_all(r, tasks);
		return r->best[1];
	}
	r->tasks = tasks;
	r->changed = 0;
	for_each_task(id, changed)
		for (node = (id + r->leaves) / 2; node; node /= 2)
			play(r, node);
	return r->best[1];
}
