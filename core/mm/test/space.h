/* SPDX-License-Identifier: GPL-2.0-only */
/* An address space, for scenarios of core/mm: the fixture's world with an mm in it. */
#ifndef MM_TEST_SPACE_H
#define MM_TEST_SPACE_H

#include <kernel/sched.h>
#include <mm/mm.h>
#include "../../swap/test/fixture.h"

#define PTES 32

static struct mm_struct *mm;

#define check(cond) do {							\
	if (!(cond))								\
		harness_fail("TEST", CODE_SITE, "not so: %s", #cond);		\
} while (0)

static inline struct mm_struct *space(unsigned long pages)
{
	struct mm_struct *new = mm_create(PTES);
	unsigned long va;

	for (va = 0; va < pages; va++)
		check(!mm_map(new, va, 0));
	return new;
}

/* Of the slot that the PTE has. */
static inline int count_at(struct mm_struct *space_mm, unsigned long va)
{
	int count;

	spin_lock(pte_lockptr(space_mm, va));
	count = swp_swapcount(softleaf_from_pte(ptep_get(mm_ptep(space_mm, va))));
	spin_unlock(pte_lockptr(space_mm, va));
	return count;
}

/* Until the page is on the device only. */
static inline void swap_out(struct mm_struct *space_mm, unsigned long va)
{
	struct folio *folio = mm_get_folio(space_mm, va);
	unsigned long pfn;

	if (!folio) {
		/* an allocation reclaimed it already */
		check(pte_is_swap(ptep_get(mm_ptep(space_mm, va))));
		return;
	}
	pfn = folio_pfn(folio);
	reclaim_folio(NULL, folio, 0);
	flush_all_work();
	folio = arena_get_folio(pfn);
	if (folio)
		reclaim_folio(NULL, folio, 0);
	flush_all_work();
}

/* A folio of that order at page 8 of `mm`, with a reference: unmapped, and in the swap cache. */
static inline struct folio *cached_folio(unsigned int order)
{
	struct folio *folio;

	check(!mm_map(mm, 8, order));
	folio = mm_get_folio(mm, 8);
	folio_get(folio);
	check(reclaim_folio(NULL, folio, RECLAIM_SKIP_WRITE) == -EBUSY);
	check(folio_test_swapcache(folio) && !folio_mapped(folio));
	return folio;
}

#endif
