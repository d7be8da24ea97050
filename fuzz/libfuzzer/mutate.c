// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer's mutations, for the targets whose input is a program. Text in, text out; a text
 * that is no program becomes a generated one.
 */
#include <fuzz/mutate/mutate.h>
#include "target.h"

#define PASSED_BITS 16
#define WALK_ONE_IN 4			/* mutations take the schedule of a random strategy */
#define GENERATE_ONE_IN 16		/* mutations are a new program */

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const u8 *data1, size_t size1, const u8 *data2, size_t size2,
				 u8 *out, size_t max, unsigned int seed);

static u64 passed[1U << PASSED_BITS];	/* hashes of inputs that were run */
static u64 last;			/* the one that was run last */

void fuzz_input_passed(const char *text, size_t len)
{
	last = text ? fuzz_hash(text, len) : 0;
	if (last)
		passed[last >> (64 - PASSED_BITS)] = last;
}

/*
 * What has not passed is not run here: it may be what libFuzzer is to make smaller, and its
 * failure libFuzzer's to hear of.
 */
static bool has_passed(const u8 *data, size_t size)
{
	u64 hash = fuzz_hash(data, size);

	return passed[hash >> (64 - PASSED_BITS)] == hash;
}

/* Those of a run of this input, which is run once more if it is not the last one. */
static const struct events *events_of(const u8 *data, size_t size)
{
	if (last != fuzz_hash(data, size))
		fuzz_target.run((const char *)data, size);
	return events_of_run();
}

static void generate(struct program *prog, struct rng *rng)
{
	program_generate_short(prog, rng_next(rng));
	if (program_target.shape)
		program_target.shape(prog);
	fuzz_walk(prog, rng_next(rng));
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed)
{
	struct rng rng = { seed };
	struct program_error err;
	struct program prog;

	seeds_through();
	if (program_parse(&prog, (const char *)data, size, &err)) {
		generate(&prog, &rng);
	} else if (!has_passed(data, size)) {
		program_mutate(&prog, rng_next(&rng), NULL);
	} else if (!rng_below(&rng, GENERATE_ONE_IN)) {
		program_destroy(&prog);
		generate(&prog, &rng);
	} else if (!rng_below(&rng, WALK_ONE_IN)) {
		if (rng_below(&rng, 2))
			program_mutate(&prog, rng_next(&rng), NULL);
		if (program_target.shape)
			program_target.shape(&prog);
		fuzz_walk(&prog, rng_next(&rng));
	} else {
		program_mutate(&prog, rng_next(&rng), events_of(data, size));
	}
	if (program_target.shape)
		program_target.shape(&prog);
	size = program_fit(&prog, (char *)data, max);
	program_destroy(&prog);
	return size;
}

size_t LLVMFuzzerCustomCrossOver(const u8 *data1, size_t size1, const u8 *data2, size_t size2,
				 u8 *out, size_t max, unsigned int seed)
{
	struct program prog, with;
	struct program_error err;

	seeds_through();
	if (program_parse(&prog, (const char *)data1, size1, &err))
		return 0;
	if (!program_parse(&with, (const char *)data2, size2, &err)) {
		program_cross(&prog, &with, seed);
		program_destroy(&with);
	}
	if (program_target.shape)
		program_target.shape(&prog);
	size1 = program_fit(&prog, (char *)out, max);
	program_destroy(&prog);
	return size1;
}
