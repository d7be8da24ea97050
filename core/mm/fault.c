// SPDX-License-Identifier: GPL-2.0-only
/* Swap-in: faults (spec 17.2), and what readahead and swapoff share with them. */
#include <kernel/sched.h>
#include "mm.h"

/**
 * swapin_readfolio - the folio of a slot, read from the device if need be
 * @entry: pinned device
 * @order: a new folio's; slots around the entry, aligned
 * @from_device: set to whether it had to be read
 *
 * Context: may sleep.
 * Return: a folio, unlocked (lock it: that waits for the data), referenced; NULL: the slot is
 *	not swapped out, something is in the way of a large one, or no memory.
 */
struct folio *swapin_readfolio(swp_entry_t entry, unsigned int order, bool *from_device)
{
	struct folio *folio, *found;

	*from_device = false;
	if (!order) {
		folio = swap_cache_alloc_folio(entry, GFP_KERNEL, from_device);
		if (*from_device)
			swap_read_folio(folio);
		return folio;
	}
	folio = folio_alloc(GFP_KERNEL, order);
	if (!folio)
		return NULL;
	folio_lock_new(folio);
	folio_set_swapbacked(folio);
	found = swapin_folio(entry, folio);
	if (found == folio) {
		*from_device = true;
		swap_read_folio(folio);
		return folio;
	}
	folio_unlock(folio);
	folio_put(folio);
	return found;
}

/* Do the nr PTEs from va hold the consecutive entries from @entry? Needs one PTL for all. */
static bool swap_pte_run(struct mm *mm, unsigned long va, swp_entry_t entry, unsigned int nr)
{
	unsigned int i;

	if (va + nr > mm->nr_ptes || !same_ptl(va, nr))
		return false;
	for (i = 0; i < nr; i++)
		if (ptep_get(mm, va + i).val !=
		    swp_entry_to_pte((swp_entry_t){ entry.val + i }).val)
			return false;
	return true;
}

/* The largest order up to @max_order whose whole aligned range is swapped out here. */
static struct folio *swapin(struct mm *mm, unsigned long va, swp_entry_t entry,
			    unsigned int max_order, bool *from_device)
{
	unsigned int order, nr, page;
	struct folio *folio;

	for (order = min(max_order, HPAGE_PMD_ORDER); order; order--) {
		nr = 1U << order;
		page = swp_offset(entry) % nr;
		/* the order that comes with the slots must fit the addresses */
		if (va < page || !swap_pte_run(mm, va - page,
					       (swp_entry_t){ entry.val - page }, nr))
			continue;
		folio = swapin_readfolio(entry, order, from_device);
		if (folio)
			return folio;
	}
	return swapin_readfolio(entry, 0, from_device);
}

/**
 * folio_exclusive - does nobody but this mm use the folio?
 * @mm: mmap_lock held, so that no fork can copy a PTE of it
 * @folio: locked, so that no fault can map it; the caller has one reference
 */
bool folio_exclusive(struct mm *mm, struct folio *folio)
{
	unsigned int nr = folio_nr_pages(folio), i, mapped = 0;
	/*
	 * The references first: this mm's PTEs can only become fewer, so if they still
	 * account for all references then, there was nobody else.
	 */
	int refs = folio_ref_count(folio);
	pte_t pte;

	if (folio_test_swapcache(folio))
		return false;
	for (i = 0; i < nr && folio->index + i < mm->nr_ptes; i++) {
		pte = ptep_get(mm, folio->index + i);
		if (pte_present(pte) && pte_folio(pte) == folio)
			mapped++;
	}
	return refs == (int)mapped + 1;
}

