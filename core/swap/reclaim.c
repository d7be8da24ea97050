// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reclaim of slots that are only cached: no count, just a folio (SPEC 8). All of it
 * drops ci->lock, since the folio lock is outside of it.
 */
#include "cluster.h"
#include "trace.h"

bool folio_swapcache_freeable(struct folio *folio)
{
	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
	if (!folio_test_swapcache(folio) || folio_test_writeback(folio))
		return false;
	/* an image of memory that is being written has it as a page whose data is in its slots */
	return !pm_suspended_storage();
}

/* All @nr slots are cached and have no count. ci->lock held. */
static bool swap_only_has_cache(struct swap_cluster_info *ci, unsigned int ci_off, unsigned int nr)
	__must_hold(ci->lock)
{
	unsigned int ci_end = ci_off + nr;
	unsigned long swp_tb;

	for (; ci_off < ci_end; ci_off++) {
		swp_tb = __swap_table_get(ci, ci_off);
		VM_WARN_ON_ONCE(!swp_tb_is_folio(swp_tb));
		if (__swp_tb_get_count(swp_tb))
			return false;
	}
	return true;
}

/**
 * __try_to_reclaim_swap - drop the folio that caches a slot, if its slots have no count
 * @si: kept alive by the caller (a reference, or swapoff flushes the caller)
 * @offset: the slot
 * @flags: TTRS_ANYWAY, or under which condition
 *
 * Context: no cluster lock; local_lock, global_cluster_lock or a PTL may be held: the folio
 *	is only trylocked.
 * Return: pages reclaimed (> 0), minus the pages of a folio that is kept (< 0), 0 if no
 *	folio is there. Non-zero is about a folio that covered @offset, or (negative, not
 *	locked) one that a late look at a reused table found. SPEC 8.2.
 */
int __try_to_reclaim_swap(struct swap_info_struct *si, unsigned long offset, unsigned long flags)
{
	swp_entry_t entry = swp_entry(si->type, offset);
	unsigned long asked = offset;
	struct swap_cluster_info *ci;
	struct folio *folio;
	int ret, nr_pages;
	bool need_reclaim;

again:
	folio = swap_cache_get_folio(entry);
	if (!folio)
		return 0;
	trace_swap_reclaim_lookup(si, offset, folio);
	nr_pages = folio_nr_pages(folio);
	ret = -nr_pages;
	/* deliberately broken: what is read before the lock may be another folio's */
	if (mutant(ENTRY_UNLOCKED))
		offset = swp_offset(folio->swap);

	/*
	 * The folio may be locked by a task that waits for a lock we hold, or by our own
	 * caller: never wait.
	 */
	if (!folio_trylock(folio))
		goto out;

	/* Between the lookup and the lock it may have become any other folio. */
	if (!folio_matches_swap_entry(folio, entry)) {
		/* deliberately broken: what is looked up next time is no longer what was asked */
		if (mutant(RECLAIM_CLOBBER) && folio_test_swapcache(folio))
			entry = folio->swap;
		folio_unlock(folio);
		folio_put(folio);
		cpu_relax();
		goto again;
	}
	nr_pages = folio_nr_pages(folio);
	ret = -nr_pages;
	if (!mutant(ENTRY_UNLOCKED))
		offset = swp_offset(folio->swap);

	need_reclaim = (flags & TTRS_ANYWAY) ||
		       ((flags & TTRS_UNMAPPED) && !folio_mapped(folio)) ||
		       ((flags & TTRS_FULL) && mem_cgroup_swap_full(folio));
	if (!need_reclaim || !folio_swapcache_freeable(folio))
		goto out_unlock;

	ci = swap_cluster_lock(si, offset);
	cluster_locked(ci);
	need_reclaim = swap_only_has_cache(ci, offset % SWAPFILE_CLUSTER, nr_pages);
	swap_cluster_unlock(ci);
	if (!need_reclaim && !mutant(DELETE_UNCHECKED))
		goto out_unlock;

	/* The counts cannot leave 0 meanwhile: that needs the folio lock. */
	swap_cache_del_folio(folio);
	folio_mark_dirty(folio);
	ret = nr_pages;
out_unlock:
	trace_swap_reclaim_done(si, asked, offset, ret);
	folio_unlock(folio);
out:
	folio_put(folio);
	return ret;
}

/**
 * cluster_reclaim_range - reclaim the cached slots of a range, dropping ci->lock
 * @si: pinned
 * @ci: the cluster
 * @start: first slot of the device
 * @order: the range has 1 << order slots
 * @usable: is the cluster still usable for the order?
 *
 * While the lock is dropped the cluster may be freed, lose its table, be isolated again,
 * discarded, filled, or become another order's.
 * Context: ci->lock held on entry and on return.
 * Return: true if every slot of the range is free now. SPEC 8.1.
 */
