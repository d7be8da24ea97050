/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts and latencies of a kind of operation: a logarithmic histogram with four buckets per
 * power of two, so that a quantile is off by at most a fifth.
 */
#ifndef _STRESS_STAT_H
#define _STRESS_STAT_H

#include <kernel/types.h>

#define STAT_BUCKETS (4 * 40)

/* One writer; readers see relaxed, slightly old values. */
struct op_stat {
	u64 done, refused;
	u64 ns_max;
	u64 buckets[STAT_BUCKETS];
};

void op_stat_add(struct op_stat *stat, u64 ns, bool refused);
void op_stat_merge(struct op_stat *sum, const struct op_stat *stat);
u64 op_stat_count(const struct op_stat *stat);
/* The value that @per_mille of the operations do not exceed, in ns. */
u64 op_stat_quantile(const struct op_stat *stat, unsigned int per_mille);

/* CLOCK_MONOTONIC in ns */
u64 time_ns(void);

#endif /* _STRESS_STAT_H */
