// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first version of memory cgroups charges memory and swap together (memsw): a page that is swapped out stays
 * charged, from then on by its slots; a swap-in charges its new folio, and the slots' charge ends. All cgroups of the
 * model are of the second version, too (core/mm/memcg.c). Here is what the first one asks of the tree besides: a slot
 * is charged from when reclaim takes its folio out of the cache until a folio is in its place, or until it is free.
 *
 * More lenient than the kernel: its limits are not modelled, so that no charge fails.
 *
 * Built without instrumentation: a slot's charge changes under its cluster's lock, or its folio's.
 */
#include <stdlib.h>
#include <mm/mm.h>
#include <swap/swap.h>
#include "hooks.h"

static struct area {
	bool *charged;
	unsigned long room, nr;		/* of slots; nr 0: there is no device of the type */
} areas[MAX_SWAPFILES];

void tree_memsw_area(unsigned int type, unsigned long nr)
{
	struct area *a = &areas[type];

	if (nr > a->room) {
		free(a->charged);
		a->charged = calloc(nr, sizeof(*a->charged));
		if (!a->charged)
			harness_fail("SETUP", CODE_SITE, "no memory for the charges of %lu slots", nr);
		a->room = nr;
	}
	a->nr = nr;
	if (nr)
		__builtin_memset(a->charged, 0, nr * sizeof(*a->charged));
}

/* Another check says that a slot is out of bounds: NULL. */
static bool *charge_at(swp_entry_t entry, unsigned int i)
{
	unsigned long offset = swp_offset(entry) + i;

	return swp_type(entry) < MAX_SWAPFILES && offset < areas[swp_type(entry)].nr ?
	       &areas[swp_type(entry)].charged[offset] : NULL;
}

static bool is_charged(swp_entry_t entry, unsigned int i)
{
	const bool *charge = charge_at(entry, i);

	return charge && RAW(*charge);
}

static void set_charged(swp_entry_t entry, unsigned int nr, bool charged)
{
	bool *charge;
	unsigned int i;

	for (i = 0; i < nr; i++)
		if ((charge = charge_at(entry, i)))
			__atomic_store_n(charge, charged, __ATOMIC_RELAXED);
}

/* A folio of the cache, whose lock the caller holds. */
static struct swap_cluster_info *cluster_of(const struct folio *folio, const char *call)
{
	if (~RAW(folio->flags) & (BIT(PG_locked) | BIT(PG_swapcache)))
		harness_fail("INV-G12", CODE_SITE, "%s(): the folio is not locked, or not in the swap cache", call);
	return ci_at(RAW(swap_info[swp_type(folio->swap)]), swp_offset(folio->swap));
}

void tree_memsw_out(const struct folio *folio, const struct swap_cluster_info *ci)
{
	unsigned int nr = 1U << RAW(folio->_order), i;
	swp_entry_t entry = folio->swap;

	if (cluster_of(folio, "__memcg1_swapout") != ci || !__lock_is_held(&ci->lock))
		harness_fail("INV-G12", CODE_SITE,
			     "__memcg1_swapout(): the cluster is not slot %u/%lu's, or not locked",
			     swp_type(entry), swp_offset(entry));
	/* nobody finds it any more */
	if (RAW(folio->_refcount.counter))
		harness_fail("INV-G12", CODE_SITE, "__memcg1_swapout(): the folio of slot %u/%lu has %d references",
			     swp_type(entry), swp_offset(entry), RAW(folio->_refcount.counter));
	for (i = 0; i < nr; i++)
		if (is_charged(entry, i))
			harness_fail("INV-G12", CODE_SITE, "__memcg1_swapout(): slot %u/%lu is charged already",
				     swp_type(entry), swp_offset(entry) + i);
	set_charged(entry, nr, true);
}

void tree_memsw_left(const struct swap_cluster_info *ci, swp_entry_t entry, unsigned int nr)
{
	const atomic_long_t *table = RAW(ci->table);
	unsigned int i;

	for (i = 0; table && i < nr; i++)
		if (RAW(table[swp_offset(entry) % SWAPFILE_CLUSTER + i].counter) && !is_charged(entry, i))
			harness_fail("INV-G12", CODE_SITE,
				     "reclaim has taken the folio of slot %u/%lu out of the cache, and the slot is not "
				     "charged for memory and swap (__memcg1_swapout())", swp_type(entry),
				     swp_offset(entry) + i);
}

void tree_memsw_in(const struct folio *folio)
{
	const struct swap_cluster_info *ci = cluster_of(folio, "memcg1_swapin");
	struct tree_swapin *in = &tree_stack_of_task()->swapin;

	if (__lock_is_held(&ci->lock))
		harness_fail("LOCK-RECURSION", CODE_SITE,
			     "memcg1_swapin() locks the cluster, which its caller has locked");
	set_charged(folio->swap, 1U << RAW(folio->_order), false);
	if (in->folio == folio)
		in->memsw = true;
}

void tree_memsw_read(const struct folio *folio)
{
	unsigned int nr = 1U << RAW(folio->_order), i;

	for (i = 0; i < nr; i++)
		if (is_charged(folio->swap, i))
			harness_fail("INV-G12", CODE_SITE,
				     "slot %u/%lu is read into a folio that is charged, and is still charged for "
				     "memory and swap itself (memcg1_swapin())", swp_type(folio->swap),
				     swp_offset(folio->swap) + i);
}

void tree_memsw_freed(unsigned int type, unsigned long offset, unsigned long nr)
{
	set_charged(swp_entry(type, offset), nr, false);
}
