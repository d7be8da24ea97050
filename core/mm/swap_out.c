// SPDX-License-Identifier: GPL-2.0-only
/* Swap-out: reclaim of one folio (SPEC 17.1), and the scan that finds folios to reclaim. */
#include <kernel/sched.h>
#include "mm.h"

/* What reclaim leaves in the table for the working set: a value, as an xarray holds it. */
static void *reclaim_shadow(const struct folio *folio)
{
	return (void *)((folio_pfn(folio) + 1) << 8 | 0x51);
}

/*
 * The last step: out of the cache with a shadow, and freed. The folio is locked, unmapped and
 * cached; 1 + nr references are the caller's and the cache's.
 */
static int remove_folio(struct folio *folio)
{
	int refs = 1 + folio_nr_pages(folio);
	void *shadow = reclaim_shadow(folio);
	struct swap_cluster_info *ci;
	swp_entry_t entry;

	ci = swap_cluster_get_and_lock_irq(folio);
	cluster_locked(ci);
	if (!folio_ref_freeze(folio, refs))
		goto keep;
	if (folio_test_dirty(folio)) {
		folio_ref_unfreeze(folio, refs);
		goto keep;
	}
	entry = folio->swap;
	trace_mm_swap_out_removed(ci, entry, folio_nr_pages(folio));
	__swap_cache_del_folio(ci, folio, entry, shadow, true);
	trace_mm_swap_out_shadow(ci, entry, refs - 1, (unsigned long)shadow);
	swap_cluster_unlock_irq(ci);
	folio_unlock(folio);
	folio_free_frozen(folio);
	count_vm_events(PGRECLAIM, 1);
	return 0;
keep:
	swap_cluster_unlock_irq(ci);
	return -EBUSY;
}

/*
 * Writes the folio, which is locked on entry. Return: 0: locked again and re-checked; -ENOENT: locked
 * again, it is no longer needed; else unlocked.
 */
static int pageout(struct swap_io_ctx *ctx, struct folio *folio)
{
	swp_entry_t entry = folio->swap;
	int err;

	folio_clear_dirty(folio);
	err = swap_writeout(ctx, folio);
	if (err == AOP_WRITEPAGE_ACTIVATE)
		folio_unlock(folio);
	if (err)
		return -EBUSY;
	if (folio_test_writeback(folio)) {
		/* leave it to whoever comes by when the write is over, or wait */
		if (machine_random(2))
			return -EINPROGRESS;
		swap_write_submit(ctx);
		folio_wait_writeback(folio);
	}
	if (!folio_trylock(folio))
		return -EBUSY;
	if (!folio_test_swapcache(folio))
		return -ENOENT;
	/* it was unlocked meanwhile: anything may have happened to it */
	if (folio->swap.val != entry.val || folio_mapped(folio) || folio_test_dirty(folio) ||
	    folio_test_writeback(folio)) {
		folio_unlock(folio);
		return -EBUSY;
	}
	return 0;
}

/* Allocates slots; a large folio that gets none is split, and its parts reclaimed. */
static int add_to_swap(struct swap_io_ctx *ctx, struct folio *folio, unsigned int flags)
{
	unsigned int order = folio_order(folio), i;
	struct folio *parts[SWAPFILE_CLUSTER_MAX];
	int err;

	err = folio_alloc_swap(folio);
	if (!err) {
		folio_mark_dirty(folio);
		trace_mm_swap_out(folio->swap, 1UL << order);
		return 0;
	}
	if (!order || err == -EAGAIN)
		return err == -EAGAIN ? -ENOMEM : err;
	trace_mm_large_fell_back(order);
	if (split_folio_mapped(folio, parts))
		return err;
	/* the first part is the folio itself, with the caller's reference */
	folio_unlock(folio);
	for (i = 0; i < 1U << order; i++)
		reclaim_folio(ctx, parts[i], flags);
	return -EAGAIN;
}

static int shrink_folio(struct swap_io_ctx *ctx, struct folio *folio, unsigned int flags)
{
	int err = -EBUSY;

	if (!folio_trylock(folio))
		goto out_put;
	err = -EAGAIN;
	/* a cached one that is not uptodate could not be read: it goes, and may be read again */
	if ((!folio_test_uptodate(folio) && !folio_test_swapcache(folio)) || folio_test_writeback(folio))
		goto out_unlock;
	if (!folio_test_swapcache(folio)) {
		if (!folio_test_anon(folio) || !folio_mapped(folio) || pm_suspended_storage())
			goto out_unlock;
		err = add_to_swap(ctx, folio, flags);
		if (err == -EAGAIN)
			return err;	/* split: unlocked and put already */
		if (err)
			goto out_unlock;
	}
	if (folio_mapped(folio))
		try_to_unmap(folio, flags);
	err = -EBUSY;
	if (folio_mapped(folio) || (flags & RECLAIM_SKIP_WRITE))
		goto out_unlock;
	/* without __GFP_IO nothing is written */
	if (folio_test_dirty(folio) && pm_suspended_storage())
		goto out_unlock;
	if (folio_test_dirty(folio)) {
		err = pageout(ctx, folio);
		if (err == -ENOENT) {
			err = 0;
			goto out_unlock;
		}
		if (err)
			goto out_put;
	}
	err = -EBUSY;
	if (flags & RECLAIM_KEEP_CACHE)
		goto out_unlock;
	err = remove_folio(folio);
	if (!err)
		return 0;
out_unlock:
	folio_unlock(folio);
out_put:
	folio_put(folio);
	return err;
}

/**
 * reclaim_folio - swap a folio out, as far as possible
 * @ctx: collects what is to be written: the caller submits it in the end, before it waits for any
 *	of that; NULL: all is submitted on return
 * @folio: unlocked; the caller's reference is taken over
 * @flags: enum reclaim_flags
 *
 * As all of the kernel's reclaim it runs with PF_MEMALLOC: what it allocates does not reclaim.
 * Context: may sleep; the folio is only trylocked.
 * Return: 0 if it is gone or no longer needed; -EBUSY or -EAGAIN: kept; -EINPROGRESS: being
 *	written, or will be; -ENOMEM: no slot.
 */
int reclaim_folio(struct swap_io_ctx *ctx, struct folio *folio, unsigned int flags)
{
	unsigned int noreclaim = memalloc_noreclaim_save();
	struct swap_io_ctx own = {};
	int err = shrink_folio(ctx ? ctx : &own, folio, flags);

	if (!ctx)
		swap_write_submit(&own);
	memalloc_noreclaim_restore(noreclaim);
	return err;
}

int mm_reclaim(struct swap_io_ctx *ctx, struct mm_struct *mm, unsigned long va, unsigned int flags)
{
	struct folio *folio = mm_get_folio(mm, va);

	return folio ? reclaim_folio(ctx, folio, flags) : -ENOENT;
}

void shrink_folios(unsigned int nr)
{
	struct swap_io_ctx ctx = {};
	struct folio *folio;

	while (nr--) {
		folio = arena_get_folio(machine_random(max_pfn));
		if (folio)
			reclaim_folio(&ctx, folio, 0);
	}
	swap_write_submit(&ctx);
}

int free_swap_folio(struct folio *folio)
{
	int err = -EBUSY;

	folio_lock(folio);
	if (folio_test_swapcache(folio))
		err = folio_free_swap(folio) ? 0 : -EBUSY;
	folio_unlock(folio);
	return err;
}
