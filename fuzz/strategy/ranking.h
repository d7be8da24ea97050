/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which of some tasks has the highest priority: a tournament, so that an answer costs what has changed
 * since the last one, however many tasks there are.
 */
#ifndef _FUZZ_STRATEGY_RANKING_H
#define _FUZZ_STRATEGY_RANKING_H

#include <sim/sim.h>

struct ranking {
	u64 priority[SIM_TASKS_MAX];	/* by ranking_set() */
	u64 key[2 * SIM_TASKS_MAX];	/* node i's is the higher one of 2i's and 2i + 1's; 0: does not compete */
	task_set tasks;			/* those that compete */
	task_set changed;		/* whose priority is not the one that they played with */
	unsigned int leaves;		/* a power of two, above all ids */
	unsigned int winner;		/* the last answer */
};

/* A schedule begins: there are no tasks. */
static inline void ranking_reset(struct ranking *r)
{
	r->tasks = r->changed = 0;
	r->leaves = 0;
}

static inline void ranking_set(struct ranking *r, unsigned int id, u64 priority)
{
	r->priority[id] = priority;
	r->changed |= task_bit(id);
}

/* Return: the one of @tasks, which is not empty, with the highest priority; of equal ones the last. */
unsigned int ranking_best(struct ranking *r, task_set tasks);

#endif /* _FUZZ_STRATEGY_RANKING_H */
