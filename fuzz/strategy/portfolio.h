/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A portfolio of strategies, which share the schedules of a program. Strategies that did well before,
 * or that lately met new pairs of events in this program, get more of them. The shares depend only on
 * the seed and on the pairs that were met.
 */
#ifndef _FUZZ_STRATEGY_PORTFOLIO_H
#define _FUZZ_STRATEGY_PORTFOLIO_H

#include <machine/random.h>
#include "strategy.h"

#define PORTFOLIO_ARMS 8

/* A zeroed struct is a new portfolio. */
struct portfolio {
	u32 earned[PORTFOLIO_ARMS], runs[PORTFOLIO_ARMS];	/* lately; 16 bits behind the point */
	unsigned long used[PORTFOLIO_ARMS];
};

/* Draws the next schedule's arm. @config: its strategy; values and the like are kept. */
unsigned int portfolio_choose(struct portfolio *p, struct rng *rng, struct strategy_config *config);
/* The result of that schedule: the number of pairs that had not been met before. */
void portfolio_reward(struct portfolio *p, unsigned int arm, unsigned long new_pairs);
/* An arm's part of the sum of all shares while nothing is known about the program. */
unsigned int portfolio_share(unsigned int arm);

#endif /* _FUZZ_STRATEGY_PORTFOLIO_H */
