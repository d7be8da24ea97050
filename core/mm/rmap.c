// SPDX-License-Identifier: GPL-2.0-only
/* The reverse map: from a folio to the PTEs that map it (spec 17.0), and unmapping (17.1). */
#include "mm.h"

/* Calls fn with the PTL held for every PTE that maps a page of the folio (locked). */
void rmap_walk(struct folio *folio, rmap_fn fn, void *arg)
{
	struct anon_family *family = folio->family;
	unsigned int nr = folio_nr_pages(folio), i;
	unsigned long va;
	struct mm *mm;
	pte_t pte;

	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
	if (!family)
		return;
	mutex_lock(&family->lock);
	list_for_each_entry(mm, &family->mms, family_list) {
		for (i = 0; i < nr; i++) {
			va = folio->index + i;
			if (va >= mm->nr_ptes)
				break;
			spin_lock(pte_lockptr(mm, va));
			pte = ptep_get(mm, va);
			if (pte_present(pte) && pte_folio(pte) == folio && pte_page(pte) == i)
				fn(mm, va, pte, folio, arg);
			spin_unlock(pte_lockptr(mm, va));
		}
	}
	mutex_unlock(&family->lock);
}

static void try_to_unmap_one(struct mm *mm, unsigned long va, pte_t pte, struct folio *folio,
			     void *arg)
{
	unsigned int page = pte_page(pte), flags = *(unsigned int *)arg;
	swp_entry_t entry = { folio->swap.val + page };

	check_content(mm, va, folio, page, "swap-out");
	/* counted before it is visible; no memory for the count: the PTE stays */
	if (folio_dup_swap(folio, page))
		return;
	if (flags & RECLAIM_DUP_ABORT) {
		folio_put_swap(folio, page);
		return;
	}
	mmlist_add(mm);
	set_pte(mm, va, swp_entry_to_pte(entry));
	trace_mm_swap_out_installed(swap_trace_info(entry), NULL, swp_offset(entry),
				    folio_pfn(folio));
	atomic_dec(&folio->_mapcount);
	folio_ref_sub(folio, 1);
}

/**
 * try_to_unmap - replace the PTEs that map a cached folio by swap entries
 * @folio: locked, in the swap cache; the caller has a reference
 * @flags: RECLAIM_DUP_ABORT: take each count back instead
 *
 * Some may stay: test folio_mapped(). Context: may sleep (rmap lock).
 */
void try_to_unmap(struct folio *folio, unsigned int flags)
{
	rmap_walk(folio, try_to_unmap_one, &flags);
}
