/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Concurrency coverage: pairs (event of another task, event of this task) that follow each other
 * on one object. An event is its kind and the operation it is in: no address, no count, so that
 * the same pair has the same number in every run.
 */
#ifndef _FUZZ_RUN_PAIRS_H
#define _FUZZ_RUN_PAIRS_H

#include <kernel/types.h>

/* A pair has been met; @pair is its hash: use the upper bits. */
typedef void (*pairs_fn)(u32 pair);

/**
 * pairs_begin - watch the schedule to come
 * @met: called for every pair, as often as it occurs; runs inside the scheduler
 *
 * Context: between schedules. Replaces the watcher.
 */
void pairs_begin(pairs_fn met);

#define PAIRS_BITS (1U << 18)		/* 32 KiB */

struct pairs_set {
	u64 bits[PAIRS_BITS / 64];
};

/* Its place in a set. */
static inline u32 pairs_at(u32 pair)
{
	return pair / (unsigned int)((1UL << 32) / PAIRS_BITS);
}

/* Return: is it new to the set? */
static inline bool pairs_add(struct pairs_set *set, u32 pair)
{
	u32 at = pairs_at(pair);
	u64 bit = 1UL << at % 64;

	if (set->bits[at / 64] & bit)
		return false;
	set->bits[at / 64] |= bit;
	return true;
}

#endif /* _FUZZ_RUN_PAIRS_H */
