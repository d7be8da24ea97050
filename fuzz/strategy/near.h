/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Schedules near a recorded one: they find a bug again whose schedule a change of the core moved a
 * little, and bugs beside a known one.
 */
#ifndef _FUZZ_STRATEGY_NEAR_H
#define _FUZZ_STRATEGY_NEAR_H

#include <fuzz/program/program.h>
#include "strategy.h"

/*
 * Begins with the schedule of @prog, which the caller keeps. Events without a choice in it are decided
 * by the default, and in some schedules by near_next()'s strategy.
 */
void near_begin(const struct program *prog, u64 seed);
/* Prepares the next schedule: sets the strategy and the replay. */
void near_next(const struct strategy_config *config);
void near_end(void);

#endif /* _FUZZ_STRATEGY_NEAR_H */
