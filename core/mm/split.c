// SPDX-License-Identifier: GPL-2.0-only
/*
 * Splitting a large folio: a cached and unmapped one (SPEC 17.8), or a mapped and uncached one
 * that got no slots (17.1).
 */
#include "mm.h"

/* New descriptors for all pages but the first, locked. Return: 0; minus those that there are. */
static int alloc_parts(struct folio *folio, struct folio **parts, unsigned int nr_parts)
{
	unsigned int i;

	parts[0] = folio;
	for (i = 1; i < nr_parts; i++) {
		parts[i] = folio_alloc_part(0);
		if (!parts[i])
			break;
		folio_lock_new(parts[i]);
		lock_hand_over(parts[i], lock_class_folio, CODE_SITE);
	}
	if (i == nr_parts)
		return 0;
	return -(int)i;
}

static void free_parts(struct folio **parts, unsigned int from, unsigned int to)
{
	for (; from < to; from++) {
		lock_take_over(parts[from], lock_class_folio, CODE_SITE);
		folio_unlock(parts[from]);
		/* nothing was charged for it: no pages go back with it */
		folio_put_part(parts[from]);
	}
}

/* What the part inherits; the folio is frozen or all its PTLs are held. */
static void init_part(struct folio *folio, struct folio *part, unsigned int page)
{
	folio_copy_content(part, 0, folio, page, 1);
	folio_set_swapbacked(part);
	part->memcg = folio->memcg;
	if (folio->family)
		folio_set_anon_family(part, folio->family, folio->index + page);
	if (folio_test_dirty(folio))
		folio_mark_dirty(part);
	folio_mark_uptodate(part);
	folio_add_lru(part);
}

/**
 * split_folio - split a cached folio into pages
 * @folio: unlocked, the caller has one reference
 *
 * A task that scans memory by page frames may have a reference for a moment: then the freeze fails in
 * __folio_freeze_and_split_unmapped(), and so it may here by choice.
 *
 * Context: may sleep.
 * Return: 0; -EBUSY: locked, mapped, not cached or not large; -EAGAIN: in use; -ENOMEM.
 */
int split_folio(struct folio *folio)
{
	unsigned int nr, i;
	struct folio *parts[SWAPFILE_CLUSTER_MAX];
	struct swap_cluster_info *ci;
	int err = -EBUSY, done;

	if (!folio_trylock(folio))
		return -EBUSY;
	if (!folio_test_swapcache(folio) || folio_mapped(folio) || !folio_test_uptodate(folio) ||
	    folio_test_writeback(folio) || !folio_test_large(folio))
		goto out_unlock;
	nr = folio_nr_pages(folio);
	err = -ENOMEM;
	done = alloc_parts(folio, parts, nr);
	if (done) {
		free_parts(parts, 1, -done);
		goto out_unlock;
	}

	ci = swap_cluster_get_and_lock_irq(folio);
	cluster_locked(ci);
	if (should_abort() || !folio_ref_freeze(folio, 1 + nr)) {
		swap_cluster_unlock_irq(ci);
		trace_mm_split_kept(folio);
		free_parts(parts, 1, nr);
		err = -EAGAIN;
		goto out_unlock;
	}
	WRITE_ONCE(folio->_order, 0U);
	for (i = 1; i < nr; i++) {
		init_part(folio, parts[i], i);
		parts[i]->swap.val = folio->swap.val + i;
		folio_set_swapcache(parts[i]);
		folio_ref_add(parts[i], 1);
		__swap_cache_replace_folio(ci, folio, parts[i]);
	}
	folio_ref_unfreeze(folio, 2);
	trace_mm_split_cached(ci, folio->swap);
	swap_cluster_unlock_irq(ci);
	for (i = 1; i < nr; i++) {
		lock_take_over(parts[i], lock_class_folio, CODE_SITE);
		folio_unlock(parts[i]);
		free_folio_and_swap_cache(parts[i]);
	}
	err = 0;
out_unlock:
	folio_unlock(folio);
	return err;
}

/* --- mapped and uncached ------------------------------------------------------------------ */

#define SPLIT_PTLS_MAX 16

struct split_ptls {
	spinlock_t *ptls[SPLIT_PTLS_MAX];
	unsigned int nr;
};

static bool maps_page(struct mm_struct *mm, struct folio *folio, unsigned int page)
{
	unsigned long va = folio->index + page;
	pte_t pte;

	if (va >= mm->nr_ptes)
		return false;
	pte = ptep_get(mm_ptep(mm, va));
	return pte_present(pte) && pte_folio(pte) == folio && pte_page_idx(pte) == page;
}

