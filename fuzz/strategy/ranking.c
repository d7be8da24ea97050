// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tournament of priorities, in which only numbers move up: a match is a maximum without a branch, and
 * the winner is found on the way down. Built without instrumentation.
 */
#include <kernel/bug.h>
#include "ranking.h"

#define FEW 4				/* above a part of that, all matches are cheaper than those of some */

static inline u64 higher(const struct ranking *r, unsigned int node)
{
	u64 a = r->key[2 * node], b = r->key[2 * node + 1];

	return a > b ? a : b;
}

/* Every match is played anew, with room for all of @tasks. */
static void play_all(struct ranking *r, task_set tasks)
{
	unsigned int id, node;

	if (!r->leaves)
		r->leaves = 8;
	while (r->leaves < SIM_TASKS_MAX && tasks >> r->leaves)
		r->leaves *= 2;
	for (id = 0; id < r->leaves; id++, tasks >>= 1)
		r->key[r->leaves + id] = r->priority[id] & -(u64)(tasks & 1);
	for (node = r->leaves - 1; node; node--)
		r->key[node] = higher(r, node);
}

/* The matches of one task, up to the first that ends as before. */
static void play(struct ranking *r, unsigned int id, bool competes)
{
	unsigned int node = id + r->leaves;
	u64 key = competes ? r->priority[id] : 0;

	while (r->key[node] != key) {
		r->key[node] = key;
		node /= 2;
		if (!node)
			break;
		key = higher(r, node);
	}
}

/* Down from the final, to the last of those that won it. */
static unsigned int winner(const struct ranking *r, task_set tasks)
{
	unsigned int node = 1, id, last = 0;

	if (!r->key[1]) {		/* as those that do not compete */
		for_each_task(id, tasks)
			last = id;
		return last;
	}
	while (node < r->leaves)
		node = 2 * node + (r->key[2 * node + 1] == r->key[1]);
	return node - r->leaves;
}

unsigned int ranking_best(struct ranking *r, task_set tasks)
{
	task_set changed = (r->changed & tasks) | (r->tasks ^ tasks);
	unsigned int id;

	if (!r->leaves || (r->leaves < SIM_TASKS_MAX && tasks >> r->leaves) ||
	    task_count(changed) * FEW > r->leaves)
		play_all(r, tasks);
	else if (changed)
		for_each_task(id, changed)
			play(r, id, tasks & task_bit(id));
	else
		return r->winner;
	r->tasks = tasks;
	r->changed = 0;
	r->winner = winner(r, tasks);
	return r->winner;
}
