// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slot allocation (SPEC 6): the fast path follows this CPU's hint, the slow path walks the
 * devices; both end in alloc_swap_scan_cluster().
 */
#include "cluster.h"
#include "trace.h"

DEFINE_PER_CPU(struct percpu_swap_cluster, percpu_swap_cluster) = {
	.lock = INIT_LOCAL_LOCK(lock_class_percpu_swap_cluster),
};

/*
 * Could @nr slots from @offset be taken? Cached slots without a count can be reclaimed, which
 * is worth it only when swap is nearly full: then *@need_reclaim is set.
 */
static bool cluster_scan_range(struct swap_info_struct *si, struct swap_cluster_info *ci,
			       unsigned long offset, unsigned int nr, bool *need_reclaim)
	__must_hold(ci->lock)
{
	unsigned int ci_off = offset % SWAPFILE_CLUSTER, ci_end = ci_off + nr;
	unsigned long swp_tb;

	for (; ci_off < ci_end; ci_off++) {
		swp_tb = __swap_table_get(ci, ci_off);
		if (swp_tb_is_null(swp_tb))
			continue;
		if (!swp_tb_is_folio(swp_tb) || __swp_tb_get_count(swp_tb) || !vm_swap_full())
			return false;
		*need_reclaim = true;
	}
	return true;
}

/*
 * Takes the slots, if the device may still be allocated from. The WRITEOK test under ci->lock
 * is the one gate that stops allocation at swapoff: pairs with wait_for_allocation(), which
 * passes through every cluster lock after clearing it. SPEC 6.6.
 */
static bool __swap_cluster_alloc_entries(struct swap_info_struct *si,
					 struct swap_cluster_info *ci,
					 struct folio *folio, unsigned int ci_off)
	__must_hold(ci->lock)
{
	unsigned int order = folio ? folio_order(folio) : 0;
	unsigned int nr_pages = 1U << order, i;

	lockdep_assert_held(&ci->lock);
	if (!(READ_ONCE(si->flags) & SWP_WRITEOK) && !mutant(NO_WRITEOK_GATE)) {
		trace_swap_alloc_gate(si, ci);
		return false;
	}

	for (i = 0; i < nr_pages; i++)
		VM_WARN_ON_ONCE(!swp_tb_is_null(__swap_table_get(ci, ci_off + i)));
	if (likely(folio)) {
		__swap_cache_add_folio(ci, folio, swp_entry(si->type, ci_off +
							    cluster_offset(si, ci)));
		swap_cache_count(folio, nr_pages);
	} else {
		__swap_table_set(ci, ci_off, __swp_tb_mk_count(shadow_to_swp_tb(NULL, 0), 1));
	}

	/* the first allocation dedicates the cluster to its order */
	if (cluster_is_empty(ci) && !mutant(ORDER_NOT_SET))
		ci->order = order;
	ci->count += nr_pages;
	swap_range_alloc(si, nr_pages);
	return true;
}

/*
 * Remembers where to go on: per CPU, or per device for rotating ones. Written after ci->lock
 * is dropped and also when nothing was found (@next 0).
 */
static void swap_alloc_write_hint(struct swap_info_struct *si, unsigned int order,
				  unsigned int next)
{
	if (READ_ONCE(si->flags) & SWP_SOLIDSTATE) {
		this_cpu_write(percpu_swap_cluster.offset[order], next);
		this_cpu_write(percpu_swap_cluster.si[order], si);
	} else {
		si->global_cluster->next[order] = next;
	}
}

/**
 * alloc_swap_scan_cluster - look for free slots in one cluster and take them
 * @si: pinned
 * @ci: usable for the order; its lock is released
 * @folio: locked folio to cache, or NULL for a hibernation slot
 * @offset: where in the cluster to begin; not wrapped
 *
 * May drop and retake ci->lock to reclaim cached slots (SPEC 8). SPEC 6.5.
 * Context: local_lock and (rotating) global_cluster_lock held; ci->lock on entry only.
 * Return: the offset taken, SWAP_ENTRY_INVALID if none.
 */
