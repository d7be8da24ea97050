// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hibernation: slots without folios, on a device that is pinned for them (SPEC 13). The image
 * that remembers them is core/mm's.
 */
#include <kernel/blkdev.h>
#include "cluster.h"
#include "trace.h"

/**
 * pin_hibernation_swap_type - keep a device on for a hibernation image
 * @device: its block device's number
 * @offset: the block where the swap area begins; 0, that of a device as a whole
 *
 * Context: takes swap_lock and si->lock. Return: its type; -ENODEV: it is not on; -EBUSY: pinned.
 */
int pin_hibernation_swap_type(dev_t device, sector_t offset)
{
	struct swap_info_struct *si;
	int ret = -ENODEV;

	if (offset)
		return ret;
	spin_lock(&swap_lock);
	plist_for_each_entry(si, &swap_active_head, list) {
		if (!(READ_ONCE(si->flags) & SWP_WRITEOK) || si->bdev->bd_dev != device)
			continue;
		ret = -EBUSY;
		if (READ_ONCE(si->flags) & SWP_HIBERNATION)
			break;
		spin_lock(&si->lock);
		fetch_or_relaxed(&si->flags, (unsigned long)SWP_HIBERNATION);
		spin_unlock(&si->lock);
		ret = si->type;
		break;
	}
	spin_unlock(&swap_lock);
	return ret;
}

/* The last image on the device is gone. */
void unpin_hibernation_swap_type(int type)
{
	struct swap_info_struct *si = swap_type_to_info(type);

	spin_lock(&swap_lock);
	spin_lock(&si->lock);
	fetch_andnot_relaxed(&si->flags, (unsigned long)SWP_HIBERNATION);
	spin_unlock(&si->lock);
	spin_unlock(&swap_lock);
}

/**
 * find_first_swap - the device for an image when the user names none
 * @device: set to its block device's number
 *
 * Context: takes swap_lock. Return: the lowest type that is on; -ENODEV.
 */
int find_first_swap(dev_t *device)
{
	unsigned int type;
	int ret = -ENODEV;

	spin_lock(&swap_lock);
	for (type = 0; type < nr_swapfiles && ret < 0; type++) {
		if (!(READ_ONCE(swap_info[type]->flags) & SWP_WRITEOK))
			continue;
		*device = swap_info[type]->bdev->bd_dev;
		ret = type;
	}
	spin_unlock(&swap_lock);
	return ret;
}

/**
 * swapdev_block - where a device has a slot, for the writer of an image
 * @type: of a device that is pinned: there is no reference
 * @offset: the slot
 *
 * Context: any. Return: the block, in pages; 0: the device is not on.
 */
sector_t swapdev_block(int type, pgoff_t offset)
{
	struct swap_info_struct *si = swap_type_to_info(type);

	if (!si || !(READ_ONCE(si->flags) & SWP_WRITEOK))
		return 0;
	return bdev_block(si->bdev, offset);
}

/**
 * count_swap_pages - what an image could take
 * @type: any number
 * @free: only the pages that are not in use
 *
 * Context: takes swap_lock and si->lock. Return: pages; 0: no device of this type is on.
 */
unsigned int count_swap_pages(int type, int free)
{
	struct swap_info_struct *si;
	unsigned int nr = 0;

	spin_lock(&swap_lock);
	if ((unsigned int)type < nr_swapfiles) {
		si = swap_info[type];
		spin_lock(&si->lock);
		if (READ_ONCE(si->flags) & SWP_WRITEOK)
			nr = si->pages - (free ? swap_usage_in_pages(si) : 0);
		spin_unlock(&si->lock);
	}
	spin_unlock(&swap_lock);
	return nr;
}

/**
 * swap_alloc_hibernation_slot - one slot of a device, count 1, no folio
 * @type: of a device that is pinned: there is no reference
 *
 * Context: may sleep (the table allocation does).
 * Return: the entry; .val 0 if there is none.
 */
swp_entry_t swap_alloc_hibernation_slot(int type) __no_context_analysis
{
	struct swap_info_struct *si = swap_type_to_info(type);
	unsigned long pcp_offset, offset = SWAP_ENTRY_INVALID;
	struct swap_info_struct *pcp_si;
	struct swap_cluster_info *ci;
	swp_entry_t entry = { 0 };

	if (!si || !(READ_ONCE(si->flags) & SWP_WRITEOK))
		return entry;

	/* The local lock: table allocation expects it, and drops it when it sleeps. */
	local_lock(&percpu_swap_cluster.lock);
	pcp_si = this_cpu_read(percpu_swap_cluster.si[0]);
	pcp_offset = this_cpu_read(percpu_swap_cluster.offset[0]);
	if (pcp_si == si && pcp_offset) {
		ci = swap_cluster_lock(si, pcp_offset);
		if (cluster_is_usable(ci, 0))
			offset = alloc_swap_scan_cluster(si, ci, NULL, pcp_offset);
		else
			swap_cluster_unlock(ci);
	}
	if (!offset)
		offset = cluster_alloc_swap_entry(si, NULL);
	local_unlock(&percpu_swap_cluster.lock);

	if (offset) {
		entry = swp_entry(si->type, offset);
		/* deliberately broken: swap_range_alloc() did that */
		if (mutant(HIB_DOUBLE_DEC) || mutant(LATE_DEC))
			atomic_long_dec(&nr_swap_pages);
	}
	return entry;
}

/**
 * swap_free_hibernation_slot - give a hibernation slot back
 * @entry: from swap_alloc_hibernation_slot()
 *
 * Readahead may have cached it, since it looks swapped out. Then the count goes and the slot
 * is freed with the folio, here if its lock is free.
 * Context: ci->lock not held.
 */
void swap_free_hibernation_slot(swp_entry_t entry)
{
	unsigned long offset = swp_offset(entry);
	unsigned int ci_off = swp_cluster_offset(entry);
	struct swap_info_struct *si;
	struct swap_cluster_info *ci;
	bool cached;

	si = get_swap_device(entry);
	if (WARN_ON(!si))
		return;
	ci = swap_cluster_lock(si, offset);
	cluster_locked(ci);
	/* deliberately broken: the helper takes the lock that is held */
	if (mutant(HIB_WARN_RELOCK))
		WARN_ON(!swp_swapcount(entry));
	cached = swp_tb_is_folio(__swap_table_get(ci, ci_off));
	__swap_cluster_put_entry(si, ci, ci_off);
	/* deliberately broken under the mutant: a folio stays flagged as cached, its word gone */
	if (!cached || mutant(HIB_FREE_CACHED))
		__swap_cluster_free_entries(si, ci, ci_off, 1);
	swap_cluster_unlock(ci);

	__try_to_reclaim_swap(si, offset, TTRS_ANYWAY);
	put_swap_device(si);
}
