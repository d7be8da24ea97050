/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A portfolio of strategies: schedules of a program are shared among them, more of them to those
 * that did well before, and to those that met new pairs of events in this program lately. Depends
 * on nothing but its seed and what was met.
 */
#ifndef _FUZZ_STRATEGY_PORTFOLIO_H
#define _FUZZ_STRATEGY_PORTFOLIO_H

#include <machine/random.h>
#include "strategy.h"

#define PORTFOLIO_ARMS 8

/* Zeroed is new. */
struct portfolio {
	u32 earned[PORTFOLIO_ARMS], runs[PORTFOLIO_ARMS];	/* lately; 16 bits behind the point */
	unsigned long used[PORTFOLIO_ARMS];
};

/* Draws the next schedule's arm. @config: its strategy; values and the like are kept. */
unsigned int portfolio_choose(struct portfolio *p, struct rng *rng, struct strategy_config *config);
/* What came of it: pairs that had not been met before. */
void portfolio_reward(struct portfolio *p, unsigned int arm, unsigned long new_pairs);
/* What an arm gets of the sum of all shares if nothing is known of the program. */
unsigned int portfolio_share(unsigned int arm);

#endif /* _FUZZ_STRATEGY_PORTFOLIO_H */
