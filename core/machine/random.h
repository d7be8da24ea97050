/* SPDX-License-Identifier: GPL-2.0-only */
/* Splitmix64: the generator's and the strategies' only source of randomness. */
#ifndef _MACHINE_RANDOM_H
#define _MACHINE_RANDOM_H

#include <kernel/types.h>

struct rng {
	u64 state;
};

static inline u64 rng_next(struct rng *rng)
{
	u64 z = rng->state += 0x9e3779b97f4a7c15UL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
	return z ^ (z >> 31);
}

/* Below @n, n > 0: multiply-shift; its bias is below 2^-32. */
static inline u32 rng_below(struct rng *rng, u32 n)
{
	return ((rng_next(rng) >> 32) * n) >> 32;
}

#endif /* _MACHINE_RANDOM_H */
