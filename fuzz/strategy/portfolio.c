// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bandit whose arms are strategies. Each has a share by experience, of which it keeps a part
 * however badly it does in this program; the rest is in proportion to what it earns, relative to
 * the arm that earns most. What was earned long ago counts less. Integers only: the same on every
 * machine.
 */
#include <kernel/bug.h>
#include "portfolio.h"

#define KEEPS 4				/* 1/KEEPS of its share is not at stake */
#define DECAY 256			/* schedules that are remembered */
#define REWARD_MAX 8			/* pairs of one schedule: a new path is no reason to stay */
#define DOUBT 2				/* schedules that each arm is thought to have earned the mean in */
#define ONE (1U << 16)
#define LITTLE (ONE / 128)		/* a pair in 16 schedules: who earns less earns nothing */

/* Shares by `scripts/bench sct strategies`. */
static const struct {
	struct strategy_config config;
	unsigned int share;
} arms[PORTFOLIO_ARMS] = {
	{ { .kind = STRATEGY_SURW }, 58 },
	{ { .kind = STRATEGY_RF }, 15 },
	{ { .kind = STRATEGY_WINDOWS }, 6 },
	{ { .kind = STRATEGY_PCT, .depth = 3 }, 10 },
	{ { .kind = STRATEGY_RANDOM }, 1 },
	{ { .kind = STRATEGY_RANDOM, .switch_one_in = 128 }, 1 },
	{ { .kind = STRATEGY_POS }, 1 },
	{ { .kind = STRATEGY_STRICT }, 1 },
};

/* What an arm earns in a schedule, a little towards the mean of all. */
static u64 score(const struct portfolio *p, unsigned int arm, u64 mean)
{
	return ((u64)p->earned[arm] + DOUBT * mean) * ONE / (p->runs[arm] + DOUBT * ONE);
}

/* Each arm's part of what is drawn from. Return: their sum. */
static u64 weigh(const struct portfolio *p, u64 *weights)
{
	u64 earned = 0, runs = 0, best = LITTLE, total = 0, scores[PORTFOLIO_ARMS], mean;
	unsigned int arm;

	for (arm = 0; arm < PORTFOLIO_ARMS; arm++) {
		earned += p->earned[arm];
		runs += p->runs[arm];
	}
	mean = runs ? earned * ONE / runs : 0;
	for (arm = 0; arm < PORTFOLIO_ARMS; arm++) {
		scores[arm] = score(p, arm, mean);
		best = scores[arm] > best ? scores[arm] : best;
	}
	for (arm = 0; arm < PORTFOLIO_ARMS; arm++) {
		weights[arm] = arms[arm].share *
			       (ONE / KEEPS + scores[arm] * (ONE - ONE / KEEPS) / best);
		total += weights[arm];
	}
	return total;
}

unsigned int portfolio_choose(struct portfolio *p, struct rng *rng, struct strategy_config *config)
{
	u64 weights[PORTFOLIO_ARMS], at;
	unsigned int arm;

	at = rng_below(rng, weigh(p, weights));
	for (arm = 0; at >= weights[arm]; arm++)
		at -= weights[arm];
	p->used[arm]++;
	config->kind = arms[arm].config.kind;
	config->depth = arms[arm].config.depth;
	config->switch_one_in = arms[arm].config.switch_one_in;
	return arm;
}

void portfolio_reward(struct portfolio *p, unsigned int arm, unsigned long new_pairs)
{
	unsigned int i;

	for (i = 0; i < PORTFOLIO_ARMS; i++) {
		p->earned[i] -= p->earned[i] / DECAY;
		p->runs[i] -= p->runs[i] / DECAY;
	}
	p->earned[arm] += (new_pairs < REWARD_MAX ? new_pairs : REWARD_MAX) * (ONE / REWARD_MAX);
	p->runs[arm] += ONE;
}

unsigned int portfolio_share(unsigned int arm)
{
	return arms[arm].share;
}
