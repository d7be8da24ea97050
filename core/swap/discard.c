// SPDX-License-Identifier: GPL-2.0-only
/*
 * Discard of clusters that became empty (SPEC 5.2, 6.1a). A cluster keeps its table, all
 * NULL, and its DISCARD flag until its discard is over, so that it is not used.
 */
#include "cluster.h"
#include "trace.h"

/* Their content is gone afterwards. Sleeps in the device. */
void swap_discard_slots(struct swap_info_struct *si, unsigned long start, unsigned long nr)
{
	blkdev_issue_discard(si->bdev, (sector_t)start << (PAGE_SHIFT - SECTOR_SHIFT),
			     (sector_t)nr << (PAGE_SHIFT - SECTOR_SHIFT), GFP_KERNEL);
}

/**
 * swap_cluster_schedule_discard - an empty cluster's content is to be discarded
 * @si: its device
 * @ci: count 0, not FREE
 *
 * Context: ci->lock held.
 */
void swap_cluster_schedule_discard(struct swap_info_struct *si, struct swap_cluster_info *ci)
{
	VM_BUG_ON(ci->flags == CLUSTER_FLAG_FREE);
	move_cluster(si, ci, &si->discard_clusters, CLUSTER_FLAG_DISCARD);
	schedule_work(&si->discard_work);
}

/**
 * swap_do_scheduled_discard - issue all pending discards of a device
 * @si: pinned, or flushed by swapoff before it goes (the worker)
 *
 * Safe against itself: each caller works on the clusters that it unlinked.
 * Context: no lock held; sleeps in the device.
 * Return: true if at least one cluster was discarded.
 */
bool swap_do_scheduled_discard(struct swap_info_struct *si)
{
	struct swap_cluster_info *ci;
	unsigned int start;
	bool ret = false;

	spin_lock(&si->lock);
	while (!list_empty(&si->discard_clusters)) {
		ci = list_first_entry(&si->discard_clusters, struct swap_cluster_info, list);
		/*
		 * Off the list without ci->lock and with DISCARD left in flags: no other task may
		 * touch a cluster that is being discarded.
		 */
		list_del(&ci->list);
		spin_unlock(&si->lock);

		start = cluster_offset(si, ci);
		swap_discard_slots(si, start, SWAPFILE_CLUSTER);

		spin_lock(&ci->lock);
		ci->flags = CLUSTER_FLAG_NONE;
		__free_cluster(si, ci);
		spin_unlock(&ci->lock);
		ret = true;
		spin_lock(&si->lock);
	}
	spin_unlock(&si->lock);
	return ret;
}

void swap_discard_work(struct work_struct *work)
{
	struct swap_info_struct *si = container_of(work, struct swap_info_struct, discard_work);

	swap_do_scheduled_discard(si);
}

/**
 * swap_sync_discard - an allocation found nothing: is it only waiting to be discarded?
 *
 * Context: no spinlock, local lock or RCU section held; sleeps.
 * Return: true if at least one discard completed: worth another attempt. SPEC 6.1a.
 */
bool swap_sync_discard(void)
{
	struct swap_info_struct *si, *next;
	bool done = false;

	might_sleep();
	spin_lock(&swap_lock);
start_over:
	plist_for_each_entry_safe(si, next, &swap_active_head, list) {
		spin_unlock(&swap_lock);
		if (get_swap_device_info(si)) {
			if (READ_ONCE(si->flags) & SWP_PAGE_DISCARD)
				done = swap_do_scheduled_discard(si);
			put_swap_device(si);
		}
		if (done)
			return true;
		spin_lock(&swap_lock);
		if (&next->list.node_list != &swap_active_head.node_list &&
		    plist_node_empty(&next->list))
			goto start_over;
	}
	spin_unlock(&swap_lock);
	return false;
}
