// SPDX-License-Identifier: GPL-2.0-only
/* The mm side of swapoff: bring every page of a device back (spec 15.3). */
#include <kernel/sched.h>
#include "swap/swap_table.h"
#include "mm.h"

/* The folio is locked and matches. */
static void unuse_pte(struct mm *mm, unsigned long va, pte_t orig, struct folio *folio)
{
	unsigned int page = pte_to_swp_entry(orig).val - folio->swap.val;

	spin_lock(pte_lockptr(mm, va));
	if (pte_same(ptep_get(mm, va), orig)) {
		folio_set_anon_family(folio, mm->family, va - page);
		check_content(mm, va, folio, page, "swapoff");
		folio_get(folio);
		atomic_inc(&folio->_mapcount);
		set_pte(mm, va, mk_pte(folio, page, false));
		folio_put_swap(folio, page);
		count_vm_events(PGUNUSE, 1);
	}
	spin_unlock(pte_lockptr(mm, va));
}

static int unuse_one(struct mm *mm, unsigned long va, pte_t pte, struct swap_info_struct *si)
{
	swp_entry_t entry = pte_to_swp_entry(pte);
	struct folio *folio;
	bool from_device;

	folio = swap_cache_get_folio(entry);
	if (!folio)
		folio = swapin_readfolio(entry, 0, &from_device);
	if (!folio)
		/* the PTE may be gone, and the slot with it */
		return swp_swapcount(entry) ? -ENOMEM : 0;
	folio_lock(folio);
	folio_wait_writeback(folio);
	if (folio_matches_swap_entry(folio, entry) && folio_test_uptodate(folio)) {
		if (folio_test_large(folio) && !folio_test_anon(folio)) {
			/* new: serves its whole run or nobody; the next round reads one page */
			swap_cache_del_folio(folio);
		} else {
			unuse_pte(mm, va, pte, folio);
			folio_free_swap(folio);
		}
	}
	folio_unlock(folio);
	folio_put(folio);
	return 0;
}

static int unuse_mm(struct mm *mm, struct swap_info_struct *si)
{
	unsigned long va;
	int err = 0;
	pte_t pte;

	trace_mm_unuse_round(si, NULL, mm->id, 0);
	down_read(&mm->mmap_lock);
	for (va = 0; va < mm->nr_ptes && !err; va++) {
		pte = ptep_get(mm, va);
		if (pte_is_swap(pte) && swp_type(pte_to_swp_entry(pte)) == si->type)
			err = unuse_one(mm, va, pte, si);
		if (va % 64 == 63)
			cond_resched();
	}
	up_read(&mm->mmap_lock);
	return err;
}

int unuse_mms(struct swap_info_struct *si)
{
	struct mm *mm = NULL;
	int err;

	while ((mm = mmlist_next(mm))) {
		err = unuse_mm(mm, si);
		if (err) {
			mmput(mm);
			return err;
		}
	}
	return 0;
}
