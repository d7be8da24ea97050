// SPDX-License-Identifier: GPL-2.0-only
/* Swap-in by faults (SPEC 17.2). */
#include <kernel/err.h>
#include <kernel/sched.h>
#include "mm.h"

/*
 * Do the nr PTEs from va hold the consecutive entries from @entry, exclusive as @orig is? Needs one PTL
 * for all.
 */
static bool swap_pte_run(struct mm_struct *mm, unsigned long va, swp_entry_t entry, unsigned int nr,
			 pte_t orig)
{
	unsigned int i;
	pte_t pte;

	if (va + nr > mm->nr_ptes || !same_ptl(va, nr))
		return false;
	for (i = 0; i < nr; i++) {
		pte = swp_entry_to_pte((swp_entry_t){ entry.val + i });
		if (pte_swp_exclusive(orig))
			pte = pte_swp_mkexclusive(pte);
		if (!pte_same(ptep_get(mm_ptep(mm, va + i)), pte))
			return false;
	}
	return true;
}

/*
 * A folio from the device; on one that is read synchronously it may be large, of an order up to
 * @max_order whose whole aligned range is swapped out here.
 */
static struct folio *swapin(struct mm_struct *mm, unsigned long va, pte_t orig, unsigned int max_order)
{
	swp_entry_t entry = softleaf_from_pte(orig);
	struct vm_fault vmf = { .vma = mm_vma(mm, va), .address = va << PAGE_SHIFT };
	unsigned long orders = BIT(0);
	unsigned int order, nr, page;
	struct folio *folio;

	vmf.real_address = vmf.address;
	vmf.pmd = mm->ptes;
	if (!(READ_ONCE(swap_type_to_info(swp_type(entry))->flags) & SWP_SYNCHRONOUS_IO)) {
		folio = swapin_readahead(entry, GFP_HIGHUSER_MOVABLE, &vmf);
		return IS_ERR_OR_NULL(folio) ? NULL : folio;
	}
	if (zswap_takes(swap_type_to_info(swp_type(entry))))
		max_order = 0;
	for (order = min(max_order, HPAGE_PMD_ORDER); order; order--) {
		nr = 1U << order;
		page = swp_offset(entry) % nr;
		/* the order that comes with the slots must fit the addresses */
		if (va >= page && swap_pte_run(mm, va - page, (swp_entry_t){ entry.val - page }, nr,
					       orig))
			orders |= BIT(order);
	}
	folio = swapin_sync(entry, GFP_HIGHUSER_MOVABLE, orders, &vmf, NULL, 0);
	return IS_ERR_OR_NULL(folio) ? NULL : folio;
}

bool folio_has_entry(struct folio *folio, swp_entry_t entry)
{
	/* it is locked: nobody splits it, so its order is no scheduling point */
	unsigned long nr = 1UL << folio->_order;

	if (!folio_matches_swap_entry(folio, entry))
		return false;
	if (swp_type(folio->swap) != swp_type(entry) || swp_offset(entry) - swp_offset(folio->swap) >= nr)
		harness_fail("MATCH", CODE_SITE, OBJ_FOLIO " has slots %u/%lu+%lu, and is said to match %u/%lu",
			     folio_pfn(folio), swp_type(folio->swap), swp_offset(folio->swap), nr, swp_type(entry),
			     swp_offset(entry));
	return true;
}

/**
 * folio_exclusive - is this mm the folio's only user?
 * @mm: mmap_lock held, so that no fork can copy a PTE of it
 * @folio: locked, so that no fault can map it; the caller has one reference
 */
bool folio_exclusive(struct mm_struct *mm, struct folio *folio)
{
	unsigned int nr = folio_nr_pages(folio), i, mapped = 0;
	/*
	 * The references first: this mm's PTEs can only become fewer, so if they still
	 * account for all references then, there was no other user.
	 */
	int refs = folio_ref_count(folio);
	pte_t pte;

	if (folio_test_swapcache(folio))
		return false;
	for (i = 0; i < nr && folio->index + i < mm->nr_ptes; i++) {
		pte = ptep_get(mm_ptep(mm, folio->index + i));
		if (pte_present(pte) && pte_folio(pte) == folio)
			mapped++;
	}
	return refs == (int)mapped + 1;
}

/*
 * A page that nobody else has stays writable, also while it is in the swap cache, but not under writeback
 * if its device wants it to keep still.
 */
static bool maps_writable(struct folio *folio, pte_t orig)
{
	struct swap_info_struct *si = swap_type_to_info(swp_type(folio->swap));

	return pte_swp_exclusive(orig) &&
	       !(folio_test_writeback(folio) && READ_ONCE(si->flags) & SWP_STABLE_WRITES);
}

