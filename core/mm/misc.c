// SPDX-License-Identifier: GPL-2.0-only
/* Readahead, lookups of any entry, and what only a harness does (SPEC 17.3). */
#include <kernel/err.h>
#include <kernel/sched.h>
#include "mm.h"

/**
 * swap_readahead - read the neighbours of a slot into the swap cache
 * @type: the device's
 * @offset: the slot
 * @window: slots around it, a power of two; aligned
 *
 * It may end before any slot but the first, as swap_vma_readahead() does when pte_offset_map() finds that
 * the page table has gone.
 *
 * Context: may sleep. Return: folios read, -ENOENT: no such device.
 */
int swap_readahead(unsigned int type, unsigned long offset, unsigned int window)
{
	unsigned long start = max(round_down(offset, (unsigned long)window), 1UL), i;
	struct swap_io_ctx ctx = {};
	struct swap_info_struct *si;
	struct folio *folio;
	swp_entry_t entry;
	bool cached;
	int nr = 0;

	if (!window || (window & (window - 1)))
		return -EINVAL;
	si = get_swap_device(swp_entry(type, offset));
	if (!si)
		return -ENOENT;
	for (i = start; i < min(start + window, (unsigned long)si->max); i++) {
		if (i > start && should_abort())
			break;
		entry = swp_entry(type, i);
		cached = swap_cache_has_folio(entry);
		folio = read_swap_cache_async(&ctx, entry, GFP_HIGHUSER_MOVABLE, NULL, 0);
		if (IS_ERR_OR_NULL(folio))
			continue;
		if (!cached) {
			trace_mm_readahead(si, i);
			nr++;
		}
		/* it stays in the cache, unmapped */
		folio_put(folio);
	}
	swap_read_submit(&ctx);
	put_swap_device(si);
	return nr;
}

/**
 * mm_willneed - read swapped pages into the swap cache, as madvise(MADV_WILLNEED) does
 * @mm: pinned
 * @va: the first page
 * @nr: pages; it ends at the end of @mm
 *
 * An entry is read under its PTL, and looked up when that has been let go, as in swapin_walk_pmd_entry(). Nothing
 * holds the device in between: the entry may be stale by then.
 *
 * Context: may sleep (mmap_lock). Return: folios that were cached, or are now.
 */
int mm_willneed(struct mm_struct *mm, unsigned long va, unsigned long nr)
{
	unsigned long end = min(va + nr, mm->nr_ptes);
	struct swap_io_ctx ctx = {};
	struct folio *folio;
	int found = 0;
	pte_t pte;

	mmap_read_lock(mm);
	for (; va < end; va++) {
		spin_lock(pte_lockptr(mm, va));
		pte = ptep_get(mm_ptep(mm, va));
		spin_unlock(pte_lockptr(mm, va));
		if (!pte_is_swap(pte))
			continue;
		folio = read_swap_cache_async(&ctx, softleaf_from_pte(pte), GFP_HIGHUSER_MOVABLE,
					      mm_vma(mm, va), va << PAGE_SHIFT);
		if (IS_ERR_OR_NULL(folio))
			continue;
		folio_put(folio);
		found++;
	}
	swap_read_submit(&ctx);
	mmap_read_unlock(mm);
	return found;
}

int swap_lookup(swp_entry_t entry)
{
	struct swap_info_struct *si = get_swap_device(entry);
	struct folio *folio;
	int found = 0;

	if (!si)
		return 0;
	folio = swap_cache_get_folio(entry);
	if (folio) {
		folio_lock(folio);
		found = folio_has_entry(folio, entry);
		folio_unlock(folio);
		folio_put(folio);
	}
	put_swap_device(si);
	return found;
}

void swap_hint_poke(unsigned int cpu, unsigned int from)
{
	struct swap_hint hints[SWAP_NR_HINTS_MAX], now;
	unsigned int i;

	swap_hints_get(from, hints);
	/* the device may have gone since, and another one come in its struct: the hint is not of that one */
	for (i = 0; i < swap_nr_hints(); i++) {
		if (!hints[i].si)
			continue;
		if (!get_swap_device_info(hints[i].si)) {
			hints[i].si = NULL;
			continue;
		}
		now = swap_hint_peek(from, i);
		if (now.si != hints[i].si || now.offset != hints[i].offset) {
			put_swap_device(hints[i].si);
			hints[i].si = NULL;
		}
	}
	swap_hints_set(cpu, hints);
	for (i = 0; i < swap_nr_hints(); i++)
		if (hints[i].si)
			put_swap_device(hints[i].si);
}
