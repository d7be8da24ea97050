// SPDX-License-Identifier: GPL-2.0-only
/* The reverse map: from a folio to the PTEs that map it (SPEC 17.0), and unmapping (17.1). */
#include "mm.h"

/* Calls fn with the PTL held for every PTE that maps a page of the folio (locked). */
void rmap_walk(struct folio *folio, rmap_fn fn, void *arg)
{
	struct anon_family *family = folio->family;
	unsigned int nr = folio_nr_pages(folio), i;
	unsigned long va;
	struct mm_struct *mm;
	pte_t pte;

	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
	if (!family)
		return;
	mutex_lock(&family->lock);
	list_for_each_entry(mm, &family->mms, family_list) {
		for (i = 0; i < nr; i++) {
			va = folio->index + i;
			if (va >= mm->nr_ptes)
				break;
			spin_lock(pte_lockptr(mm, va));
			pte = ptep_get(mm_ptep(mm, va));
			if (pte_present(pte) && pte_folio(pte) == folio && pte_page_idx(pte) == i)
				fn(mm, va, pte, folio, arg);
			spin_unlock(pte_lockptr(mm, va));
		}
	}
	mutex_unlock(&family->lock);
}

/*
 * The slot is counted: the PTE becomes its entry. A writable PTE is the only one that maps the page.
 * PTL held.
 */
static void install_entry(struct mm_struct *mm, unsigned long va, struct folio *folio, unsigned int page,
			  bool writable)
{
	swp_entry_t entry = { folio->swap.val + page };
	pte_t pte = swp_entry_to_pte(entry);

	mmlist_add(mm, &init_mm);
	set_pte(mm_ptep(mm, va), writable ? pte_swp_mkexclusive(pte) : pte);
	mm_assert_listed(mm, va);
	trace_mm_swap_out_installed(entry, folio);
	atomic_dec(&folio->_mapcount);
	folio_ref_sub(folio, 1);
}

/*
 * Are all of the folio's pages mapped from va on, under the PTL that is held? @writable: set to which of
 * them are writable.
 */
static bool mapped_whole(struct mm_struct *mm, unsigned long va, struct folio *folio, unsigned long *writable)
{
	unsigned int nr = folio_nr_pages(folio), i;
	pte_t pte;

	if (va + nr > mm->nr_ptes || !same_ptl(va, nr))
		return false;
	for (i = 0; i < nr; i++) {
		pte = ptep_get(mm_ptep(mm, va + i));
		if (!pte_present(pte) || pte_folio(pte) != folio || pte_page_idx(pte) != i)
			return false;
		if (pte_write(pte))
			writable[i / BITS_PER_LONG] |= BIT(i % BITS_PER_LONG);
	}
	return true;
}

struct unmap {
	unsigned int flags;
	bool aborted;			/* what is mapped still remains so */
};

/*
 * A slot is counted. Is that to be taken back, and the PTE kept? try_to_unmap_one() does so, and ends the
 * walk, if folio_try_share_anon_rmap_pte() finds that the page is pinned, here by choice.
 */
static bool take_back(struct unmap *u)
{
	u->aborted = should_abort() || (u->flags & RECLAIM_DUP_ABORT);
	return u->aborted;
}

/* All slots counted at once. Return: false: no memory for one of the counts, all are as before. */
static bool unmap_whole(struct mm_struct *mm, unsigned long va, struct folio *folio, struct unmap *u,
			const unsigned long *writable)
{
	unsigned int nr = folio_nr_pages(folio), i;

	for (i = 0; i < nr; i++)
		check_content(mm, va + i, folio, i, "swap-out");
	if (folio_dup_swap(folio, NULL))
		return false;
	if (take_back(u)) {
		folio_put_swap(folio, NULL);
		return true;
	}
	for (i = 0; i < nr; i++)
		install_entry(mm, va + i, folio, i, writable[i / BITS_PER_LONG] & BIT(i % BITS_PER_LONG));
	return true;
}

static void try_to_unmap_one(struct mm_struct *mm, unsigned long va, pte_t pte, struct folio *folio,
			     void *arg)
{
	unsigned long writable[BITS_TO_LONGS(SWAPFILE_CLUSTER_MAX)] = { 0 };
	unsigned int page = pte_page_idx(pte);
	struct unmap *u = arg;

	if (u->aborted)
		return;
	if (folio_test_large(folio) && !page && mapped_whole(mm, va, folio, writable) &&
	    unmap_whole(mm, va, folio, u, writable))
		return;
	check_content(mm, va, folio, page, "swap-out");
	/* counted before it is visible; no memory for the count: the PTE stays */
	if (folio_dup_swap(folio, folio_page(folio, page))) {
		u->aborted = true;
		return;
	}
	if (take_back(u)) {
		folio_put_swap(folio, folio_page(folio, page));
		return;
	}
	install_entry(mm, va, folio, page, pte_write(pte));
}

/**
 * try_to_unmap - replace the PTEs that map a cached folio by swap entries
 * @folio: locked, in the swap cache; the caller has a reference
 * @flags: RECLAIM_DUP_ABORT: take each count back instead
 *
 * Some may stay: test folio_mapped(). Context: may sleep (rmap lock).
 */
void try_to_unmap(struct folio *folio, unsigned int flags)
{
	struct unmap u = { .flags = flags };

	rmap_walk(folio, try_to_unmap_one, &u);
}
