// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts of slots and their freeing (SPEC 9, 12). A slot is freed when its count is gone and
 * no folio caches it; a cached slot is freed by the cache's deletion only.
 */
#include "cluster.h"
#include "trace.h"

/* The slots' cgroups get their charges back, a run of slots of one cgroup at a time. */
static void swap_cgroup_uncharge(struct swap_cluster_info *ci, unsigned int ci_off,
				 unsigned int nr) __must_hold(ci->lock)
{
	unsigned int ci_end = ci_off + nr, run;
	unsigned short id;

	for (; ci_off < ci_end; ci_off += run) {
		id = __swap_cgroup_get(ci, ci_off);
		for (run = 1; ci_off + run < ci_end; run++)
			if (__swap_cgroup_get(ci, ci_off + run) != id)
				break;
		mem_cgroup_uncharge_swap(__swap_cgroup_clear(ci, ci_off, run), run);
	}
}

/*
 * Frees slots: uncached, at most one count each. The counters change before the cluster is
 * re-listed and its table freed, all in one ci->lock section (SPEC 9.2, 9.4).
 */
void __swap_cluster_free_entries(struct swap_info_struct *si, struct swap_cluster_info *ci,
				 unsigned int ci_off, unsigned int nr)
{
	unsigned long swp_tb;
	unsigned int i;

	lockdep_assert_held(&ci->lock);
	VM_WARN_ON_ONCE(ci->count < nr);

	ci->count -= nr;
	for (i = ci_off; i < ci_off + nr; i++) {
		swp_tb = __swap_table_xchg(ci, i, null_to_swp_tb());
		/* a folio here would be left behind in no cache, but flagged as cached */
		VM_WARN_ON_ONCE(!swp_tb_is_shadow(swp_tb) || __swp_tb_get_count(swp_tb) > 1);
	}
	swap_cgroup_uncharge(ci, ci_off, nr);
	swap_range_free(si, cluster_offset(si, ci) + ci_off, nr);

	if (!ci->count)
		free_cluster(si, ci);
	else
		partial_free_cluster(si, ci);
}

/* Count + 1. Return: 0, -ENOMEM (extend table needed), -EINVAL (bad), -ENOENT (free). */
int __swap_cluster_dup_entry(struct swap_info_struct *si, struct swap_cluster_info *ci,
			     unsigned int ci_off)
{
	unsigned long swp_tb;
	int count;

	lockdep_assert_held(&ci->lock);
	swp_tb = __swap_table_get(ci, ci_off);
	count = swp_tb_get_count(swp_tb);
	/* a bad or foreign slot */
	if (WARN_ON_ONCE(count < 0))
		return -EINVAL;
	/* 0 -> 1 needs a cached folio, whose lock the caller holds */
	if (WARN_ON_ONCE(!count && !swp_tb_is_folio(swp_tb)))
		return -ENOENT;

	if (count < (int)SWP_TB_COUNT_MAX - 1) {
		__swap_table_set(ci, ci_off, __swp_tb_mk_count(swp_tb, count + 1));
	} else if (count == (int)SWP_TB_COUNT_MAX - 1) {
		if (!ci->extend_table)
			return -ENOMEM;
		ci->extend_table[ci_off] = SWP_TB_COUNT_MAX;
		__swap_table_set(ci, ci_off, __swp_tb_mk_count(swp_tb, SWP_TB_COUNT_MAX));
	} else {
		VM_WARN_ON_ONCE(!ci->extend_table);
		++ci->extend_table[ci_off];
	}
	trace_swap_entry_dup(si, ci, cluster_offset(si, ci) + ci_off, count + 1);
	return 0;
}

/* Count - 1; never frees the slot. */
void __swap_cluster_put_entry(struct swap_info_struct *si, struct swap_cluster_info *ci,
			      unsigned int ci_off)
{
	unsigned long swp_tb;
	unsigned int extended;
	int count;

	lockdep_assert_held(&ci->lock);
	swp_tb = __swap_table_get(ci, ci_off);
	count = swp_tb_get_count(swp_tb);
	/* an underflow would corrupt the word */
	VM_WARN_ON_ONCE(count <= 0 || count > (int)SWP_TB_COUNT_MAX);

	if (count == (int)SWP_TB_COUNT_MAX) {
		VM_WARN_ON_ONCE(!ci->extend_table);
		extended = ci->extend_table[ci_off] - 1;
		if (extended == SWP_TB_COUNT_MAX - 1) {
			ci->extend_table[ci_off] = 0;
			count = extended;
			__swap_table_set(ci, ci_off, __swp_tb_mk_count(swp_tb, count));
		} else {
			ci->extend_table[ci_off] = extended;
		}
	} else {
		__swap_table_set(ci, ci_off, __swp_tb_mk_count(swp_tb, --count));
	}
	trace_swap_entry_put(si, ci, cluster_offset(si, ci) + ci_off, count);
	if (count == (int)SWP_TB_COUNT_MAX - 2 || count == (int)SWP_TB_COUNT_MAX - 1)
		swap_extend_table_try_free(si, ci);
}

