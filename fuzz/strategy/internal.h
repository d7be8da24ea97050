/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside the strategies: what all of them use. */
#ifndef _FUZZ_STRATEGY_INTERNAL_H
#define _FUZZ_STRATEGY_INTERNAL_H

#include <machine/random.h>
#include "strategy.h"

#define DEPTH_MAX 16

extern struct strategy_config strategy_config;
extern struct rng strategy_rng;

/* strategy_values.c: how often values deviate in this schedule, and one of them. */
void values_begin(void);
unsigned int strategy_value(unsigned int anchor, unsigned int n, unsigned int dflt);

extern const struct sim_strategy strategy_random;
void random_begin(void);
unsigned int random_pick(const struct sim_view *view);

extern const struct sim_strategy strategy_pct;
extern const struct sim_strategy strategy_pos;
extern const struct sim_strategy strategy_strict;
extern const struct sim_strategy strategy_surw;

#endif /* _FUZZ_STRATEGY_INTERNAL_H */
