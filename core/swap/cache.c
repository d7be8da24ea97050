// SPDX-License-Identifier: GPL-2.0-only
/*
 * The swap cache: which folio holds a slot's content (SPEC 11). Writers hold ci->lock and
 * the folio lock; lookups are lockless, and what they return must be locked and re-checked.
 *
 * Every caller keeps the device alive: by a reference, a locked cached folio, a lock over
 * something that holds the entry (a PTL), or the RCU section in which the entry was read.
 */
#include "cluster.h"

/**
 * swap_cache_get_folio - look up the folio that caches a slot
 * @entry: the slot; the caller keeps its device alive
 *
 * Context: any; spins while a folio found is frozen (being removed, migrated or split).
 * Return: the folio, unlocked, with a reference, or NULL. It was this slot's while we had the
 *	reference, and may have left the cache or serve another entry by now: lock it and check
 *	folio_matches_swap_entry() before using it.
 */
struct folio *swap_cache_get_folio(swp_entry_t entry)
{
	struct swap_cluster_info *ci = __swap_entry_to_cluster(entry);
	unsigned long swp_tb;
	struct folio *folio;

	for (;;) {
		swp_tb = swap_table_get(ci, swp_cluster_offset(entry));
		if (!swp_tb_is_folio(swp_tb))
			return NULL;
		/* type-stable: whatever the word was, this is some folio */
		folio = swp_tb_to_folio(swp_tb);
		if (likely(folio_try_get(folio))) {
			/* without the reference it could have become another slot's, or free */
			swp_tb = swap_table_get(ci, swp_cluster_offset(entry));
			if (likely(swp_tb_is_folio(swp_tb) && swp_tb_to_folio(swp_tb) == folio)) {
				trace_swap_cache_found(ci, entry, folio);
				return folio;
			}
			trace_swap_cache_lost(ci, entry, folio);
			folio_put(folio);
			continue;
		}
		trace_swap_cache_frozen(ci, entry, folio);
		cpu_relax();
	}
}

static unsigned long swap_entry_word(swp_entry_t entry)
{
	return swap_table_get(__swap_entry_to_cluster(entry), swp_cluster_offset(entry));
}

/* Lockless; out of date at once. */
bool swap_cache_has_folio(swp_entry_t entry)
{
	return swp_tb_is_folio(swap_entry_word(entry));
}

/* The working-set cookie left by reclaim, or NULL. Lockless. */
void *swap_cache_get_shadow(swp_entry_t entry)
{
	unsigned long swp_tb = swap_entry_word(entry);

	return swp_tb_is_shadow(swp_tb) ? swp_tb_to_shadow(swp_tb) : NULL;
}

/* Does the slot have a count, cached or not? Lockless. Never true for a bad slot. */
bool swap_entry_swapped(struct swap_info_struct *si, swp_entry_t entry)
{
	unsigned long swp_tb = swap_entry_word(entry);

	return swp_tb_get_count(swp_tb) > 0;
}

/**
 * __swap_cache_add_folio - bind a folio to slots
 * @ci: their cluster
 * @folio: locked, swapbacked, in no cache
 * @entry: the first slot, aligned to the folio's size; the caller checked all of them
 *
 * Keeps each slot's count. Takes a reference a page. The caller counts it (swap_cache_count()), when it is charged.
 * Context: ci->lock and the folio lock held.
 * Order: the word's store is relaxed: who finds it locks the folio.
 */
void __swap_cache_add_folio(struct swap_cluster_info *ci, struct folio *folio, swp_entry_t entry)
{
	unsigned int nr_pages = folio_nr_pages(folio);
	unsigned int ci_off = swp_cluster_offset(entry), ci_end = ci_off + nr_pages;
	unsigned long pfn = folio_pfn(folio), old_tb;

	VM_WARN_ON_ONCE(!IS_ALIGNED(ci_off, nr_pages));
	VM_WARN_ON_ONCE_FOLIO(!folio_test_locked(folio), folio);
	VM_WARN_ON_ONCE_FOLIO(folio_test_swapcache(folio), folio);
	VM_WARN_ON_ONCE_FOLIO(!folio_test_swapbacked(folio), folio);

	for (; ci_off < ci_end; ci_off++) {
		old_tb = __swap_table_get(ci, ci_off);
		VM_WARN_ON_ONCE(swp_tb_is_folio(old_tb));
		__swap_table_set(ci, ci_off, pfn_to_swp_tb(pfn, __swp_tb_get_flags(old_tb)));
	}
	folio_ref_add(folio, nr_pages);
	folio_set_swapcache(folio);
	folio->swap = entry;
}

void swap_cache_count(struct folio *folio, long nr_pages)
{
	node_stat_mod_folio(folio, NR_FILE_PAGES, nr_pages);
	lruvec_stat_mod_folio(folio, NR_SWAPCACHE, nr_pages);
}

/**
 * __swap_cache_do_del_folio - unbind a folio that is not counted, and free its slots that have no count
 * @ci: the cluster
 * @folio: locked, cached at @entry, not under writeback
 * @entry: the folio's first slot
 * @shadow: left in the words for the working set, or NULL
 *
 * References are the caller's business.
 * Context: ci->lock and the folio lock held.
 */