/**
 * swap_dup_entries_cluster - count + 1 for slots of one cluster
 * @si: kept alive by the owner's lock or the cached folio
 * @offset: first slot
 * @nr: number of slots, all in one cluster
 *
 * Drops ci->lock to allocate an extend table when a count does not fit; slots done so far
 * keep their new count meanwhile, and lose it again if that fails.
 * Context: owner locked (PTL); GFP_ATOMIC only. SPEC 12.1.
 * Return: 0; -ENOMEM; -EINVAL or -ENOENT (with a warning) for a bad or free slot.
 */
int swap_dup_entries_cluster(struct swap_info_struct *si, unsigned long offset, unsigned int nr)
{
	unsigned int ci_start = offset % SWAPFILE_CLUSTER;
	unsigned int ci_off = ci_start, ci_end = ci_start + nr;
	struct swap_cluster_info *ci;
	int err;

	VM_WARN_ON_ONCE(ci_end > SWAPFILE_CLUSTER);
	ci = swap_cluster_lock(si, offset);
	cluster_locked(ci);
	while (ci_off < ci_end) {
		err = __swap_cluster_dup_entry(si, ci, ci_off);
		if (!err) {
			ci_off++;
			continue;
		}
		if (err == -ENOMEM) {
			spin_unlock(&ci->lock);
			err = swap_extend_table_alloc(si, ci, ci_off, GFP_ATOMIC);
			spin_lock(&ci->lock);
			/* resume at the same slot */
			if (!err)
				continue;
		}
		goto failed;
	}
	swap_cluster_unlock(ci);
	return 0;
failed:
	trace_swap_dup_rolled_back(si, ci, offset, ci_off - ci_start);
	/* deliberately broken under the mutant: the first one keeps its new count */
	while (ci_off-- > ci_start + !!mutant(DUP_ROLLBACK_SHORT))
		__swap_cluster_put_entry(si, ci, ci_off);
	swap_extend_table_try_free(si, ci);
	swap_cluster_unlock(ci);
	return err;
}

static void swap_reclaim_put_range(struct swap_info_struct *si, unsigned long offset,
				   unsigned int nr)
{
	unsigned long end = offset + nr;
	int nr_reclaimed;

	while (offset < end) {
		nr_reclaimed = __try_to_reclaim_swap(si, offset, TTRS_UNMAPPED | TTRS_FULL);
		if (nr_reclaimed < 0)
			nr_reclaimed = -nr_reclaimed;
		else if (!nr_reclaimed)
			nr_reclaimed = 1;
		offset = round_up(offset + 1, (unsigned long)nr_reclaimed);
	}
}

/**
 * swap_put_entries_cluster - count - 1 for slots of one cluster, and free what can be freed
 * @si: pinned
 * @offset: first slot
 * @nr: number of slots, all in one cluster
 * @reclaim_cache: try to drop folios whose slots lost their last count
 *
 * Context: the owners are locked (PTL). No sleeping: folios are only trylocked. SPEC 9.1.
 */
void swap_put_entries_cluster(struct swap_info_struct *si, unsigned long offset,
			      unsigned int nr, bool reclaim_cache)
{
	unsigned int ci_off = offset % SWAPFILE_CLUSTER, ci_end = ci_off + nr;
	struct swap_cluster_info *ci;
	bool need_reclaim = false;
	unsigned long swp_tb;
	int ci_batch = -1, count;

	VM_WARN_ON_ONCE(ci_end > SWAPFILE_CLUSTER);
	ci = swap_cluster_lock(si, offset);
	cluster_locked(ci);
	for (; ci_off < ci_end; ci_off++) {
		swp_tb = __swap_table_get(ci, ci_off);
		count = swp_tb_get_count(swp_tb);
		VM_WARN_ON_ONCE(count < 1);
		if (swp_tb_is_folio(swp_tb)) {
			if (count == 1)
				need_reclaim = true;
		} else if (count == 1) {
			/* the last count of an uncached slot: freed in a batch */
			if (ci_batch == -1)
				ci_batch = ci_off;
			continue;
		}
		__swap_cluster_put_entry(si, ci, ci_off);
		if (ci_batch != -1) {
			__swap_cluster_free_entries(si, ci, ci_batch, ci_off - ci_batch);
			ci_batch = -1;
		}
	}
	if (ci_batch != -1)
		__swap_cluster_free_entries(si, ci, ci_batch, ci_off - ci_batch);
	swap_cluster_unlock(ci);

	if (need_reclaim && reclaim_cache)
		swap_reclaim_put_range(si, offset, nr);
}

