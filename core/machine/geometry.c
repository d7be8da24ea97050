// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <kernel/geometry.h>
#include <kernel/percpu.h>

struct geometry geometry = {
	.cluster_slots = 512, .pmd_order = 9, .count_bits = 4, .nr_cpus = 4, .ptl_shift = 2,
};

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
	if (why)
		*why = bad;
	if (bad)
		return -EINVAL;
	geometry = *g;
	return 0;
}
