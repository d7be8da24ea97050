/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Schedules around a recorded one: what a change of the core moved a little is found again, and
 * what lies beside a known bug with it.
 */
#ifndef _FUZZ_STRATEGY_NEAR_H
#define _FUZZ_STRATEGY_NEAR_H

#include <fuzz/program/program.h>
#include "strategy.h"

/*
 * Begins with the schedule of @prog, which is kept by the caller. What it leaves open is decided
 * by default, and in some schedules under near_next()'s strategy.
 */
void near_begin(const struct program *prog, u64 seed);
/* Prepares the next schedule: sets the strategy and the replay. */
void near_next(const struct strategy_config *config);
void near_end(void);

#endif /* _FUZZ_STRATEGY_NEAR_H */
