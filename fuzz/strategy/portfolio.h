/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A portfolio of strategies: schedules are shared among them, more of them to those that met new
 * pairs of events lately. Depends on nothing but its seed and what was met.
 */
#ifndef _FUZZ_STRATEGY_PORTFOLIO_H
#define _FUZZ_STRATEGY_PORTFOLIO_H

#include <machine/random.h>
#include "strategy.h"

#define PORTFOLIO_ARMS 11

/* Zeroed is new. */
struct portfolio {
	u32 score[PORTFOLIO_ARMS];
	unsigned long used[PORTFOLIO_ARMS];
};

/* Draws the next schedule's arm. @config: its strategy; values and the like are kept. */
unsigned int portfolio_choose(struct portfolio *p, struct rng *rng, struct strategy_config *config);
/* What came of it: pairs nobody had met before. */
void portfolio_reward(struct portfolio *p, unsigned int arm, unsigned long new_pairs);

#endif /* _FUZZ_STRATEGY_PORTFOLIO_H */