unsigned int alloc_swap_scan_cluster(struct swap_info_struct *si, struct swap_cluster_info *ci,
				     struct folio *folio, unsigned long offset)
{
	unsigned int order = folio ? folio_order(folio) : 0;
	unsigned int nr_pages = 1U << order;
	unsigned int next = SWAP_ENTRY_INVALID, found = SWAP_ENTRY_INVALID;
	unsigned long start = round_down(offset, SWAPFILE_CLUSTER);
	unsigned long end = start + SWAPFILE_CLUSTER;
	bool need_reclaim, ret, usable;

	lockdep_assert_held(&ci->lock);
	VM_WARN_ON_ONCE(!cluster_is_usable(ci, order));

	if (end < nr_pages || ci->count + nr_pages > SWAPFILE_CLUSTER)
		goto out;

	for (end -= nr_pages; offset <= end; offset += nr_pages) {
		need_reclaim = false;
		if (!cluster_scan_range(si, ci, offset, nr_pages, &need_reclaim))
			continue;
		if (need_reclaim) {
			ret = cluster_reclaim_range(si, ci, offset, order, &usable);
			if (!usable)
				goto out;
			if (cluster_is_empty(ci))
				offset = start;
			/* not all of this range came free: there may be others */
			if (!ret)
				continue;
		}
		if (!__swap_cluster_alloc_entries(si, ci, folio, offset % SWAPFILE_CLUSTER))
			break;
		found = offset;
		offset += nr_pages;
		if (ci->count < SWAPFILE_CLUSTER && offset <= end)
			next = offset;
		break;
	}
out:
	relocate_cluster(si, ci);
	swap_cluster_unlock(ci);
	swap_alloc_write_hint(si, order, next);
	return found;
}

static unsigned int alloc_swap_scan_list(struct swap_info_struct *si, struct list_head *list,
					 struct folio *folio, bool scan_all)
{
	unsigned int found = SWAP_ENTRY_INVALID;
	unsigned int order = folio ? folio_order(folio) : 0;

	do {
		struct swap_cluster_info *ci = isolate_lock_cluster(si, list, order);

		if (!ci)
			break;
		cluster_locked(ci);
		found = alloc_swap_scan_cluster(si, ci, folio, cluster_offset(si, ci));
		if (found)
			break;
		/*
		 * Once swapoff has begun nothing can be found here any more, and a frag
		 * cluster goes back to the tail of the list it came from: stop, or this
		 * loop ends only when swapoff has emptied the device.
		 */
		if (!(READ_ONCE(si->flags) & SWP_WRITEOK) && !mutant(UPSTREAM_FRAG_SCAN) &&
		    !mutant(NO_WRITEOK_GATE))
			break;
	} while (scan_all);

	return found;
}

static unsigned int alloc_swap_steal(struct swap_info_struct *si, struct folio *folio)
{
	unsigned int found, o;

	for (o = 1; o < SWAP_NR_ORDERS; o++) {
		trace_swap_alloc_steal(si, o);
		/*
		 * Clusters here have a free slot: one of them is found unless all are
		 * contended.
		 */
		found = alloc_swap_scan_list(si, &si->frag_clusters[o], folio, true);
		if (!found)
			found = alloc_swap_scan_list(si, &si->nonfull_clusters[o], folio, true);
		if (found)
			return found;
	}
	return SWAP_ENTRY_INVALID;
}

static unsigned int alloc_swap_scan_lists(struct swap_info_struct *si, struct folio *folio)
{
	unsigned int found, order = folio ? folio_order(folio) : 0;
	bool page_discard = READ_ONCE(si->flags) & SWP_PAGE_DISCARD;

	/* With discard: spread writes over the device. */
	if (page_discard) {
		found = alloc_swap_scan_list(si, &si->free_clusters, folio, false);
		if (found)
			return found;
	}
	if (order < HPAGE_PMD_ORDER) {
		found = alloc_swap_scan_list(si, &si->nonfull_clusters[order], folio, true);
		if (found)
			return found;
	}
	if (!page_discard) {
		found = alloc_swap_scan_list(si, &si->free_clusters, folio, false);
		if (found)
			return found;
	}
	/* One full cluster now; the worker does them all. */
	if (vm_swap_full())
		swap_reclaim_full_clusters(si, false);
	if (order < HPAGE_PMD_ORDER) {
		/* One attempt keeps this list rotating and its cached slots reclaimed. */
		found = alloc_swap_scan_list(si, &si->frag_clusters[order], folio, false);
		if (found)
			return found;
	}
	return order ? SWAP_ENTRY_INVALID : alloc_swap_steal(si, folio);
}

