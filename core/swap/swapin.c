// SPDX-License-Identifier: GPL-2.0-only
/*
 * Swap-in: a new folio for slots that are swapped out, bound to them by the swap cache before
 * it is read, so that there is one folio a slot (SPEC 11).
 */
#include <kernel/err.h>
#include "cluster.h"
#include "trace.h"

static int highest_order(unsigned long orders)
{
	return BITS_PER_LONG - 1 - __builtin_clzl(orders);
}

/* Does the slot have a count? A bad one's count is an error, which upstream takes for yes. */
static bool add_countable(unsigned long swp_tb)
{
	int count = swp_tb_get_count(swp_tb);

	return mutant(UPSTREAM_ADD_BAD) ? count : count > 0;
}

/*
 * Can a folio of @nr pages around @entry be bound? ci->lock held.
 * Return: 0; about the slot of @entry: -EEXIST: it is cached, -ENOENT: it is free; -EBUSY: one of
 *	the others is cached, free, or different (zeroes or not, cgroup).
 */
static int __swap_cache_add_check(struct swap_cluster_info *ci, swp_entry_t entry, unsigned int nr,
				  void **shadow, unsigned short *memcg)
{
	unsigned int ci_off = round_down(swp_cluster_offset(entry), nr), ci_end = ci_off + nr;
	unsigned long swp_tb;
	bool zero;

	lockdep_assert_held(&ci->lock);
	/* the entry may have been freed since it was read, and with it the table */
	if (unlikely(!cluster_table_is_alloced(ci)) && !mutant(ADD_NO_TABLE)) {
		trace_swap_cache_no_table(ci, entry);
		return -ENOENT;
	}
	swp_tb = __swap_table_get(ci, swp_cluster_offset(entry));
	if (swp_tb_is_folio(swp_tb))
		return -EEXIST;
	if (!add_countable(swp_tb))
		return -ENOENT;
	if (shadow && swp_tb_is_shadow(swp_tb))
		*shadow = swp_tb_to_shadow(swp_tb);
	/* a read fills all of it or none of it with zeroes */
	zero = __swap_table_test_zero(ci, swp_cluster_offset(entry));
	*memcg = __swap_cgroup_get(ci, swp_cluster_offset(entry));
	for (; ci_off < ci_end; ci_off++) {
		swp_tb = __swap_table_get(ci, ci_off);
		if (swp_tb_is_folio(swp_tb) || !add_countable(swp_tb))
			return -EBUSY;
		if (__swap_table_test_zero(ci, ci_off) != zero && !mutant(ZERO_MIXED))
			return -EBUSY;
		/* the folio is charged to one cgroup */
		if (__swap_cgroup_get(ci, ci_off) != *memcg)
			return -EBUSY;
	}
	return 0;
}

/* One attempt, with a folio of one order. */
static struct folio *__swap_cache_alloc(struct swap_cluster_info *ci, swp_entry_t entry,
					gfp_t gfp, unsigned int order)
{
	unsigned int nr = 1U << order;
	unsigned short memcg, first;
	struct folio *folio;
	void *shadow = NULL;
	int err;

	/* a look first: an allocation costs more */
	spin_lock(&ci->lock);
	err = __swap_cache_add_check(ci, entry, nr, NULL, &first);
	spin_unlock(&ci->lock);
	if (err)
		return ERR_PTR(err);

	folio = folio_alloc(gfp, order);
	if (!folio)
		return ERR_PTR(-ENOMEM);
	folio_lock_new(folio);
	folio_set_swapbacked(folio);

	trace_swap_cache_add_enter((swp_entry_t){ round_down(entry.val, (unsigned long)nr) }, folio);
	spin_lock(&ci->lock);
	err = __swap_cache_add_check(ci, entry, nr, &shadow, &memcg);
	if (!err)
		__swap_cache_add_folio(ci, folio, (swp_entry_t){
				       round_down(entry.val, (unsigned long)nr) });
	spin_unlock(&ci->lock);
	/* deliberately broken: another task was faster, and our folio is forgotten */
	if (err == -EEXIST && mutant(LOST_RACE_LEAK))
		return ERR_PTR(err);
	if (err)
		goto put;

	/* deliberately broken: the slot may have another owner since */
	if (mutant(MEMCG_EARLY))
		memcg = first;
	if (mem_cgroup_swapin_charge_folio(folio, memcg, NULL, gfp)) {
		/* as if it had never been there */
		spin_lock(&ci->lock);
		__swap_cache_do_del_folio(ci, folio, folio->swap, shadow);
		spin_unlock(&ci->lock);
		folio_ref_sub(folio, nr);
		err = -ENOMEM;
		goto put;
	}
	swap_cache_count(folio, nr);
	folio_add_lru(folio);
	return folio;
put:
	folio_unlock(folio);
	folio_put(folio);
	return ERR_PTR(err);
}

