// SPDX-License-Identifier: GPL-2.0-only
/* A bandit whose arms are strategies. Integers only: the same on every machine. */
#include <kernel/bug.h>
#include "portfolio.h"

#define UNIFORM 4			/* one schedule in so many goes to any arm: none starves */
#define DECAY 64			/* schedules of an arm that its score remembers */
#define REWARD_MAX 8			/* pairs of one schedule: a new path is no reason to stay */
#define ONE (1U << 16)
#define LEAST (ONE / 64)

static const struct strategy_config arms[PORTFOLIO_ARMS] = {
	{ .kind = STRATEGY_RANDOM },
	{ .kind = STRATEGY_RANDOM, .switch_one_in = 2 },
	{ .kind = STRATEGY_RANDOM, .switch_one_in = 8 },
	{ .kind = STRATEGY_RANDOM, .switch_one_in = 32 },
	{ .kind = STRATEGY_PCT, .depth = 2 },
	{ .kind = STRATEGY_PCT, .depth = 3 },
	{ .kind = STRATEGY_PCT, .depth = 5 },
	{ .kind = STRATEGY_PCT, .depth = 9 },
	{ .kind = STRATEGY_POS },
	{ .kind = STRATEGY_SURW },
	{ .kind = STRATEGY_STRICT },
};

unsigned int portfolio_choose(struct portfolio *p, struct rng *rng, struct strategy_config *config)
{
	unsigned long total = 0, at;
	unsigned int arm;

	if (!rng_below(rng, UNIFORM)) {
		arm = rng_below(rng, PORTFOLIO_ARMS);
	} else {
		for (arm = 0; arm < PORTFOLIO_ARMS; arm++)
			total += p->score[arm] + LEAST;
		at = rng_below(rng, total);
		for (arm = 0; at >= p->score[arm] + LEAST; arm++)
			at -= p->score[arm] + LEAST;
	}
	p->used[arm]++;
	config->kind = arms[arm].kind;
	config->depth = arms[arm].depth;
	config->switch_one_in = arms[arm].switch_one_in;
	return arm;
}

void portfolio_reward(struct portfolio *p, unsigned int arm, unsigned long new_pairs)
{
	u32 reward = (new_pairs < REWARD_MAX ? new_pairs : REWARD_MAX) * (ONE / REWARD_MAX);

	p->score[arm] += reward / DECAY;
	p->score[arm] -= p->score[arm] / DECAY;
}