/*
 * Order 0 found nothing. But the scans above reclaim cached slots, and a cluster that emptied
 * under its scan went to the free list, another one to nonfull, behind their turn: look there
 * once more. (Upstream does not, and fails with a whole cluster free.)
 */
static unsigned int alloc_swap_second_look(struct swap_info_struct *si, struct folio *folio)
{
	unsigned int found;

	if ((folio && folio_test_large(folio)) || mutant(UPSTREAM_NO_SECOND_LOOK))
		return SWAP_ENTRY_INVALID;
	found = alloc_swap_scan_list(si, &si->nonfull_clusters[0], folio, true);
	if (!found)
		found = alloc_swap_scan_list(si, &si->free_clusters, folio, false);
	return found;
}

/**
 * cluster_alloc_swap_entry - allocate from one device, in the order of SPEC 6.4
 * @si: pinned
 * @folio: locked folio to cache, or NULL for a hibernation slot
 *
 * Context: local_lock held; may be dropped and retaken, on another CPU. May sleep then.
 * Return: the offset taken, 0 if none.
 */
unsigned long cluster_alloc_swap_entry(struct swap_info_struct *si, struct folio *folio)
{
	unsigned int order = folio ? folio_order(folio) : 0;
	unsigned int offset, found = SWAP_ENTRY_INVALID;
	struct swap_cluster_info *ci;

	/* a swap file's extents need not be contiguous */
	if (order && !(READ_ONCE(si->flags) & SWP_BLKDEV))
		return 0;

	global_cluster_lock(si);
	if (!(READ_ONCE(si->flags) & SWP_SOLIDSTATE)) {
		offset = si->global_cluster->next[order];
		if (offset != SWAP_ENTRY_INVALID) {
			ci = swap_cluster_lock(si, offset);
			cluster_locked(ci);
			if (cluster_is_usable(ci, order)) {
				if (cluster_is_empty(ci))
					offset = cluster_offset(si, ci);
				found = alloc_swap_scan_cluster(si, ci, folio, offset);
			} else {
				swap_cluster_unlock(ci);
			}
		}
	}
	if (!found)
		found = alloc_swap_scan_lists(si, folio);
	if (!found)
		found = alloc_swap_second_look(si, folio);
	global_cluster_unlock(si);
	return found;
}

/* The fast path: where this CPU allocated last (SPEC 6.2). local_lock held. */
static bool swap_alloc_fast(struct folio *folio) __no_context_analysis
{
	unsigned int order = folio_order(folio);
	struct swap_info_struct *si;
	struct swap_cluster_info *ci;
	unsigned long offset;

	/*
	 * The hint pins nothing: the device may be off, the cluster freed, filled, or
	 * another order's. All of it is validated below.
	 */
	si = this_cpu_read(percpu_swap_cluster.si[order]);
	offset = this_cpu_read(percpu_swap_cluster.offset[order]);
	if (!si || !offset)
		return false;
	trace_swap_alloc_hint_read(si, order, offset);
	if (!get_swap_device_info(si))
		return false;
	/*
	 * Between the read and the reference the device may have gone, and its struct come
	 * back as another one: the offset belongs to the hint as it was. swapoff clears hints
	 * before the struct can be live again, so an unchanged hint is this life's.
	 */
	if (this_cpu_read(percpu_swap_cluster.si[order]) != si && !mutant(UPSTREAM_STALE_HINT)) {
		put_swap_device(si);
		return false;
	}
	trace_swap_alloc_fast_hint(si, order, offset);

	ci = swap_cluster_lock(si, offset);
	if (cluster_is_usable(ci, order)) {
		if (cluster_is_empty(ci))
			offset = cluster_offset(si, ci);
		alloc_swap_scan_cluster(si, ci, folio, offset);
	} else {
		trace_swap_alloc_fast_unusable(si, ci, order, ci->flags);
		/* deliberately broken under the mutant: the lock stays held */
		if (!mutant(FAST_LOCK_LEAK))
			swap_cluster_unlock(ci);
	}
	put_swap_device(si);
	return folio_test_swapcache(folio);
}

