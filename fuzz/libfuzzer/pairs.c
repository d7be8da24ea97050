// SPDX-License-Identifier: GPL-2.0-only
/*
 * Concurrency coverage for libFuzzer: a counter for each pair of pairs.h, so that an input which
 * only reaches a new interleaving is kept. Built without instrumentation: it runs inside the
 * scheduler.
 */
#include <stdlib.h>
#include <string.h>

#include <fuzz/run/pairs.h>
#include "target.h"

#define COUNTERS (32U << 10)		/* more of them cost libFuzzer more than they tell */

/* Not static: clang deletes what is never read. */
extern u8 fuzz_pair_counters[COUNTERS];
__attribute__((section("__libfuzzer_extra_counters"), aligned(sizeof(u64)))) u8 fuzz_pair_counters[COUNTERS];

static void met(u32 pair)
{
	fuzz_pair_counters[pair / (unsigned int)((1UL << 32) / COUNTERS)] |= 1;
}

static bool wanted(void)
{
	static int off = -1;
	const char *value;

	if (off < 0) {
		value = getenv("SWAPHAMMER_PAIRS");
		off = value && !strcmp(value, "0");
	}
	return !off;
}

void fuzz_pairs_begin(void)
{
	if (wanted())
		pairs_begin(met);
}

bool fuzz_pairs_new(void)
{
	static u64 seen[COUNTERS / sizeof(u64)];
	u64 *counters = (u64 *)fuzz_pair_counters;
	bool new = !wanted();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(seen); i++) {
		if (!counters[i])
			continue;
		new |= counters[i] & ~seen[i];
		seen[i] |= counters[i];
		counters[i] = 0;
	}
	return new;
}
