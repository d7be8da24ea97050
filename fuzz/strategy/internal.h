/* SPDX-License-Identifier: GPL-2.0-only */
/* Internal to the strategies: declarations that they share. */
#ifndef _FUZZ_STRATEGY_INTERNAL_H
#define _FUZZ_STRATEGY_INTERNAL_H

#include <machine/random.h>
#include "strategy.h"

#define DEPTH_MAX 16

extern struct strategy_config strategy_config;
extern struct rng strategy_rng;

/* values.c: how often values deviate in this schedule, and one of them. */
void values_begin(void);
unsigned int strategy_value(unsigned int anchor, unsigned int n, unsigned int dflt);

extern const struct sim_strategy strategy_random;
void random_begin(void);
unsigned int random_pick(const struct sim_view *view);

extern const struct sim_strategy strategy_pct;
extern const struct sim_strategy strategy_pos;
/* @calm: a task keeps its priority, unless it spins; for strategies that preempt for a reason. */
void pos_begin(bool calm);
void pos_task(unsigned int id);
void pos_event(unsigned int id, unsigned int anchor, unsigned int object);
/* Is the task's pending event more than a read? Of which object? */
bool pos_writes(unsigned int id);
/* The tasks whose pending event is on that object and more than a read. */
task_set pos_writers(unsigned int object);
unsigned int pos_object(unsigned int id);
/* POS among tasks that are preferred and not held back; among all tasks if there are none. */
unsigned int pos_pick_among(const struct sim_view *view, task_set held, task_set preferred);
/* Does an event change its object? */
bool anchor_writes(unsigned int anchor);

extern const struct sim_strategy strategy_rf;
extern const struct sim_strategy strategy_windows;
extern const struct sim_strategy strategy_strict;
extern const struct sim_strategy strategy_surw;

/*
 * Of some seeds, the strategy with the machine's own tasks last (late.c); else itself. Return: valid until the
 * next call.
 */
const struct sim_strategy *strategy_late(const struct sim_strategy *strategy, u64 seed);

#endif /* _FUZZ_STRATEGY_INTERNAL_H */
