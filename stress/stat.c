// SPDX-License-Identifier: GPL-2.0-only
/* Counts and latency histograms. */
#include <time.h>
#include "stat.h"

#define LOAD(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define STORE(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)

u64 time_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000UL + ts.tv_nsec;
}

static unsigned int bucket_of(u64 ns)
{
	unsigned int log, bucket;

	if (ns < 4)
		return ns;
	log = 63 - __builtin_clzl(ns);
	bucket = 4 * (log - 1) + ((ns >> (log - 2)) & 3);
	return bucket < STAT_BUCKETS ? bucket : STAT_BUCKETS - 1;
}

/* The largest value that falls into a bucket. */
static u64 bucket_end(unsigned int bucket)
{
	unsigned int log = bucket / 4 + 1;

	if (bucket < 4)
		return bucket;
	return ((5UL + bucket % 4) << (log - 2)) - 1;
}

void op_stat_add(struct op_stat *stat, u64 ns, bool refused)
{
	unsigned int bucket = bucket_of(ns);

	STORE(stat->buckets[bucket], stat->buckets[bucket] + 1);
	if (ns > stat->ns_max)
		STORE(stat->ns_max, ns);
	if (refused)
		STORE(stat->refused, stat->refused + 1);
	else
		STORE(stat->done, stat->done + 1);
}

void op_stat_merge(struct op_stat *sum, const struct op_stat *stat)
{
	unsigned int i;

	sum->done += LOAD(stat->done);
	sum->refused += LOAD(stat->refused);
	sum->ns_max = max(sum->ns_max, LOAD(stat->ns_max));
	for (i = 0; i < STAT_BUCKETS; i++)
		sum->buckets[i] += LOAD(stat->buckets[i]);
}

u64 op_stat_count(const struct op_stat *stat)
{
	return LOAD(stat->done) + LOAD(stat->refused);
}

u64 op_stat_quantile(const struct op_stat *stat, unsigned int per_mille)
{
	u64 total = 0, seen = 0;
	unsigned int i;

	for (i = 0; i < STAT_BUCKETS; i++)
		total += stat->buckets[i];
	for (i = 0; i < STAT_BUCKETS; i++) {
		seen += stat->buckets[i];
		if (total && seen * 1000 >= total * per_mille)
			return min(bucket_end(i), stat->ns_max);
	}
	return 0;
}