/*
 * Takes the PTLs of all mappings, in the order in which PTLs nest: newest mm first, as fork
 * takes dst before src, then by address. What a lockless look missed shows as a reference that
 * cannot be frozen. Return: false if there are too many.
 */
static bool lock_all_ptls(struct folio *folio, struct split_ptls *locked)
	__no_context_analysis
{
	unsigned int nr = folio_nr_pages(folio), i;
	spinlock_t *ptl, *last = NULL;
	struct mm_struct *mm;

	locked->nr = 0;
	list_for_each_entry(mm, &folio->family->mms, family_list) {
		for (i = 0; i < nr; i++) {
			if (!maps_page(mm, folio, i))
				continue;
			ptl = pte_lockptr(mm, folio->index + i);
			if (ptl == last)
				continue;
			if (locked->nr == SPLIT_PTLS_MAX)
				return false;
			spin_lock_nested(ptl, locked->nr);
			locked->ptls[locked->nr++] = last = ptl;
		}
	}
	return true;
}

static void unlock_all_ptls(struct split_ptls *locked) __no_context_analysis
{
	while (locked->nr)
		spin_unlock(locked->ptls[--locked->nr]);
}

static bool ptl_locked(const struct split_ptls *locked, const spinlock_t *ptl)
{
	unsigned int i;

	for (i = 0; i < locked->nr; i++)
		if (locked->ptls[i] == ptl)
			return true;
	return false;
}

/* Under all PTLs. Calls for each mapping; @parts NULL: only counts. Return: mappings. */
static int for_each_mapping(struct folio *folio, const struct split_ptls *locked,
			    struct folio **parts)
{
	unsigned int nr = folio_nr_pages(folio), i;
	struct vm_area_struct *vma;
	struct mm_struct *mm;
	int mapped = 0;
	pte_t pte, new;

	list_for_each_entry(mm, &folio->family->mms, family_list) {
		for (i = 0; i < nr; i++) {
			if (!maps_page(mm, folio, i) ||
			    !ptl_locked(locked, pte_lockptr(mm, folio->index + i)))
				continue;
			mapped++;
			if (!parts || !i)
				continue;
			pte = ptep_get(mm_ptep(mm, folio->index + i));
			folio_ref_add(parts[i], 1);
			atomic_inc(&parts[i]->_mapcount);
			vma = mm_vma(mm, folio->index + i);
			new = mk_pte(folio_page(parts[i], 0), vma->vm_page_prot);
			if (pte_write(pte))
				new = pte_mkwrite(new, vma);
			set_pte(mm_ptep(mm, folio->index + i), new);
		}
	}
	return mapped;
}

/**
 * split_folio_mapped - split a folio that is mapped and not cached into single pages
 * @folio: locked, the caller has one reference
 * @parts: filled with the parts, @folio first
 *
 * Every part keeps its PTEs' references. Context: may sleep (rmap lock). SPEC 17.1.
 * Return: 0: every part but the first is unlocked, with one reference for the caller; -EBUSY:
 *	another task uses it; -ENOMEM.
 */
int split_folio_mapped(struct folio *folio, struct folio **parts)
{
	unsigned int nr = folio_nr_pages(folio), i;
	struct split_ptls locked;
	int err = -EBUSY, mapped, first = 0, done;

	done = alloc_parts(folio, parts, nr);
	if (done) {
		free_parts(parts, 1, -done);
		return -ENOMEM;
	}
	mutex_lock(&folio->family->lock);
	if (!lock_all_ptls(folio, &locked))
		goto out_unlock;
	mapped = for_each_mapping(folio, &locked, NULL);
	if (should_abort() || !folio_ref_freeze(folio, mapped + 1))
		goto out_unlock;
	for (i = 1; i < nr; i++)
		init_part(folio, parts[i], i);
	mapped = for_each_mapping(folio, &locked, parts);
	for (i = 1; i < nr; i++)
		first += atomic_read(&parts[i]->_mapcount);
	first = mapped - first;
	WRITE_ONCE(folio->_order, 0U);
	atomic_set(&folio->_mapcount, first);
	folio_ref_unfreeze(folio, first + 1);
	err = 0;
out_unlock:
	unlock_all_ptls(&locked);
	mutex_unlock(&folio->family->lock);
	if (err) {
		free_parts(parts, 1, nr);
		return err;
	}
	for (i = 1; i < nr; i++) {
		lock_take_over(parts[i], lock_class_folio, CODE_SITE);
		folio_unlock(parts[i]);
	}
	return 0;
}
