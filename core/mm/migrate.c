// SPDX-License-Identifier: GPL-2.0-only
/* Migration: a cached, unmapped folio is replaced by a new one (SPEC 17.7). */
#include "mm.h"

/*
 * Both folios locked. Return: 0, -EAGAIN: another task has a reference, as folio_migrate_mapping() finds it;
 * by choice it is a task that is not in the model.
 */
static int migrate_replace(struct folio *folio, struct folio *new)
{
	unsigned int nr = folio_nr_pages(folio);
	struct swap_cluster_info *ci;

	ci = swap_cluster_get_and_lock_irq(folio);
	cluster_locked(ci);
	if (should_abort() || !folio_ref_freeze(folio, 1 + nr)) {
		swap_cluster_unlock_irq(ci);
		trace_mm_migrate_kept(folio);
		return -EAGAIN;
	}
	new->swap = folio->swap;
	folio_set_swapcache(new);
	folio_ref_add(new, nr);
	__swap_cache_replace_folio(ci, folio, new);
	folio->swap.val = 0;
	folio_clear_swapcache(folio);
	folio_ref_unfreeze(folio, 1);
	swap_cluster_unlock_irq(ci);
	trace_mm_migrated(ci, new->swap, new);
	return 0;
}

/**
 * migrate_folio - move a folio to other memory
 * @folio: unlocked, the caller has one reference
 *
 * Context: may sleep.
 * Return: 0; -EBUSY: locked, mapped or not cached; -EAGAIN: in use; -ENOMEM.
 */
int migrate_folio(struct folio *folio)
{
	struct folio *new;
	int err = -EBUSY;

	if (!folio_trylock(folio))
		return -EBUSY;
	if (!folio_test_swapcache(folio) || !folio_test_uptodate(folio))
		goto out_unlock;
	folio_wait_writeback(folio);
	if (folio_mapped(folio))
		try_to_unmap(folio, 0);
	if (folio_mapped(folio))
		goto out_unlock;
	err = -ENOMEM;
	new = folio_alloc(GFP_KERNEL, folio_order(folio));
	if (!new)
		goto out_unlock;
	folio_lock_new(new);
	folio_set_swapbacked(new);
	err = migrate_replace(folio, new);
	if (!err) {
		/* whoever finds it meanwhile waits for its lock */
		folio_copy_content(new, 0, folio, 0, folio_nr_pages(folio));
		new->memcg = folio->memcg;
		if (folio->family)
			folio_set_anon_family(new, folio->family, folio->index);
		if (folio_test_dirty(folio))
			folio_mark_dirty(new);
		folio_mark_uptodate(new);
		folio_add_lru(new);
	}
	folio_unlock(new);
	folio_put(new);
out_unlock:
	folio_unlock(folio);
	return err;
}
