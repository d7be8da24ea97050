/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Strategies decide which task runs next. They are seeded per schedule, and know neither the program
 * nor which mutant is on.
 */
#ifndef _FUZZ_STRATEGY_STRATEGY_H
#define _FUZZ_STRATEGY_STRATEGY_H

#include <sim/sim.h>

enum strategy_kind {
#define STRATEGY(kind, strategy, text) STRATEGY_##kind,
#include "strategies.def"
#undef STRATEGY
	NR_STRATEGIES,
};

struct strategy_config {
	enum strategy_kind kind;
	/* random: a switch with probability 1/N at each point, N from 1; 0: a new N for each schedule */
	unsigned int switch_one_in;
	unsigned int depth;		/* pct: the bug depth to aim for, 1.. */
	unsigned int length;		/* pct: contended points expected; 0: as the last schedule */
	unsigned int bound;		/* exhaustive: largest number of preemptions */
	bool values;			/* choose values, too: CPUs, failing allocations, ... */
	bool prompt;			/* work items and callbacks are never late */
};

const char *strategy_name(enum strategy_kind kind);

/* A description of the strategy in one line. */
const char *strategy_text(enum strategy_kind kind);

/* Makes it the machine's strategy, for a new program. */
void strategy_set(const struct strategy_config *config);
/* The same for the same program: keeps what was learned. Not for an exhaustive search. */
void strategy_use(const struct strategy_config *config);
/* The seed of the next schedule, whose strategy has been set. Before each schedule. */
void strategy_seed(u64 seed);
/*
 * Exhaustive search: prepares the next schedule of the same program. Return: false when all
 * have been visited; the search then begins again.
 */
bool strategy_next(void);
/* Exhaustive search: strategy_next() returned false, and no schedule was left out for the bound. */
bool strategy_complete(void);
/* Exhaustive search: all schedules of fewer preemptions than that have been visited. */
unsigned int strategy_bound(void);
/* Exhaustive search: schedules of this program were too long for all of them to be visited. */
bool strategy_cut(void);

#endif /* _FUZZ_STRATEGY_STRATEGY_H */