/**
 * folio_dup_swap - count + 1 for a folio's slots: it is about to be unmapped
 * @folio: locked and in the swap cache
 * @page: which page, NULL for all
 *
 * The only way from count 0 to 1.
 * Context: the new owner is locked (PTL), or a concurrent zap of the entry could underflow.
 * Return: 0, -ENOMEM. SPEC 12.
 */
int folio_dup_swap(struct folio *folio, struct page *page)
{
	unsigned long offset = swp_offset(folio->swap);

	VM_WARN_ON_ONCE_FOLIO(!folio_test_locked(folio), folio);
	VM_WARN_ON_ONCE_FOLIO(!folio_test_swapcache(folio), folio);
	if (!page)
		return swap_dup_entries_cluster(__swap_entry_to_info(folio->swap), offset,
						folio_nr_pages(folio));
	return swap_dup_entries_cluster(__swap_entry_to_info(folio->swap), offset + folio_page_idx(folio, page), 1);
}

/**
 * folio_put_swap - count - 1 for a folio's slots: it was mapped again
 * @folio: locked and in the swap cache, which pins the slots: nothing is freed
 * @page: which page, NULL for all
 *
 * Context: the owner is locked (PTL). SPEC 12.
 */
void folio_put_swap(struct folio *folio, struct page *page)
{
	unsigned long offset = swp_offset(folio->swap);
	unsigned int nr = 1;

	VM_WARN_ON_ONCE_FOLIO(!folio_test_locked(folio), folio);
	VM_WARN_ON_ONCE_FOLIO(!folio_test_swapcache(folio), folio);
	if (!page)
		nr = folio_nr_pages(folio);
	else
		offset += folio_page_idx(folio, page);
	swap_put_entries_cluster(__swap_entry_to_info(folio->swap), offset, nr, false);
}

/**
 * swap_dup_entry_direct - count + 1 for a slot, without its folio
 * @entry: with a count already: an owner holds it
 *
 * Context: that owner is locked (PTL), which keeps the device alive.
 * Return: 0; -ENOMEM: drop the locks, swap_retry_table_alloc(), try again. SPEC 12.
 */
int swap_dup_entry_direct(swp_entry_t entry)
{
	struct swap_info_struct *si = __swap_entry_to_info(entry);
	unsigned long swp_tb;

	swp_tb = swap_table_get(__swap_entry_to_cluster(entry), swp_cluster_offset(entry));
	VM_WARN_ON_ONCE(swp_tb_get_count(swp_tb) < 1);
	return swap_dup_entries_cluster(si, swp_offset(entry), 1);
}

/**
 * swap_put_entries_direct - count - 1 for consecutive slots; free them, reclaim their cache
 * @entry: first slot
 * @nr: number of slots, may cross clusters
 *
 * Context: the owners are locked (PTL). No sleeping. SPEC 9.3.
 */
void swap_put_entries_direct(swp_entry_t entry, int nr)
{
	unsigned long offset = swp_offset(entry), end = offset + nr;
	struct swap_info_struct *si;
	unsigned int n;

	si = get_swap_device(entry);
	if (WARN_ON_ONCE(!si))
		return;
	if (WARN_ON_ONCE(end > si->max))
		goto out;
	for (; offset < end; offset += n) {
		n = min(end - offset, SWAPFILE_CLUSTER - offset % SWAPFILE_CLUSTER);
		swap_put_entries_cluster(si, offset, n, true);
	}
out:
	put_swap_device(si);
}

/**
 * folio_maybe_swapped - does one of the folio's slots have a count?
 * @folio: locked and in the swap cache
 *
 * Lockless. Return: false is certain while the folio lock is held; true may be out of date.
 */
bool folio_maybe_swapped(struct folio *folio)
{
	unsigned int nr = folio_nr_pages(folio), ci_off = swp_cluster_offset(folio->swap);
	struct swap_cluster_info *ci = __swap_entry_to_cluster(folio->swap);
	bool ret = false;

	VM_WARN_ON_ONCE_FOLIO(!folio_test_locked(folio), folio);
	VM_WARN_ON_ONCE_FOLIO(!folio_test_swapcache(folio), folio);
	rcu_read_lock();
	for (; nr-- && !ret; ci_off++)
		ret = __swp_tb_get_count(__swap_table_get(ci, ci_off)) > 0;
	rcu_read_unlock();
	return ret;
}

/* The exact count. Context: takes ci->lock; the caller keeps the slot in use. */
int swp_swapcount(swp_entry_t entry)
{
	struct swap_info_struct *si = __swap_entry_to_info(entry);
	unsigned int ci_off = swp_cluster_offset(entry);
	struct swap_cluster_info *ci;
	int count;

	ci = swap_cluster_lock(si, swp_offset(entry));
	cluster_locked(ci);
	count = swp_tb_get_count(__swap_table_get(ci, ci_off));
	if (count == (int)SWP_TB_COUNT_MAX)
		count = ci->extend_table[ci_off];
	swap_cluster_unlock(ci);
	return max(count, 0);
}
