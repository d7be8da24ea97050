// SPDX-License-Identifier: GPL-2.0-only
/* Unmapping a range: MADV_DONTNEED, and exit (SPEC 17.5). */
#include <kernel/sched.h>
#include "mm.h"

/* PTL held. Puts the maximal run of consecutive swap entries from va, at most up to @end. */
static unsigned long zap_swap_run(struct mm_struct *mm, unsigned long va, unsigned long end)
{
	swp_entry_t first = softleaf_from_pte(ptep_get(mm_ptep(mm, va)));
	unsigned long nr = 1, i;

	while (va + nr < end && pte_swp_clear_exclusive(ptep_get(mm_ptep(mm, va + nr))).val ==
	       swp_entry_to_pte((swp_entry_t){ first.val + nr }).val)
		nr++;
	trace_mm_zap_put(first, nr);
	swap_put_entries_direct(first, nr);
	for (i = va; i < va + nr; i++) {
		set_pte(mm_ptep(mm, i), __pte(0));
		mm->ghosts[i] = 0;
	}
	trace_mm_zap_cleared(first, nr);
	return nr;
}

static void zap_present(struct mm_struct *mm, unsigned long va, pte_t pte)
{
	struct folio *folio = pte_folio(pte);

	check_content(mm, va, folio, pte_page_idx(pte), "zap");
	set_pte(mm_ptep(mm, va), __pte(0));
	mm->ghosts[va] = 0;
	atomic_dec(&folio->_mapcount);
	free_swap_cache(folio);
	folio_put(folio);
}

/* PTL held. Return: behind what was at va. */
static unsigned long zap_one(struct mm_struct *mm, unsigned long va, unsigned long end)
{
	pte_t pte = ptep_get(mm_ptep(mm, va));

	if (pte_is_swap(pte))
		return va + zap_swap_run(mm, va, end);
	if (pte_present(pte)) {
		zap_present(mm, va, pte);
	} else if (pte_is_poisoned(pte)) {
		set_pte(mm_ptep(mm, va), __pte(0));
		mm->ghosts[va] = 0;
	}
	return va + 1;
}

/*
 * mmap_lock held. The PTL may be let go in the middle, as zap_pte_range() does when the task should be
 * rescheduled, or its batch of pages is full.
 */
void zap_range(struct mm_struct *mm, unsigned long va, unsigned long nr)
{
	unsigned long end = min(va + nr, mm->nr_ptes), ptl_end;
	bool aborted = false;
	spinlock_t *ptl;

	while (va < end) {
		ptl_end = min(end, ((va >> geometry.ptl_shift) + 1) << geometry.ptl_shift);
		ptl = pte_lockptr(mm, va);
		spin_lock(ptl);
		do {
			va = zap_one(mm, va, ptl_end);
			aborted = va < ptl_end && should_abort();
		} while (va < ptl_end && !aborted);
		spin_unlock(ptl);
		if (aborted)
			cond_resched();
	}
}

/**
 * mm_zap - unmap a range
 * @mm: pinned, or exiting
 * @va: first page
 * @nr: number of pages
 *
 * Context: may sleep (mmap_lock). Return: 0.
 */
int mm_zap(struct mm_struct *mm, unsigned long va, unsigned long nr)
{
	mmap_read_lock(mm);
	zap_range(mm, va, nr);
	mmap_read_unlock(mm);
	return 0;
}