/* Everything is locked: map page(s) of the folio at va. Return: pages mapped. */
static unsigned int map_folio(struct mm *mm, unsigned long va, struct folio *folio,
			      unsigned int page, bool write)
{
	unsigned int nr = folio_nr_pages(folio), i;
	unsigned long start = va - page;

	if (nr > 1 && (va < page || !swap_pte_run(mm, start, folio->swap, nr))) {
		start = va;
		nr = 1;
	}
	folio_set_anon_family(folio, mm->family, va - page);
	folio_ref_add(folio, nr);
	atomic_add(nr, &folio->_mapcount);
	for (i = 0; i < nr; i++) {
		check_content(mm, start + i, folio, start + i - (va - page), "fault");
		set_pte(mm, start + i, mk_pte(folio, start + i - (va - page), false));
	}
	trace_mm_fault_mapped(swap_trace_info(folio->swap), NULL, swp_offset(folio->swap), nr);
	folio_put_swap(folio, nr == folio_nr_pages(folio) ? -1 : (int)page);

	/* the slots, if nobody else counts them: else a store would have to copy */
	if (write || vm_swap_full() || machine_random(2) ||
	    (READ_ONCE(swap_type_to_info(swp_type(folio->swap))->flags) & SWP_SYNCHRONOUS_IO))
		folio_free_swap(folio);
	if (write && folio_exclusive(mm, folio)) {
		folio_mark_dirty(folio);
		set_pte(mm, va, pte_mkwrite(ptep_get(mm, va)));
	}
	return nr;
}

/* The folio of the entry is locked and matches. */
static int fault_locked(struct mm *mm, unsigned long va, pte_t orig, struct folio *folio,
			bool write, bool from_device)
{
	swp_entry_t entry = pte_to_swp_entry(orig);
	unsigned int page = entry.val - folio->swap.val, nr;

	spin_lock(pte_lockptr(mm, va));
	if (!pte_same(ptep_get(mm, va), orig)) {
		spin_unlock(pte_lockptr(mm, va));
		trace_mm_fault_nomap(swap_trace_info(entry), NULL, swp_offset(entry), 0);
		folio_free_swap(folio);
		return -EAGAIN;
	}
	/* a new large folio serves its whole run or nobody */
	if (folio_test_large(folio) && !folio_test_anon(folio) &&
	    (va < page || !swap_pte_run(mm, va - page, folio->swap, folio_nr_pages(folio)))) {
		spin_unlock(pte_lockptr(mm, va));
		if (!folio_test_dirty(folio) && !folio_test_writeback(folio))
			swap_cache_del_folio(folio);
		return -EAGAIN;
	}
	nr = map_folio(mm, va, folio, page, write);
	spin_unlock(pte_lockptr(mm, va));
	count_vm_events(PGFAULT_SWAP, 1);
	if (from_device)
		count_vm_events(PSWPIN, nr);
	else
		count_vm_events(PGFAULT_CACHED, 1);
	return 0;
}

static int do_swap_page(struct mm *mm, unsigned long va, pte_t orig, bool write,
			unsigned int max_order)
{
	swp_entry_t entry = pte_to_swp_entry(orig);
	bool from_device = false;
	struct folio *folio;
	int err = -EAGAIN;

	folio = swap_cache_get_folio(entry);
	trace_mm_fault(swap_trace_info(entry), NULL, swp_offset(entry), !!folio);
	if (!folio)
		folio = swapin(mm, va, entry, max_order, &from_device);
	if (!folio) {
		spin_lock(pte_lockptr(mm, va));
		if (pte_same(ptep_get(mm, va), orig))
			err = -ENOMEM;
		spin_unlock(pte_lockptr(mm, va));
		return err;
	}
	/* a read of it holds the lock until the data is there */
	folio_lock(folio);
	if (folio_matches_swap_entry(folio, entry) && folio_test_uptodate(folio))
		err = fault_locked(mm, va, orig, folio, write, from_device);
	folio_unlock(folio);
	folio_put(folio);
	return err;
}

/**
 * mm_fault - bring a swapped page back
 * @mm: pinned
 * @va: the page
 * @write: for a store: map it writable if nobody else uses it
 * @max_order: of a new folio
 *
 * Context: may sleep. Spec 17.2.
 * Return: 0 (also if it is present already); -ENOENT: nothing there; -EAGAIN: it changed
 *	meanwhile; -ENOMEM.
 */
int mm_fault(struct mm *mm, unsigned long va, bool write, unsigned int max_order)
{
	struct swap_info_struct *si;
	int err = 0;
	pte_t pte;

	if (va >= mm->nr_ptes)
		return -ENOENT;
	down_read(&mm->mmap_lock);
	pte = ptep_get(mm, va);
	if (pte_none(pte))
		err = -ENOENT;
	if (!pte_is_swap(pte))
		goto out;
	err = -EAGAIN;
	si = get_swap_device(pte_to_swp_entry(pte));
	if (!si)
		goto out;
	err = do_swap_page(mm, va, pte, write, max_order);
	put_swap_device(si);
out:
	up_read(&mm->mmap_lock);
	return err;
}
