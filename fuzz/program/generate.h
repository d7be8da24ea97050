/* SPDX-License-Identifier: GPL-2.0-only */
/* What the two halves of the generator share: its randomness, and the habits of the program that it makes. */
#ifndef _FUZZ_GENERATE_H
#define _FUZZ_GENERATE_H

#include "program.h"

extern struct generator {
	struct rng rng;
	unsigned int large_one_in, large_order;	/* 1 in N operations is large, of this order or (0) any */
	unsigned int keep_one_in;		/* 1 in N leaves its folios cached */
	unsigned int zero_one_in;		/* 1 in N stores zeroes */
	unsigned int life_one_in;		/* 1 in N follows what its pages have come to; 0: none */
	unsigned int discard_one_in;		/* 1 in N devices discards */
} generator;

static inline unsigned int below(unsigned int n)
{
	return rng_below(&generator.rng, n);
}

static inline bool one_in(unsigned int n)
{
	return !below(n);
}

/* In this order: a part looks at those before it. */
void generate_machine(struct program *prog);
void generate_device(struct world_device *dev, unsigned int slots, bool first, int prio);
void generate_pages(struct program *prog);
void generate_fails(struct program *prog);
void generate_fail(struct program_fail *fail, unsigned int site);

#endif