/*
 * A device served: it goes behind the others of its priority (round robin), unless it left
 * the list meanwhile.
 */
static void swap_alloc_rotate(struct swap_info_struct *si)
{
	spin_lock(&swap_avail_lock);
	if (!plist_node_empty(&si->avail_list))
		plist_requeue(&si->avail_list, &swap_avail_head);
	spin_unlock(&swap_avail_lock);
}

/*
 * The slow path: every device believed not full, in priority order (SPEC 6.3). local_lock
 * held; swap_avail_lock is not held while touching a device.
 *
 * Upstream requeues each device *before* trying it. With two devices of equal priority the
 * saved next then always is the other one, and if allocation goes on failing on both while
 * neither is full (no memory for tables) the walk never ends. Here the device is requeued
 * when it has served: each is tried once.
 */
static void swap_alloc_slow(struct folio *folio)
{
	struct swap_info_struct *si, *next;

	spin_lock(&swap_avail_lock);
start_over:
	plist_for_each_entry_safe(si, next, &swap_avail_head, avail_list) {
		if (mutant(UPSTREAM_SLOW_REQUEUE))
			plist_requeue(&si->avail_list, &swap_avail_head);
		spin_unlock(&swap_avail_lock);
		if (get_swap_device_info(si)) {
			cluster_alloc_swap_entry(si, folio);
			if (folio_test_swapcache(folio)) {
				if (!mutant(UPSTREAM_SLOW_REQUEUE))
					swap_alloc_rotate(si);
				put_swap_device(si);
				return;
			}
			/* one attempt for a large folio: it can be split; the next tries another */
			if (folio_test_large(folio)) {
				if (!mutant(UPSTREAM_SLOW_REQUEUE))
					swap_alloc_rotate(si);
				put_swap_device(si);
				return;
			}
			put_swap_device(si);
		}
		spin_lock(&swap_avail_lock);
		/*
		 * The list may have changed. Go on with next if it is still there, else
		 * from the head.
		 */
		if (&next->avail_list.node_list != &swap_avail_head.node_list &&
		    plist_node_empty(&next->avail_list))
			goto start_over;
	}
	spin_unlock(&swap_avail_lock);
}

/**
 * folio_alloc_swap - allocate slots for a folio and bind them by the swap cache
 * @folio: locked, uptodate, not in the swap cache
 *
 * The only way from a free slot to a folio's. On success the slots have count 0 and are
 * pinned by the locked folio alone. SPEC 6.1.
 * Context: may sleep; no spinlock, local lock or RCU section held.
 * Return: 0; -EAGAIN if large folios cannot be swapped whole here; -EINVAL if the folio is
 *	larger than a cluster; -ENOMEM if no slot was found or the charge failed.
 */
int folio_alloc_swap(struct folio *folio)
{
	unsigned int order = folio_order(folio);
	int charge;

	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
	VM_BUG_ON_FOLIO(!folio_test_uptodate(folio), folio);
	trace_swap_alloc_enter(order, folio);

	if (order && !HPAGE_PMD_ORDER)
		return -EAGAIN;
	if (VM_WARN_ON_ONCE(order > HPAGE_PMD_ORDER))
		return -EINVAL;
again:
	local_lock(&percpu_swap_cluster.lock);
	if (!swap_alloc_fast(folio))
		swap_alloc_slow(folio);
	if (mutant(DISCARD_LOCKED) && !order && !folio_test_swapcache(folio))
		swap_sync_discard();
	local_unlock(&percpu_swap_cluster.lock);

	if (!order && !folio_test_swapcache(folio)) {
		if (swap_sync_discard()) {
			trace_swap_alloc_discard_retry();
			goto again;
		}
	}

	/* Charged even on failure, for the statistics. */
	charge = mem_cgroup_try_charge_swap(folio);
	if (charge && folio_test_swapcache(folio))
		swap_cache_del_folio(folio);

	if (!folio_test_swapcache(folio)) {
		trace_swap_alloc_failed(order, !charge);
		return -ENOMEM;
	}
	/* deliberately broken: too late, the charge above may have freed the slots again */
	if (mutant(LATE_DEC))
		atomic_long_sub(1L << order, &nr_swap_pages);
	return 0;
}
