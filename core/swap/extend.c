// SPDX-License-Identifier: GPL-2.0-only
/*
 * The extend table: counts that do not fit a table word, one array a cluster, attached when
 * the first count reaches the word's maximum and freed when none needs it (SPEC 12.1).
 */
#include <kernel/slab.h>
#include "cluster.h"

/**
 * swap_extend_table_alloc - attach an extend table, if it is still needed
 * @si: kept alive by the caller
 * @ci: the cluster
 * @ci_off: the slot that could not be counted up
 * @gfp: may it sleep
 *
 * Context: ci->lock not held; taken. Sleeps if @gfp allows.
 * Return: 0 (also if nothing had to be done), -ENOMEM.
 */
int swap_extend_table_alloc(struct swap_info_struct *si, struct swap_cluster_info *ci,
			    unsigned int ci_off, gfp_t gfp)
{
	unsigned int *table;
	int count;

	table = __kmalloc_tagged(sizeof(*table) * SWAPFILE_CLUSTER, gfp | __GFP_ZERO,
				 ALLOC_EXTEND_ATOMIC, ALLOC_TYPE_EXTEND);
	if (!table)
		return -ENOMEM;

	spin_lock(&ci->lock);
	/*
	 * Nothing held the slot while we allocated: attached without a count that needs it,
	 * the table would stay for ever.
	 */
	if (!cluster_table_is_alloced(ci))
		goto out_free;
	count = swp_tb_get_count(__swap_table_get(ci, ci_off));
	if (count < (int)SWP_TB_COUNT_MAX - 1 && !mutant(EXTEND_UNNEEDED))
		goto out_free;
	if (ci->extend_table)
		goto out_free;
	ci->extend_table = table;
	trace_swap_extend_attached(si, ci, cluster_offset(si, ci) + ci_off);
	spin_unlock(&ci->lock);
	return 0;

out_free:
	trace_swap_extend_unneeded(si, ci, cluster_offset(si, ci) + ci_off);
	spin_unlock(&ci->lock);
	kfree(table);
	return 0;
}

/* Frees the extend table if no slot uses it. ci->lock held. */
void swap_extend_table_try_free(struct swap_info_struct *si, struct swap_cluster_info *ci)
{
	unsigned int i;

	lockdep_assert_held(&ci->lock);
	if (!ci->extend_table)
		return;
	for (i = 0; i < SWAPFILE_CLUSTER; i++)
		if (ci->extend_table[i])
			return;
	kfree(ci->extend_table);
	ci->extend_table = NULL;
	trace_swap_extend_freed(si, ci);
}

/**
 * swap_retry_table_alloc - after swap_dup_entry_direct() returned -ENOMEM
 * @entry: the slot; it may have changed in any way since
 * @gfp: a mask that may sleep
 *
 * Context: no PTL held; sleeps.
 * Return: 0: try again; -ENOMEM. SPEC 12.1.
 */
int swap_retry_table_alloc(swp_entry_t entry, gfp_t gfp)
{
	struct swap_info_struct *si;
	struct swap_cluster_info *ci;
	int err;

	si = get_swap_device(entry);
	if (!si)
		return 0;
	ci = __swap_offset_to_cluster(si, swp_offset(entry));
	err = swap_extend_table_alloc(si, ci, swp_cluster_offset(entry), gfp);
	put_swap_device(si);
	return err;
}
