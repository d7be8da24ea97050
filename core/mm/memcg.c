// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcg as far as swap sees it: whose slots they are, and charges that can fail. An anon family
 * is in one cgroup of NR_MEMCGS, or moves between them (family_memcg()).
 */
#include <kernel/memcontrol.h>
#include <swap/swap_table.h>
#include "mm.h"
#include "mm_view.h"

static atomic_long_t swap_usage[NR_MEMCGS + 1];

/* Counted without an order or a scheduling point, as all statistics. */
struct obj_cgroup {
	unsigned long events[NR_SWAP_IO_ITEMS];
	long stat[NR_VM_NODE_STAT_ITEMS];
	long refs;
};
static struct obj_cgroup objcgs[NR_MEMCGS + 1];

void memcg_init(void)
{
	unsigned int id;

	for (id = 0; id <= NR_MEMCGS; id++)
		atomic_long_set(&swap_usage[id], 0);
	__builtin_memset(objcgs, 0, sizeof(objcgs));
}

void count_objcg_events(struct obj_cgroup *objcg, enum vm_event_item item, unsigned long nr)
{
	if (item < NR_SWAP_IO_ITEMS)
		__atomic_fetch_add(&objcg->events[item], nr, __ATOMIC_RELAXED);
}

void count_memcg_folio_events(struct folio *folio, enum vm_event_item item, unsigned long nr)
{
	folio_used(folio);
	count_objcg_events(&objcgs[folio->memcg], item, nr);
}

unsigned long mem_cgroup_events(unsigned short id, enum vm_event_item item)
{
	return __atomic_load_n(&objcgs[id].events[item], __ATOMIC_RELAXED);
}

void lruvec_stat_mod_folio(struct folio *folio, enum node_stat_item item, long nr)
{
	node_stat_mod_folio(folio, item, nr);
	__atomic_fetch_add(&objcgs[folio->memcg].stat[item], nr, __ATOMIC_RELAXED);
}

long mem_cgroup_page_state(unsigned short id, enum node_stat_item item)
{
	return __atomic_load_n(&objcgs[id].stat[item], __ATOMIC_RELAXED);
}

struct obj_cgroup *get_obj_cgroup_from_folio(struct folio *folio)
{
	struct obj_cgroup *objcg = &objcgs[folio->memcg];

	if (!folio->memcg)
		return NULL;
	__atomic_fetch_add(&objcg->refs, 1, __ATOMIC_RELAXED);
	return objcg;
}

void obj_cgroup_put(struct obj_cgroup *objcg)
{
	if (!objcg)
		return;
	__atomic_fetch_sub(&objcg->refs, 1, __ATOMIC_RELAXED);
}

long obj_cgroups_held(void)
{
	long refs = 0;
	unsigned int id;

	for (id = 1; id <= NR_MEMCGS; id++)
		refs += __atomic_load_n(&objcgs[id].refs, __ATOMIC_RELAXED);
	return refs;
}

long mem_cgroup_swap_usage(unsigned short id)
{
	return __atomic_load_n(&swap_usage[id].counter, __ATOMIC_RELAXED);
}

/**
 * __mem_cgroup_try_charge_swap - charge a folio's slots, and record to whom
 * @folio: locked
 *
 * Context: takes ci->lock. Return: 0 (also if it has no slots); -ENOMEM.
 */
int __mem_cgroup_try_charge_swap(struct folio *folio)
{
	unsigned int nr = folio_nr_pages(folio);
	struct swap_cluster_info *ci;

	if (!folio_test_swapcache(folio))
		return 0;
	if (should_fail_alloc(ALLOC_CHARGE))
		return -ENOMEM;
	if (!folio->memcg)
		return 0;
	atomic_long_add(nr, &swap_usage[folio->memcg]);
	ci = swap_cluster_get_and_lock(folio);
	cluster_locked(ci);
	__swap_cgroup_set(ci, swp_cluster_offset(folio->swap), nr, memcg_id(folio->memcg));
	swap_cluster_unlock(ci);
	return 0;
}

/* Slots are freed. Context: any, ci->lock held. */
void __mem_cgroup_uncharge_swap(unsigned short id, unsigned int nr_pages)
{
	unsigned int nr = memcg_nr(id);

	if (nr > NR_MEMCGS)
		harness_fail("INV-C10", CODE_SITE, "%u slots of cgroup id %u, which is none, are uncharged",
			     nr_pages, id);
	if (nr)
		atomic_long_sub(nr_pages, &swap_usage[nr]);
}

/* @id: whose the slots are, 0: none. */
int mem_cgroup_swapin_charge_folio(struct folio *folio, unsigned short id, struct mm_struct *mm,
				   gfp_t gfp)
{
	unsigned int nr = memcg_nr(id);

	if (nr > NR_MEMCGS)
		harness_fail("INV-C10", CODE_SITE, "a folio is to be charged to cgroup id %u, which is none", id);
	if (should_fail_alloc(ALLOC_CHARGE_IN)) {
		mm_large_failed(folio_order(folio));
		return -ENOMEM;
	}
	folio->memcg = nr;
	return 0;
}

/* Is swap so full that slots are worth more than a cached copy? */
bool mem_cgroup_swap_full(struct folio *folio)
{
	return vm_swap_full();
}
