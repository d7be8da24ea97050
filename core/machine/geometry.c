// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <kernel/geometry.h>
#include <kernel/percpu.h>

#ifdef GEOMETRY_PMD_ORDER
#define FIXED .cluster_slots = 1 << GEOMETRY_PMD_ORDER, .pmd_order = GEOMETRY_PMD_ORDER,	\
	      .count_bits = GEOMETRY_COUNT_BITS, .table = GEOMETRY_TABLE
static const struct geometry compiled_in = { FIXED };
const struct geometry *geometry_fixed = &compiled_in;
#else
#define FIXED .cluster_slots = 512, .pmd_order = 9, .count_bits = 4
const struct geometry *geometry_fixed;
#endif

struct geometry geometry = { FIXED, .nr_cpus = 4, .ptl_shift = 2 };

/* Of slots, count bits and back end. */
static const char *bad_for_this_build(const struct geometry *g)
{
	const struct geometry *f = geometry_fixed;
	static char why[128];

	if (!f || (g->cluster_slots == f->cluster_slots && g->count_bits == f->count_bits &&
		   g->table == f->table))
		return NULL;
	snprintf(why, sizeof(why), "this build is for %u slots per cluster, %u count bits and the "
		 "%s back end only", f->cluster_slots, f->count_bits,
		 f->table == TABLE_SLAB ? "slab" : "page");
	return why;
}

int geometry_set(const struct geometry *g, const char **why)
{
	const char *bad = NULL;

	if (g->cluster_slots < 8 || g->cluster_slots > SWAPFILE_CLUSTER_MAX ||
	    (g->cluster_slots & (g->cluster_slots - 1)))
		bad = "slots per cluster must be a power of two, 8 to 512";
	else if (g->cluster_slots != 1U << g->pmd_order)
		bad = "the PMD order must be log2 of the slots per cluster";
	else if (g->count_bits < 2 || g->count_bits > 4)
		bad = "count bits must be 2 to 4";
	else if (!g->nr_cpus || g->nr_cpus > NR_CPUS)
		bad = "virtual CPUs must be 1 to 16";
	else if (g->ptl_shift > 9)
		bad = "PTEs per page-table lock must be 2^0 to 2^9";
	else if (g->table != TABLE_PAGE && g->table != TABLE_SLAB)
		bad = "the table back end must be page or slab";
	else
		bad = bad_for_this_build(g);
	if (why)
		*why = bad;
	if (bad)
		return -EINVAL;
	geometry = *g;
	return 0;
}
