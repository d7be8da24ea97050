/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What are compile-time constants in the kernel and data here. Set before the core is
 * initialised, constant while it runs.
 */
#ifndef _KERNEL_GEOMETRY_H
#define _KERNEL_GEOMETRY_H

#include <kernel/types.h>

enum table_backend {
	TABLE_PAGE,			/* freed by call_rcu */
	TABLE_SLAB,			/* TYPESAFE: reused at once */
};

struct geometry {
	unsigned int cluster_slots;	/* power of two, 8..512 */
	unsigned int pmd_order;		/* log2 of the above */
	unsigned int count_bits;	/* 2..4 */
	unsigned int nr_cpus;		/* 1..NR_CPUS */
	unsigned int ptl_shift;		/* one PTL per 2^k PTEs */
	enum table_backend table;
};
extern struct geometry geometry;

#ifdef GEOMETRY_PMD_ORDER
/* the rest is in the tree's own headers */
#define PMD_ORDER GEOMETRY_PMD_ORDER
#define HPAGE_PMD_ORDER PMD_ORDER
#define HPAGE_PMD_NR (1 << HPAGE_PMD_ORDER)
#define SWAP_NR_ORDERS_MAX (PMD_ORDER + 1)
#else
#define SWAPFILE_CLUSTER (geometry.cluster_slots)
#define HPAGE_PMD_ORDER (geometry.pmd_order)
#define SWAP_NR_ORDERS (geometry.pmd_order + 1)
#define SWAP_NR_ORDERS_MAX 10
#endif
#define SWAPFILE_CLUSTER_MAX 512

/*
 * A core whose constants are compiled in (a kernel tree's) has one geometry: its slots, count
 * bits and back end. NULL: all that geometry_set() takes. Built with -DGEOMETRY_PMD_ORDER,
 * -DGEOMETRY_COUNT_BITS and -DGEOMETRY_TABLE.
 */
extern const struct geometry *geometry_fixed;

/* Return: 0, or -EINVAL with @why set to a sentence. */
int geometry_set(const struct geometry *g, const char **why);

#endif /* _KERNEL_GEOMETRY_H */
