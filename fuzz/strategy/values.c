// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values: CPUs, failing allocations, operations that stop, which object is used again. Built without
 * instrumentation.
 */
#include <kernel/bug.h>
#include "internal.h"

/* How often a value deviates in this schedule: one time in 2^n; NEVER and ALWAYS. */
enum { ALWAYS, NEVER = 32 };

static u8 cpu_one_in, fail_one_in[NR_ALLOC_SITES];
static u8 store_one_in;
static unsigned int fail_after;		/* attempts of any site until failures begin */

void values_begin(void)
{
	static const u8 cpus[] = { NEVER, 5, 4, 3, 2, 1 };
	static const u8 fails[] = { NEVER, NEVER, NEVER, 6, 5, 4, 3, 2, 1, ALWAYS, ALWAYS };
	static const u8 aborts[] = { NEVER, NEVER, NEVER, NEVER, 6, 5, 4, 3, 2, 1 };
	static const u8 stores[] = { NEVER, 6, 4, 3, 2, 1, 1, ALWAYS };
	bool fair_weather, paired;
	unsigned int site;

	cpu_one_in = cpus[rng_below(&strategy_rng, sizeof(cpus))];
	fair_weather = rng_below(&strategy_rng, 2);
	for (site = 0; site < NR_ALLOC_SITES; site++)
		fail_one_in[site] = fair_weather ? NEVER : fails[rng_below(&strategy_rng, sizeof(fails))];
	if (!fair_weather)
		fail_one_in[ALLOC_ABORT] = aborts[rng_below(&strategy_rng, sizeof(aborts))];
	/* a pair: the sleeping attempt that follows a failed atomic one fails one time in two */
	paired = rng_below(&strategy_rng, 2);
	for (site = 0; site < NR_ALLOC_SITES && paired; site++)
		if (alloc_site_is_atomic(site))
			fail_one_in[site + 1] = fail_one_in[site] == NEVER ? NEVER : 1;
	fail_after = rng_below(&strategy_rng, 2) ? 0 : rng_below(&strategy_rng, 64);
	if (sim_weak)
		store_one_in = stores[rng_below(&strategy_rng, sizeof(stores))];
}

static bool one_in_power(unsigned int power)
{
	return power == ALWAYS || (power != NEVER && !(rng_next(&strategy_rng) >> (64 - power)));
}

unsigned int strategy_value(unsigned int anchor, unsigned int n, unsigned int dflt)
{
	if (!strategy_config.values)
		return dflt;
	switch (anchor) {
	case ANCHOR_CPU:
		return one_in_power(cpu_one_in) ? rng_below(&strategy_rng, n) : dflt;
	case ANCHOR_STORE:
		return one_in_power(store_one_in) ? rng_below(&strategy_rng, n) : dflt;
	case ANCHOR_REF:
	case ANCHOR_SLAB:
	case ANCHOR_RANDOM:
		return rng_below(&strategy_rng, n);
	default:
		if (fail_after && fail_after--)
			return 0;
		return one_in_power(fail_one_in[anchor - ANCHOR_ALLOC]);
	}
}
