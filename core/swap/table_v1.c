// SPDX-License-Identifier: GPL-2.0-only
/*
 * swap_cluster_populate() as it was posted in August 2025 (SPEC 7.2), for the mutants of the
 * group seed-v1. It is table.c's, but for what it does after the sleep: it looks whether this CPU has a
 * usable hint, and goes on with that cluster instead.
 */
#include <kernel/slab.h>
#include "cluster.h"
#include "trace.h"

/* One defect a switch; SEED_V1_SLAB is a matter of the back end. */
bool swap_table_v1(void)
{
	return mutant(SEED_V1_A) || mutant(SEED_V1_B) || mutant(SEED_V1_C) || mutant(SEED_V1_GFP);
}

/*
 * Deliberately broken: SEED_V1_A forgets the isolated cluster, SEED_V1_C
 * does not ask which device the hint's offset belongs to.
 */
static struct swap_cluster_info *
swap_cluster_substitute_v1(struct swap_info_struct *si, struct swap_cluster_info *ci, int order)
	__no_context_analysis
{
	struct swap_cluster_info *pcp_ci;
	unsigned long offset;

	if (!mutant(SEED_V1_A) && !mutant(SEED_V1_C))
		return NULL;
	offset = this_cpu_read(percpu_swap_cluster.offset[order]);
	if (!(READ_ONCE(si->flags) & SWP_SOLIDSTATE) || !offset)
		return NULL;
	if (!mutant(SEED_V1_C) && this_cpu_read(percpu_swap_cluster.si[order]) != si)
		return NULL;
	if (!mutant(SEED_V1_A)) {
		/* the device confusion alone: the isolated cluster is not lost */
		spin_lock(&ci->lock);
		move_cluster(si, ci, &si->free_clusters, CLUSTER_FLAG_FREE);
		spin_unlock(&ci->lock);
		trace_swap_cluster_unclaimed(si, ci);
	}
	pcp_ci = swap_cluster_lock(si, offset);
	if (cluster_is_usable(pcp_ci, order) && pcp_ci->count < SWAPFILE_CLUSTER) {
		trace_swap_table_substituted(si, pcp_ci);
		return pcp_ci;
	}
	swap_cluster_unlock(pcp_ci);
	if (mutant(SEED_V1_A))
		return NULL;
	/* take back what was put back above, if no other task did */
	spin_lock(&ci->lock);
	if (ci->flags != CLUSTER_FLAG_FREE) {
		spin_unlock(&ci->lock);
		return ci;
	}
	spin_lock(&si->lock);
	list_del(&ci->list);
	ci->flags = CLUSTER_FLAG_NONE;
	spin_unlock(&si->lock);
	spin_unlock(&ci->lock);
	return NULL;
}

/* Does it go another way after the sleep? Then with *@res. */
static bool goes_elsewhere(struct swap_info_struct *si, struct swap_cluster_info *ci, int order,
			   struct swap_cluster_tables *t, struct swap_cluster_info **res)
{
	struct swap_cluster_info *pcp_ci = swap_cluster_substitute_v1(si, ci, order);

	if (pcp_ci) {
		if (t->table)
			swap_cluster_tables_free(t);
		trace_swap_table_alloc_leave(si, ci, pcp_ci != ci);
		if (mutant(SEED_V1_A))
			trace_swap_cluster_unclaimed(si, ci);
		/* @ci itself means: it was put back and lost to another task */
		*res = pcp_ci == ci ? NULL : pcp_ci;
		return true;
	}
	if (!t->table && mutant(SEED_V1_B)) {
		trace_swap_table_alloc_leave(si, ci, false);
		trace_swap_cluster_unclaimed(si, ci);
		*res = NULL;
		return true;
	}
	return false;
}

/**
 * swap_cluster_populate_v1 - swap_cluster_populate(), with a defect
 * @si, @ci: as there
 * @order: whose hint to look at after the sleep
 *
 * Context: as there. Return: as there, or the cluster of this CPU's hint, locked.
 */
struct swap_cluster_info *swap_cluster_populate_v1(struct swap_info_struct *si,
						   struct swap_cluster_info *ci, int order)
	__no_context_analysis
{
	gfp_t gfp = __GFP_HIGH | __GFP_NOMEMALLOC | GFP_KERNEL;
	struct swap_cluster_tables t = { 0 };
	struct swap_cluster_info *res;
	unsigned int cpu;
	int err;

	lockdep_assert_held(&ci->lock);
	trace_swap_table_alloc_enter(si, ci);
	if (!swap_cluster_tables_alloc(&t, __GFP_HIGH | __GFP_NOMEMALLOC | __GFP_NOWARN, false)) {
		swap_cluster_tables_publish(ci, &t);
		goto out;
	}
	trace_swap_table_atomic_failed(si, ci);
	cpu = raw_smp_processor_id();

	spin_unlock(&ci->lock);
	global_cluster_unlock(si);
	local_unlock(&percpu_swap_cluster.lock);
	trace_swap_table_unlocked(si, ci, cpu);

	if (mutant(SEED_V1_GFP))
		gfp &= ~__GFP_NOMEMALLOC;
	err = swap_cluster_tables_alloc(&t, gfp, false);
	trace_swap_table_slept(si, ci, raw_smp_processor_id(), t.table);

	local_lock(&percpu_swap_cluster.lock);
	global_cluster_lock(si);
	if (goes_elsewhere(si, ci, order, &t, &res))
		return res;

	spin_lock(&ci->lock);
	trace_swap_table_relocked(si, ci, raw_smp_processor_id(), cpu);
	if (err) {
		move_cluster(si, ci, &si->free_clusters, CLUSTER_FLAG_FREE);
		spin_unlock(&ci->lock);
		return NULL;
	}
	swap_cluster_tables_publish(ci, &t);
out:
	trace_swap_table_alloc_leave(si, ci, true);
	return ci;
}