void __swap_cache_do_del_folio(struct swap_cluster_info *ci, struct folio *folio, swp_entry_t entry, void *shadow)
{
	struct swap_info_struct *si = __swap_entry_to_info(entry);
	unsigned int ci_start = swp_cluster_offset(entry), ci_off;
	unsigned int ci_end = ci_start + folio_nr_pages(folio);
	bool folio_swapped = false, need_free = false;
	unsigned long old_tb;
	unsigned int count;

	VM_WARN_ON_ONCE(__swap_entry_to_cluster(entry) != ci);
	VM_WARN_ON_ONCE_FOLIO(!folio_test_locked(folio), folio);
	VM_WARN_ON_ONCE_FOLIO(!folio_test_swapcache(folio), folio);
	VM_WARN_ON_ONCE_FOLIO(folio_test_writeback(folio), folio);

	for (ci_off = ci_start; ci_off < ci_end; ci_off++) {
		old_tb = __swap_table_get(ci, ci_off);
		VM_WARN_ON_ONCE(!swp_tb_is_folio(old_tb) || swp_tb_to_folio(old_tb) != folio);
		count = __swp_tb_get_count(old_tb);
		if (count)
			folio_swapped = true;
		else
			need_free = true;
		__swap_table_set(ci, ci_off, shadow_to_swp_tb(shadow, __swp_tb_get_flags(old_tb)));
	}
	folio->swap.val = 0;
	folio_clear_swapcache(folio);
	trace_swap_cache_deleted(ci, entry, folio);

	if (!folio_swapped) {
		__swap_cluster_free_entries(si, ci, ci_start, ci_end - ci_start);
	} else if (need_free) {
		for (ci_off = ci_start; ci_off < ci_end; ci_off++)
			if (!__swp_tb_get_count(__swap_table_get(ci, ci_off)))
				__swap_cluster_free_entries(si, ci, ci_off, 1);
	}
}

/**
 * __swap_cache_del_folio - the same for a folio that is counted
 * @ci: the cluster
 * @folio: locked, cached at @entry, not under writeback
 * @entry: the folio's first slot
 * @shadow: left in the words for the working set, or NULL
 * @swapout: the folio goes because it was swapped out (memcg v1 wants to know)
 *
 * References are the caller's business.
 * Context: ci->lock and the folio lock held.
 */
void __swap_cache_del_folio(struct swap_cluster_info *ci, struct folio *folio,
			    swp_entry_t entry, void *shadow, bool swapout)
{
	swap_cache_count(folio, -(long)folio_nr_pages(folio));
	__swap_cache_do_del_folio(ci, folio, entry, shadow);
}

/**
 * swap_cache_del_folio - take a folio out of the swap cache
 * @folio: locked, cached; clean, or its slots have no count (else data would be lost)
 *
 * Drops the cache's references. Context: takes ci->lock.
 */
void swap_cache_del_folio(struct folio *folio)
{
	swp_entry_t entry = folio->swap;
	struct swap_cluster_info *ci;

	ci = swap_cluster_lock(__swap_entry_to_info(entry), swp_offset(entry));
	cluster_locked(ci);
	__swap_cache_del_folio(ci, folio, entry, NULL, false);
	swap_cluster_unlock(ci);
	folio_ref_sub(folio, folio_nr_pages(folio));
}

/**
 * __swap_cache_replace_folio - put a new folio in place of (a part of) an old one
 * @ci: the cluster
 * @old: locked, cached, its reference count frozen
 * @new: locked, its swap entry and swapcache flag already set
 *
 * Keeps counts; references are moved by the caller. SPEC 11, 17.7, 17.8.
 * Context: ci->lock and both folio locks held.
 */
void __swap_cache_replace_folio(struct swap_cluster_info *ci, struct folio *old,
				struct folio *new)
{
	unsigned int ci_off = swp_cluster_offset(new->swap);
	unsigned int ci_end = ci_off + folio_nr_pages(new);
	unsigned long old_tb;

	VM_WARN_ON_ONCE(!folio_test_swapcache(old) || !folio_test_swapcache(new));
	VM_WARN_ON_ONCE(!folio_test_locked(old) || !folio_test_locked(new));
	VM_WARN_ON_ONCE(!new->swap.val);

	for (; ci_off < ci_end; ci_off++) {
		old_tb = __swap_table_get(ci, ci_off);
		VM_WARN_ON_ONCE(!swp_tb_is_folio(old_tb) || swp_tb_to_folio(old_tb) != old);
		__swap_table_set(ci, ci_off, pfn_to_swp_tb(folio_pfn(new),
							   __swp_tb_get_flags(old_tb)));
	}
	trace_swap_cache_replaced(ci, new->swap, new);

	/* After a partial replacement the rest must still be the old folio's. */
	if (old->swap.val != new->swap.val) {
		ci_off = swp_cluster_offset(old->swap);
		ci_end = ci_off + folio_nr_pages(old);
		for (; ci_off < ci_end; ci_off++)
			VM_WARN_ON_ONCE(swp_tb_to_folio(__swap_table_get(ci, ci_off)) != old);
	}
}
