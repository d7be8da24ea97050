// SPDX-License-Identifier: GPL-2.0-only
/* The mm side of swapoff: bring every page of a device back (SPEC 15.3). */
#include <kernel/sched.h>
#include "swap/cluster.h"
#include "swap/swap_table.h"
#include "mm.h"

/* The folio is locked and matches. */
static void unuse_pte(struct mm_struct *mm, unsigned long va, pte_t orig, struct folio *folio)
{
	unsigned int page = softleaf_from_pte(orig).val - folio->swap.val;
	pte_t pte = mk_pte(folio_page(folio, page), mm_vma(mm, va)->vm_page_prot);

	spin_lock(pte_lockptr(mm, va));
	if (!pte_same(ptep_get(mm_ptep(mm, va)), orig)) {
		spin_unlock(pte_lockptr(mm, va));
		return;
	}
	if (!folio_test_uptodate(folio)) {
		/* it could not be read: the page is lost */
		set_pte(mm_ptep(mm, va), __swp_entry_to_pte(__swp_entry(MAX_SWAPFILES, 0)));
		folio_put_swap(folio, folio_page(folio, page));
	} else {
		folio_set_anon_family(folio, mm->family, va - page);
		check_content(mm, va, folio, page, "swapoff");
		folio_get(folio);
		atomic_inc(&folio->_mapcount);
		/* as in a fault, what is the mm's alone stays so */
		if (pte_swp_exclusive(orig) || mutant(UNUSE_EXCLUSIVE))
			pte = pte_mkwrite(pte, mm_vma(mm, va));
		set_pte(mm_ptep(mm, va), pte);
		folio_put_swap(folio, folio_page(folio, page));
		count_vm_events(PGUNUSE, 1);
	}
	spin_unlock(pte_lockptr(mm, va));
}

static int unuse_one(struct mm_struct *mm, unsigned long va, pte_t pte, struct swap_info_struct *si)
{
	swp_entry_t entry = softleaf_from_pte(pte);
	unsigned long swp_tb;
	struct folio *folio;
	struct vm_fault vmf = {
		.vma = mm_vma(mm, va), .address = va << PAGE_SHIFT, .real_address = va << PAGE_SHIFT,
		.pmd = mm->ptes,
	};

	folio = swap_cache_get_folio(entry);
	if (!folio)
		folio = swapin_readahead(entry, GFP_HIGHUSER_MOVABLE, &vmf);
	if (!folio) {
		/* the PTE may be gone, the slot with it, and its table */
		swp_tb = swap_table_get(__swap_entry_to_cluster(entry), swp_cluster_offset(entry));
		return swp_tb_get_count(swp_tb) > 0 ? -ENOMEM : 0;
	}
	folio_lock(folio);
	folio_wait_writeback(folio);
	if (folio_has_entry(folio, entry)) {
		if (folio_test_large(folio) && !folio_test_anon(folio)) {
			/* new: serves its whole run or nothing; the next round reads one page */
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

static int unuse_mm(struct mm_struct *mm, struct swap_info_struct *si)
{
	unsigned long va;
	int err = 0;
	pte_t pte;

	trace_mm_unuse_round(si, mm->id);
	mmap_read_lock(mm);
	for (va = 0; va < mm->nr_ptes && !err; va++) {
		pte = ptep_get(mm_ptep(mm, va));
		if (pte_is_swap(pte) && swp_type(softleaf_from_pte(pte)) == si->type)
			err = unuse_one(mm, va, pte, si);
		if (va % 64 == 63)
			cond_resched();
	}
	mmap_read_unlock(mm);
	return err;
}

/*
 * The next mm with users behind @prev, pinned. @prev: pinned by the former call, or NULL to
 * begin; its pin is dropped. Context: may sleep (mmput). Return: NULL at the end.
 */
static struct mm_struct *mmlist_next(struct mm_struct *prev)
{
	struct mm_struct *mm, *found = NULL;
	struct list_head *pos;

	spin_lock(&mmlist_lock);
	/* a drain may have taken @prev off: then it is its own next, and nothing is left to do */
	pos = prev ? prev->mmlist.next : init_mm.mmlist.next;
	if (prev && list_empty(&prev->mmlist))
		pos = &init_mm.mmlist;
	for (; pos != &init_mm.mmlist; pos = pos->next) {
		mm = list_entry(pos, struct mm_struct, mmlist);
		/* an exiting one frees its slots at its own pace */
		if (mmget_not_zero(mm)) {
			found = mm;
			break;
		}
	}
	spin_unlock(&mmlist_lock);
	if (prev)
		mmput(prev);
	return found;
}

int unuse_mms(struct swap_info_struct *si)
{
	struct mm_struct *mm = NULL;
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

void mmlist_drain(void)
{
	struct mm_struct *mm, *next;

	spin_lock(&mmlist_lock);
	list_for_each_entry_safe(mm, next, &init_mm.mmlist, mmlist) {
		list_del_init(&mm->mmlist);
		trace_mm_unlisted(mm->id);
		mm_assert_no_entries(mm);
	}
	spin_unlock(&mmlist_lock);
}
