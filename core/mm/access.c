// SPDX-License-Identifier: GPL-2.0-only
/* Loads and stores, and copy on write (SPEC 17.0, 17.6). */
#include <kernel/sched.h>
#include "mm.h"

#define ACCESS_TRIES 64

enum access { ACCESS_LOAD, ACCESS_STORE, ACCESS_STORE_ZERO };

static void store(struct mm_struct *mm, unsigned long va, struct folio *folio, unsigned int page, bool zero)
{
	mm->ghosts[va] = zero ? CONTENT_ZERO : mm_store_id(mm, va);
	/* Order: release; pairs with bdev_check_zero(): what is dirty may have been made zeroes */
	folio_mark_dirty(folio);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	folio_set_content(folio, page, mm->ghosts[va]);
	count_vm_events(PGACCESS, 1);
}

/* The PTE still maps the page read-only; the folio is shared: give this mm its own. */
static int cow_copy(struct mm_struct *mm, unsigned long va, pte_t orig, struct folio *folio)
{
	struct folio *new = folio_alloc(GFP_KERNEL, 0);
	unsigned int page = pte_page_idx(orig);

	if (!new)
		return -ENOMEM;
	folio_throttle_swaprate(new, GFP_KERNEL);
	folio_lock_new(new);
	folio_set_swapbacked(new);
	folio_set_anon_family(new, mm->family, va);
	spin_lock(pte_lockptr(mm, va));
	if (!pte_same(ptep_get(mm_ptep(mm, va)), orig)) {
		spin_unlock(pte_lockptr(mm, va));
		folio_unlock(new);
		folio_put(new);
		return -EAGAIN;
	}
	check_content(mm, va, folio, page, "copy on write");
	folio_copy_content(new, 0, folio, page, 1);
	mm->memcgs[va] = new->memcg;
	folio_mark_dirty(new);
	folio_mark_uptodate(new);
	folio_get(new);
	folio_add_lru(new);
	atomic_inc(&new->_mapcount);
	set_pte(mm_ptep(mm, va), pte_mkwrite(mk_pte(folio_page(new, 0), mm_vma(mm, va)->vm_page_prot),
					   mm_vma(mm, va)));
	atomic_dec(&folio->_mapcount);
	/* the PTE's; the caller has one of its own */
	folio_ref_sub(folio, 1);
	spin_unlock(pte_lockptr(mm, va));
	folio_unlock(new);
	folio_put(new);
	trace_mm_cow_copied(folio);
	count_vm_events(PGCOW, 1);
	return 0;
}

/* A store through a read-only PTE. mmap_lock held for reading. */
static int do_wp_page(struct mm_struct *mm, unsigned long va, pte_t orig)
{
	struct folio *folio;
	bool copied = false;
	int err = 0;

	spin_lock(pte_lockptr(mm, va));
	if (!pte_same(ptep_get(mm_ptep(mm, va)), orig)) {
		spin_unlock(pte_lockptr(mm, va));
		return -EAGAIN;
	}
	folio = pte_folio(orig);
	folio_get(folio);
	spin_unlock(pte_lockptr(mm, va));

	folio_lock(folio);
	if (folio_test_swapcache(folio))
		folio_free_swap(folio);
	spin_lock(pte_lockptr(mm, va));
	if (!pte_same(ptep_get(mm_ptep(mm, va)), orig)) {
		spin_unlock(pte_lockptr(mm, va));
		err = -EAGAIN;
	} else if (folio_exclusive(mm, folio)) {
		folio_mark_dirty(folio);
		set_pte(mm_ptep(mm, va), pte_mkwrite(orig, mm_vma(mm, va)));
		trace_mm_cow_reused(folio);
		spin_unlock(pte_lockptr(mm, va));
	} else {
		spin_unlock(pte_lockptr(mm, va));
		err = cow_copy(mm, va, orig, folio);
		copied = !err;
	}
	folio_unlock(folio);
	if (copied)
		free_swap_cache(folio);
	folio_put(folio);
	return err;
}

/* One attempt. Return: 0; -EAGAIN: again; else final. */
static int try_access(struct mm_struct *mm, unsigned long va, enum access access, unsigned int max_order)
{
	bool write = access != ACCESS_LOAD;
	struct folio *folio;
	pte_t pte;
	int err = 0;

	spin_lock(pte_lockptr(mm, va));
	pte = ptep_get(mm_ptep(mm, va));
	if (!pte_present(pte)) {
		spin_unlock(pte_lockptr(mm, va));
		if (pte_none(pte))
			return -ENOENT;
		err = mm_fault(mm, va, write, max_order);
		return err ? err : -EAGAIN;
	}
	folio = pte_folio(pte);
	check_content(mm, va, folio, pte_page_idx(pte), "access");
	count_vm_events(PGACCESS, 1);
	/* as a CPU does: a page that must not change under writeback is not mapped writable */
	if (!write || pte_write(pte)) {
		if (write)
			store(mm, va, folio, pte_page_idx(pte), access == ACCESS_STORE_ZERO);
		spin_unlock(pte_lockptr(mm, va));
		return 0;
	}
	spin_unlock(pte_lockptr(mm, va));
	mmap_read_lock(mm);
	err = do_wp_page(mm, va, pte);
	mmap_read_unlock(mm);
	return err ? err : -EAGAIN;
}

static int mm_access(struct mm_struct *mm, unsigned long va, enum access access, unsigned int max_order)
{
	unsigned int tries = ACCESS_TRIES;
	int err;

	if (va >= mm->nr_ptes)
		return -ENOENT;
	do {
		err = try_access(mm, va, access, max_order);
		if (err != -EAGAIN)
			return err;
		cond_resched();
	} while (--tries);
	return -EAGAIN;
}

/**
 * mm_read - load from a page, faulting it in, and compare
 * @mm: pinned
 * @va: the page
 * @max_order: of a folio read from swap
 *
 * Return: 0; -ENOENT; -ENOMEM; -EIO; -EAGAIN if others kept taking it away.
 */
int mm_read(struct mm_struct *mm, unsigned long va, unsigned int max_order)
{
	return mm_access(mm, va, ACCESS_LOAD, max_order);
}

/* Store to a page, faulting it in, copying it if it is shared. As mm_read(). */
int mm_write(struct mm_struct *mm, unsigned long va, unsigned int max_order)
{
	return mm_access(mm, va, ACCESS_STORE, max_order);
}

/* The same, and the page is all zeroes then. */
int mm_write_zero(struct mm_struct *mm, unsigned long va, unsigned int max_order)
{
	return mm_access(mm, va, ACCESS_STORE_ZERO, max_order);
}
