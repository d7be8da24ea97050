/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside fuzz/: the depth-first search of strategy.c. */
#ifndef _FUZZ_STRATEGY_EXHAUSTIVE_H
#define _FUZZ_STRATEGY_EXHAUSTIVE_H

#include <sim/sim.h>

void exhaustive_reset(unsigned int bound, bool values);
void exhaustive_begin(void);
unsigned int exhaustive_pick(const struct sim_view *view);
unsigned int exhaustive_value(unsigned int anchor, unsigned int n, unsigned int dflt);
bool exhaustive_next(void);
/* After the last schedule: were all schedules visited, regardless of the bound? */
bool exhaustive_complete(void);
/* The bound of the round that runs. */
unsigned int exhaustive_bound(void);
/* Did a schedule have more decisions than can be recorded? */
bool exhaustive_cut(void);

#endif /* _FUZZ_STRATEGY_EXHAUSTIVE_H */
