// SPDX-License-Identifier: GPL-2.0-only
/* Fork: copies PTEs into a new mm (SPEC 17.4). */
#include <kernel/sched.h>
#include "mm.h"

/* Both PTLs held, dst first. Return: 0, -ENOMEM: the count needs an extend table. */
static int copy_pte(struct mm_struct *dst, struct mm_struct *src, unsigned long va)
{
	pte_t pte = ptep_get(mm_ptep(src, va));
	struct folio *folio;
	int err;

	if (pte_none(pte))
		return 0;
	if (pte_present(pte)) {
		folio = pte_folio(pte);
		folio_get(folio);
		atomic_inc(&folio->_mapcount);
		/* shared from now on: a store copies */
		pte = pte_wrprotect(pte);
		set_pte(mm_ptep(src, va), pte);
	} else if (pte_is_swap(pte)) {
		err = swap_dup_entry_direct(softleaf_from_pte(pte));
		if (err)
			return err;
		if (pte_swp_exclusive(pte)) {
			pte = pte_swp_clear_exclusive(pte);
			set_pte(mm_ptep(src, va), pte);
		}
		mmlist_add(dst, src);
	}
	dst->ghosts[va] = src->ghosts[va];
	dst->memcgs[va] = src->memcgs[va];
	set_pte(mm_ptep(dst, va), pte);
	if (pte_is_swap(pte))
		mm_assert_listed(dst, va);
	return 0;
}

static int copy_one(struct mm_struct *dst, struct mm_struct *src, unsigned long va)
{
	swp_entry_t entry;
	int err;

	for (;;) {
		spin_lock(pte_lockptr(dst, va));
		spin_lock_nested(pte_lockptr(src, va), 1);
		err = copy_pte(dst, src, va);
		entry = softleaf_from_pte(ptep_get(mm_ptep(src, va)));
		spin_unlock(pte_lockptr(src, va));
		spin_unlock(pte_lockptr(dst, va));
		if (err != -ENOMEM)
			return err;
		trace_mm_fork_retry(entry);
		/* outside both PTLs, so the entry may change: it is read again */
		if (swap_retry_table_alloc(entry, GFP_KERNEL | __GFP_NOMEMALLOC))
			return -ENOMEM;
		cond_resched();
	}
}

/**
 * mm_fork - copy a range into a new mm
 * @src: pinned
 * @va: first page
 * @nr: number of pages
 * @dst: set to the new mm
 *
 * It may stop between two pages, as dup_mmap() does between two VMAs if a fatal signal keeps
 * vma_start_write_killable() from locking the next one. What is copied is unmapped again before the
 * mmap_locks are let go.
 *
 * Context: may sleep. Return: 0, -ENOMEM; -EINTR: made to stop.
 */
int mm_fork(struct mm_struct *src, unsigned long va, unsigned long nr, struct mm_struct **dst)
{
	unsigned long start = va, end = min(va + nr, src->nr_ptes);
	struct mm_struct *mm;
	int err = 0;

	/* in the family before the first PTE is copied: a reverse walk must not miss one */
	mm = mm_alloc(src->nr_ptes, src->family);
	if (!mm)
		return -ENOMEM;
	down_write(&src->mmap_lock);
	down_write_nested(&mm->mmap_lock, 1);
	for (; va < end && !err; va++)
		err = va > start && should_abort() ? -EINTR : copy_one(mm, src, va);
	if (err)
		zap_range(mm, start, va - start);
	up_write(&mm->mmap_lock);
	up_write(&src->mmap_lock);
	if (err) {
		trace_mm_fork_aborted();
		mmput(mm);
		return err;
	}
	count_vm_events(PGFORK, 1);
	*dst = mm;
	return 0;
}
