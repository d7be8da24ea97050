/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which of some tasks has the highest priority: by groups, so that an answer costs little more with many
 * tasks than with few, however many priorities have changed since the last one.
 */
#ifndef _FUZZ_STRATEGY_RANKING_H
#define _FUZZ_STRATEGY_RANKING_H

#include <sim/sim.h>

#define RANKING_GROUP 8			/* tasks; divides SIM_TASKS_MAX */

struct ranking {
	u64 priority[SIM_TASKS_MAX];	/* by ranking_set() */
	u64 top[SIM_TASKS_MAX / RANKING_GROUP];	/* the highest one in each group; 0: none competes */
	u8 best[SIM_TASKS_MAX / RANKING_GROUP];	/* whose it is */
	task_set tasks;			/* those that compete */
	task_set changed;		/* whose priority is not the one in these */
	unsigned int winner;		/* the last answer */
};

/* A schedule begins: there are no tasks. */
static inline void ranking_reset(struct ranking *r)
{
	r->tasks = r->changed = 0;
}

static inline void ranking_set(struct ranking *r, unsigned int id, u64 priority)
{
	r->priority[id] = priority;
	r->changed |= task_bit(id);
}

/* Return: the one of @tasks, which is not empty, with the highest priority; of equal ones the last. */
unsigned int ranking_best(struct ranking *r, task_set tasks);

#endif /* _FUZZ_STRATEGY_RANKING_H */