bool cluster_reclaim_range(struct swap_info_struct *si, struct swap_cluster_info *ci,
			   unsigned long start, unsigned int order, bool *usable)
{
	unsigned int nr_pages = 1U << order;
	unsigned long offset = start, end = start + nr_pages, swp_tb;
	unsigned int ci_off;

	spin_unlock(&ci->lock);
	trace_swap_reclaim_unlocked(si, ci, start, nr_pages);
	do {
		swp_tb = swap_table_get(ci, offset % SWAPFILE_CLUSTER);
		/* also a bad slot: its count is an error */
		if (swp_tb_get_count(swp_tb))
			break;
		if (swp_tb_is_folio(swp_tb) &&
		    __try_to_reclaim_swap(si, offset, TTRS_ANYWAY) < 0)
			break;
	} while (++offset < end);
	spin_lock(&ci->lock);

	*usable = cluster_is_usable(ci, order);
	if (!*usable)
		return false;

	/* an empty cluster needs no look at its words */
	if (cluster_is_empty(ci) || mutant(RECLAIM_NO_RECHECK))
		return true;

	/* what reclaim did says nothing: others were here, too */
	for (ci_off = start % SWAPFILE_CLUSTER, end = ci_off + nr_pages; ci_off < end; ci_off++)
		if (!swp_tb_is_null(__swap_table_get(ci, ci_off)))
			return false;
	return true;
}

static void swap_reclaim_full_cluster(struct swap_info_struct *si, struct swap_cluster_info *ci)
	__must_hold(ci->lock)
{
	unsigned long offset = cluster_offset(si, ci);
	unsigned long end = min((unsigned long)si->max, offset + SWAPFILE_CLUSTER);
	unsigned long swp_tb, nr_pages;
	int nr_reclaim;

	while (offset < end) {
		/* the lock was dropped since: the table may be gone, so not __swap_table_get */
		swp_tb = swap_table_get(ci, offset % SWAPFILE_CLUSTER);
		if (swp_tb_is_folio(swp_tb) && !__swp_tb_get_count(swp_tb)) {
			spin_unlock(&ci->lock);
			nr_reclaim = __try_to_reclaim_swap(si, offset, TTRS_ANYWAY);
			spin_lock(&ci->lock);
			if (nr_reclaim) {
				nr_pages = nr_reclaim < 0 ? -nr_reclaim : nr_reclaim;
				/*
				 * Behind that folio. Upstream adds its size to where it was met, which
				 * need not be its first slot: that one may have a count.
				 */
				offset = mutant(UPSTREAM_FULL_SKIPS) ? offset + nr_pages :
					 round_up(offset + 1, nr_pages);
				continue;
			}
		}
		offset++;
	}
}

/**
 * swap_reclaim_full_clusters - reclaim the cached slots of full clusters
 * @si: pinned, or flushed by swapoff before it goes (the worker)
 * @force: go on for as many clusters as the usage would fill; else one
 *
 * Context: no cluster lock. local_lock and global_cluster_lock may be held. SPEC 8.3.
 */
void swap_reclaim_full_clusters(struct swap_info_struct *si, bool force)
{
	struct swap_cluster_info *ci;
	long to_scan = 1;

	if (force)
		to_scan = swap_usage_in_pages(si) / SWAPFILE_CLUSTER;

	while ((ci = isolate_lock_cluster(si, &si->full_clusters, 0))) {
		cluster_locked(ci);
		to_scan--;
		swap_reclaim_full_cluster(si, ci);
		/* still on no list: no free path came by */
		if (ci->flags == CLUSTER_FLAG_NONE && !mutant(FULL_NOT_RELISTED))
			relocate_cluster(si, ci);
		trace_swap_cluster_unclaimed(si, ci);
		swap_cluster_unlock(ci);
		if (to_scan <= 0)
			break;
		/* the allocator comes here with the local lock held */
		if (force)
			cond_resched();
	}
}

void swap_reclaim_work(struct work_struct *work)
{
	struct swap_info_struct *si = container_of(work, struct swap_info_struct, reclaim_work);

	swap_reclaim_full_clusters(si, true);
}

/**
 * folio_free_swap - give up a folio's slots if they have no other count
 * @folio: locked
 *
 * Context: ci->lock not held; a PTL may be.
 * Return: true if the folio left the swap cache (it is dirty now). SPEC 12.
 */
bool folio_free_swap(struct folio *folio)
{
	if (!folio_swapcache_freeable(folio))
		return false;
	if (folio_maybe_swapped(folio))
		return false;
	swap_cache_del_folio(folio);
	folio_mark_dirty(folio);
	return true;
}

/**
 * free_swap_cache - after an unmap: the cached folio's slots, if its lock is free
 * @folio: referenced by the caller
 *
 * Context: a PTL may be held: trylock only. SPEC 17.5.
 */
void free_swap_cache(struct folio *folio)
{
	if (folio_test_swapcache(folio) && !folio_mapped(folio) && folio_trylock(folio)) {
		folio_free_swap(folio);
		folio_unlock(folio);
	}
}

/**
 * free_folio_and_swap_cache - put a folio, and its slots if nobody else needs them
 * @folio: referenced by the caller, who loses that reference
 *
 * Context: as free_swap_cache(). SPEC 17.8.
 */
void free_folio_and_swap_cache(struct folio *folio)
{
	free_swap_cache(folio);
	folio_put(folio);
}

/**
 * free_pages_and_swap_cache - put what an unmap has gathered
 * @pages: each holds a reference, which the caller loses, on its folio; with ENCODED_PAGE_BIT_NR_PAGES_NEXT
 *	as many as the next element says
 * @nr: elements of @pages, numbers among them
 *
 * Context: as free_swap_cache(). SPEC 17.5.
 */
void free_pages_and_swap_cache(struct encoded_page **pages, int nr)
{
	struct folio *folio;
	int i, refs;

	for (i = 0; i < nr; i++) {
		folio = page_folio(encoded_page_ptr(pages[i]));
		refs = encoded_page_flags(pages[i]) ? encoded_nr_pages(pages[++i]) : 1;
		free_swap_cache(folio);
		folio_put_refs(folio, refs);
	}
}