/**
 * swap_cache_alloc_folio - a new folio for slots that are swapped out
 * @entry: the slot that is wanted; pinned device
 * @gfp: for the folio
 * @orders: bitmap of orders to try, the highest first; the folio is aligned around @entry
 * @vmf: unused here (a kernel's NUMA and THP policy)
 * @mpol: unused here
 * @ilx: unused here
 *
 * Context: may sleep.
 * Return: the folio, locked and cached, with a reference: the caller must read the data; or an
 *	error pointer: -EEXIST: @entry is cached; -ENOENT: it is not swapped out; -EBUSY: slots
 *	beside it are in the way of every order; -ENOMEM.
 */
struct folio *swap_cache_alloc_folio(swp_entry_t entry, gfp_t gfp, unsigned long orders,
				     struct vm_fault *vmf, struct mempolicy *mpol, pgoff_t ilx)
{
	struct swap_cluster_info *ci = __swap_entry_to_cluster(entry);
	struct folio *folio = ERR_PTR(-ENOENT);
	long err;

	while (orders) {
		folio = __swap_cache_alloc(ci, entry, gfp, highest_order(orders));
		if (!IS_ERR(folio))
			break;
		err = PTR_ERR(folio);
		/* a smaller one may do */
		if (err != -EBUSY && err != -ENOMEM)
			break;
		orders &= ~BIT(highest_order(orders));
	}
	return folio;
}

/**
 * swapin_sync - the folio of a slot, a new one read from the device if need be
 * @entry: the slot; pinned device
 * @gfp: for a new folio
 * @orders: as swap_cache_alloc_folio()
 * @vmf: unused here
 * @mpol: unused here
 * @ilx: unused here
 *
 * Context: may sleep.
 * Return: a folio with a reference; lock it, which waits for the data, and check
 *	folio_matches_swap_entry(). Or an error pointer.
 */
struct folio *swapin_sync(swp_entry_t entry, gfp_t gfp, unsigned long orders,
			  struct vm_fault *vmf, struct mempolicy *mpol, pgoff_t ilx)
{
	struct folio *folio;

	do {
		folio = swap_cache_get_folio(entry);
		if (folio)
			return folio;
		folio = swap_cache_alloc_folio(entry, gfp, orders, vmf, mpol, ilx);
	} while (PTR_ERR(folio) == -EEXIST);
	if (!IS_ERR(folio))
		swap_read_folio(NULL, folio);
	return folio;
}

/* The folio of one slot. As swapin_sync(), but pins the device and returns NULL for errors. */
struct folio *read_swap_cache_async(struct swap_io_ctx *ctx, swp_entry_t entry, gfp_t gfp,
				    struct vm_area_struct *vma, unsigned long addr)
{
	struct swap_info_struct *si = get_swap_device(entry);
	struct folio *folio;

	if (!si)
		return NULL;
	folio = swapin_sync(entry, gfp, BIT(0), NULL, NULL, 0);
	put_swap_device(si);
	return IS_ERR(folio) ? NULL : folio;
}

/**
 * swapin_readahead - a fault's folio
 * @entry: the slot; pinned device
 * @gfp: for a new folio
 * @vmf: unused here
 *
 * Reads no neighbours: a program says itself what is read ahead (core/mm: swap_readahead()).
 * Return: as read_swap_cache_async().
 */
struct folio *swapin_readahead(swp_entry_t entry, gfp_t gfp, struct vm_fault *vmf)
{
	struct folio *folio = swapin_sync(entry, gfp, BIT(0), vmf, NULL, 0);

	return IS_ERR(folio) ? NULL : folio;
}
