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

/*
 * What was unmapped keeps its references until the PTL has been let go (asm-generic/tlb.h). Smaller than the
 * kernel's, to be full at times.
 */
#define MMU_GATHER_BUNDLE 8

struct mmu_gather {
	struct encoded_page *pages[MMU_GATHER_BUNDLE];
	unsigned int nr;
};

/* One folio has up to two elements. */
static bool tlb_is_full(const struct mmu_gather *tlb)
{
	return tlb->nr + 2 > MMU_GATHER_BUNDLE;
}

/* One reference for each of @nr pages, of one folio. */
static void tlb_remove_folio_pages(struct mmu_gather *tlb, struct page *page, unsigned long nr)
{
	tlb->pages[tlb->nr++] = encode_page(page, nr > 1 ? ENCODED_PAGE_BIT_NR_PAGES_NEXT : 0);
	if (nr > 1)
		tlb->pages[tlb->nr++] = encode_nr_pages(nr);
}

static void tlb_flush_mmu(struct mmu_gather *tlb)
{
	if (tlb->nr)
		free_pages_and_swap_cache(tlb->pages, tlb->nr);
	tlb->nr = 0;
}

/* PTL held. Unmaps consecutive pages of a folio from va, at most up to @end. Return: how many. */
static unsigned long zap_present(struct mmu_gather *tlb, struct mm_struct *mm, unsigned long va, unsigned long end)
{
	pte_t first = ptep_get(mm_ptep(mm, va)), pte = first;
	struct folio *folio = pte_folio(first);
	unsigned int page = pte_page_idx(first);
	unsigned long nr = 0;

	do {
		check_content(mm, va + nr, folio, page + nr, "zap");
		set_pte(mm_ptep(mm, va + nr), __pte(0));
		mm->ghosts[va + nr] = 0;
		nr++;
		if (va + nr == end)
			break;
		pte = ptep_get(mm_ptep(mm, va + nr));
	} while (pte_present(pte) && pte_folio(pte) == folio && pte_page_idx(pte) == page + nr);
	atomic_sub(nr, &folio->_mapcount);
	tlb_remove_folio_pages(tlb, pte_page(first), nr);
	return nr;
}

/* PTL held, and room in @tlb. Return: behind what was at va. */
static unsigned long zap_one(struct mmu_gather *tlb, struct mm_struct *mm, unsigned long va, unsigned long end)
{
	pte_t pte = ptep_get(mm_ptep(mm, va));

	if (pte_is_swap(pte))
		return va + zap_swap_run(mm, va, end);
	if (pte_present(pte))
		return va + zap_present(tlb, mm, va, end);
	if (pte_is_poisoned(pte)) {
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
	struct mmu_gather tlb = { };
	bool aborted = false;
	spinlock_t *ptl;

	while (va < end) {
		ptl_end = min(end, ((va >> geometry.ptl_shift) + 1) << geometry.ptl_shift);
		ptl = pte_lockptr(mm, va);
		spin_lock(ptl);
		do {
			va = zap_one(&tlb, mm, va, ptl_end);
			aborted = va < ptl_end && should_abort();
		} while (va < ptl_end && !aborted && !tlb_is_full(&tlb));
		spin_unlock(ptl);
		if (tlb_is_full(&tlb))
			tlb_flush_mmu(&tlb);
		if (aborted)
			cond_resched();
	}
	tlb_flush_mmu(&tlb);
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