/* Everything is locked: map page(s) of the folio at va. Return: pages mapped. */
static unsigned int map_folio(struct mm_struct *mm, unsigned long va, pte_t orig, struct folio *folio,
			      unsigned int page, bool write)
{
	unsigned int nr = folio_nr_pages(folio), i;
	bool writable = maps_writable(folio, orig);
	unsigned long start = va - page;
	struct vm_area_struct *vma;
	pte_t pte;

	if (nr > 1 && (va < page || !swap_pte_run(mm, start, folio->swap, nr, orig))) {
		start = va;
		nr = 1;
	}
	folio_set_anon_family(folio, mm->family, va - page);
	folio_ref_add(folio, nr);
	atomic_add(nr, &folio->_mapcount);
	for (i = 0; i < nr; i++) {
		check_content(mm, start + i, folio, start + i - (va - page), "fault");
		vma = mm_vma(mm, start + i);
		pte = mk_pte(folio_page(folio, start + i - (va - page)), vma->vm_page_prot);
		set_pte(mm_ptep(mm, start + i), writable ? pte_mkwrite(pte, vma) : pte);
	}
	trace_mm_fault_mapped(folio->swap, nr);
	folio_put_swap(folio, nr == folio_nr_pages(folio) ? NULL : folio_page(folio, page));

	/* the slots, if they have no other count: else a store would have to copy */
	if (write || vm_swap_full() || machine_random(2) ||
	    (READ_ONCE(swap_type_to_info(swp_type(folio->swap))->flags) & SWP_SYNCHRONOUS_IO))
		folio_free_swap(folio);
	if (write && folio_exclusive(mm, folio)) {
		folio_mark_dirty(folio);
		set_pte(mm_ptep(mm, va), pte_mkwrite(ptep_get(mm_ptep(mm, va)), mm_vma(mm, va)));
	}
	return nr;
}

/* The folio of the entry is locked and matches. */
static int fault_locked(struct mm_struct *mm, unsigned long va, pte_t orig, struct folio *folio,
			bool write, bool from_device)
{
	swp_entry_t entry = softleaf_from_pte(orig);
	unsigned int page = entry.val - folio->swap.val, nr;

	spin_lock(pte_lockptr(mm, va));
	if (!pte_same(ptep_get(mm_ptep(mm, va)), orig)) {
		spin_unlock(pte_lockptr(mm, va));
		trace_mm_fault_nomap(entry);
		folio_free_swap(folio);
		return -EAGAIN;
	}
	if (!folio_test_uptodate(folio)) {
		/* a read that failed leaves it in the cache, until it is reclaimed or its counts are gone */
		spin_unlock(pte_lockptr(mm, va));
		folio_free_swap(folio);
		return -EIO;
	}
	/* a new large folio serves its whole run or nothing */
	if (folio_test_large(folio) && !folio_test_anon(folio) &&
	    (va < page || !swap_pte_run(mm, va - page, folio->swap, folio_nr_pages(folio), orig))) {
		spin_unlock(pte_lockptr(mm, va));
		if (!folio_test_dirty(folio) && !folio_test_writeback(folio))
			swap_cache_del_folio(folio);
		return -EAGAIN;
	}
	nr = map_folio(mm, va, orig, folio, page, write);
	spin_unlock(pte_lockptr(mm, va));
	count_vm_events(PGFAULT_SWAP, 1);
	if (from_device)
		count_vm_events(PGFAULT_READ, nr);
	else
		count_vm_events(PGFAULT_CACHED, 1);
	return 0;
}

static int do_swap_page(struct mm_struct *mm, unsigned long va, pte_t orig, bool write,
			unsigned int max_order)
{
	swp_entry_t entry = softleaf_from_pte(orig);
	struct folio *folio;
	bool from_device;
	int err = -EAGAIN;

	folio = swap_cache_get_folio(entry);
	trace_mm_fault(entry, folio);
	from_device = !folio;
	if (folio)
		swap_update_readahead(folio, mm_vma(mm, va), va << PAGE_SHIFT);
	else
		folio = swapin(mm, va, orig, max_order);
	if (!folio) {
		spin_lock(pte_lockptr(mm, va));
		if (pte_same(ptep_get(mm_ptep(mm, va)), orig))
			err = -ENOMEM;
		spin_unlock(pte_lockptr(mm, va));
		return err;
	}
	/* a read of it holds the lock until the data is there */
	folio_lock(folio);
	if (folio_has_entry(folio, entry))
		err = fault_locked(mm, va, orig, folio, write, from_device);
	folio_unlock(folio);
	folio_put(folio);
	return err;
}

/**
 * mm_fault - bring a swapped page back
 * @mm: pinned
 * @va: the page
 * @write: for a store: map it writable if it has no other user
 * @max_order: of a new folio
 *
 * Context: may sleep. SPEC 17.2.
 * Return: 0 (also if it is present already); -ENOENT: nothing there; -EAGAIN: it changed
 *	meanwhile; -ENOMEM; -EIO: its data cannot be read (a kernel's SIGBUS).
 */
int mm_fault(struct mm_struct *mm, unsigned long va, bool write, unsigned int max_order)
{
	struct swap_info_struct *si;
	int err = 0;
	pte_t pte;

	if (va >= mm->nr_ptes)
		return -ENOENT;
	mmap_read_lock(mm);
	pte = ptep_get(mm_ptep(mm, va));
	if (pte_none(pte))
		err = -ENOENT;
	if (pte_is_poisoned(pte))
		err = -EIO;
	if (!pte_is_swap(pte))
		goto out;
	err = -EAGAIN;
	si = get_swap_device(softleaf_from_pte(pte));
	if (!si)
		goto out;
	err = do_swap_page(mm, va, pte, write, max_order);
	put_swap_device(si);
out:
	mmap_read_unlock(mm);
	return err;
}
