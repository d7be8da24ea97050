// SPDX-License-Identifier: GPL-2.0-only
/* UFFDIO_MOVE of userfaultfd: a page changes its address (SPEC 17.9). */
#include <kernel/mutant.h>
#include "mm.h"

/* The lower address first. */
static void double_pt_lock(struct mm_struct *mm, unsigned long a, unsigned long b)
	__no_context_analysis
{
	spin_lock(pte_lockptr(mm, min(a, b)));
	if (pte_lockptr(mm, a) != pte_lockptr(mm, b))
		spin_lock_nested(pte_lockptr(mm, max(a, b)), 1);
}

static void double_pt_unlock(struct mm_struct *mm, unsigned long a, unsigned long b)
	__no_context_analysis
{
	if (pte_lockptr(mm, a) != pte_lockptr(mm, b))
		spin_unlock(pte_lockptr(mm, max(a, b)));
	spin_unlock(pte_lockptr(mm, min(a, b)));
}

/* A PTE that is writable, or was when it became an entry, is the only one that has its page. */
static bool pte_exclusive(pte_t pte)
{
	return pte_present(pte) ? pte_write(pte) : pte_swp_exclusive(pte);
}

/*
 * @orig: what the PTE at @src was
 * @folio: what it leads to, locked and of one page; NULL: a slot that was not cached
 */
static int move_pte(struct mm_struct *mm, unsigned long dst, unsigned long src, pte_t orig,
		    struct folio *folio)
{
	int err = -EAGAIN;

	double_pt_lock(mm, dst, src);
	if (!pte_same(ptep_get(mm_ptep(mm, src)), orig))
		goto out;
	/* it may have been read since: then the folio is found at the old address */
	if (!folio && !mutant(MOVE_NO_SECOND_LOOK) && swap_cache_has_folio(softleaf_from_pte(orig)))
		goto out;
	err = -EEXIST;
	if (!pte_none(ptep_get(mm_ptep(mm, dst))))
		goto out;
	err = -EBUSY;
	if (!pte_exclusive(orig))
		goto out;
	err = 0;
	if (folio && !(mutant(MOVE_CACHED_LEFT) && pte_is_swap(orig)))
		folio->index = dst;
	set_pte(mm_ptep(mm, src), __pte(0));
	set_pte(mm_ptep(mm, dst), orig);
	mm->ghosts[dst] = mm->ghosts[src];
	mm->ghosts[src] = 0;
	mm->memcgs[dst] = mm->memcgs[src];
	trace_mm_moved(src, dst);
out:
	double_pt_unlock(mm, dst, src);
	return err;
}

static int move_present_pte(struct mm_struct *mm, unsigned long dst, unsigned long src, pte_t orig)
{
	struct folio *folio;
	int err = -EBUSY;

	spin_lock(pte_lockptr(mm, src));
	if (!pte_same(ptep_get(mm_ptep(mm, src)), orig)) {
		spin_unlock(pte_lockptr(mm, src));
		return -EAGAIN;
	}
	folio = pte_folio(orig);
	folio_get(folio);
	spin_unlock(pte_lockptr(mm, src));

	folio_lock(folio);
	if (!folio_test_large(folio))
		err = move_pte(mm, dst, src, orig, folio);
	folio_unlock(folio);
	folio_put(folio);
	return err;
}

static int move_swap_pte(struct mm_struct *mm, unsigned long dst, unsigned long src, pte_t orig)
{
	swp_entry_t entry = softleaf_from_pte(orig);
	struct swap_info_struct *si = get_swap_device(entry);
	struct folio *folio;
	int err = -EAGAIN;

	if (!si)
		return -EAGAIN;
	folio = swap_cache_get_folio(entry);
	trace_mm_move(entry, folio);
	if (!folio) {
		err = move_pte(mm, dst, src, orig, NULL);
		put_swap_device(si);
		return err;
	}
	folio_lock(folio);
	/* while this waited, it may have left the slot, and the slot may be another's */
	if (!mutant(MOVE_NO_RECHECK) && !folio_has_entry(folio, entry))
		goto out;
	err = -EBUSY;
	if (!folio_test_large(folio))
		err = move_pte(mm, dst, src, orig, folio);
out:
	folio_unlock(folio);
	folio_put(folio);
	put_swap_device(si);
	return err;
}

/**
 * mm_move - move a page of anonymous memory to another address of its space
 * @mm: pinned
 * @dst: where to
 * @src: where from
 *
 * Context: may sleep.
 * Return: 0; -EINVAL: outside of the space; -EEXIST: something at @dst; -ENOENT: nothing at @src;
 *	-EFAULT: a page that was lost; -EBUSY: it may be shared, or is part of a large folio;
 *	-EAGAIN: it changed meanwhile, or its device is going.
 */
int mm_move(struct mm_struct *mm, unsigned long dst, unsigned long src)
{
	pte_t pte;
	int err;

	if (src >= mm->nr_ptes || dst >= mm->nr_ptes)
		return -EINVAL;
	mmap_read_lock(mm);
	pte = ptep_get(mm_ptep(mm, src));
	if (!pte_none(ptep_get(mm_ptep(mm, dst))))
		err = -EEXIST;
	else if (pte_none(pte))
		err = -ENOENT;
	else if (pte_present(pte))
		err = move_present_pte(mm, dst, src, pte);
	else if (pte_is_swap(pte))
		err = move_swap_pte(mm, dst, src, pte);
	else
		err = -EFAULT;
	mmap_read_unlock(mm);
	return err;
}
