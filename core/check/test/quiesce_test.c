// SPDX-License-Identifier: GPL-2.0-only
/* The checks at rest: each fires when one number or pointer is wrong. */
#include <kernel/slab.h>
#include <mm/mm.h>
#include "firing.h"

static void nr_swap_pages_off_by_one(void)
{
	device_on(32, 0, 1);
	if (broken)
		atomic_long_dec(&nr_swap_pages);
}

static void total_off_by_one(void)
{
	device_on(32, 0, 1);
	if (broken)
		total_swap_pages++;
}

/* Slots taken that the counter does not know. */
static void usage_unlike_events(void)
{
	unsigned int type = device_on(32, 0, 1);

	if (broken)
		trace_swap_range_alloc(device(type), 1);
}

static void usage_unlike_words(void)
{
	unsigned int type = device_on(32, 0, 1);

	if (broken)
		atomic_long_inc(&device(type)->inuse_pages);
}

static void isolated_at_rest(void) __no_context_analysis
{
	unsigned int type = device_on(32, 0, 1);
	struct swap_info_struct *si = device(type);
	struct swap_cluster_info *ci;

	if (!broken)
		return;
	ci = isolate_lock_cluster(si, &si->nonfull_clusters[0], 0);
	unlock_cluster(ci);
}

static void offlist_but_listed(void)
{
	unsigned int type = device_on(32, 0, 1);

	if (broken)
		atomic_long_add(SWAP_USAGE_OFFLIST_BIT, &device(type)->inuse_pages);
}

static void joins_while_it_leaves(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	si->flags &= ~SWP_WRITEOK;
	trace_swapoff_writeok_cleared(si);
	if (broken)
		trace_swap_avail_add(si, false);
	trace_swapoff_reinserted(si, ENOMEM);
	si->flags |= SWP_WRITEOK;
	trace_swap_avail_add(si, true);
}

static void gone_but_listed(void)
{
	if (broken)
		trace_swapoff_flushed(device(device_on(32, 0, 1)));
}

static void not_active(void)
{
	unsigned int type = device_on(32, 0, 1);

	if (broken)
		plist_del(&device(type)->list, &swap_active_head);
}

static void count_without_owner(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	folio = test_folio_cached(0);
	if (broken) {
		folio_dup_swap(folio, NULL);
		folio_unlock(folio);
		folio_put(folio);
		return;
	}
	test_folio_free(folio);
}

static void fewer_slots_than_its_header(void)
{
	unsigned int type = device_on(32, 0, 1);

	if (broken)
		device(type)->pages--;
}

static void rotating_after_all(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	if (broken)
		si->flags &= ~(unsigned long)SWP_SOLIDSTATE;
}

static void image_loses_a_slot(void)
{
	device_on(32, 0, 1);
	trace_swap_image_freed(2, broken ? 1 : 2);
}

static void one_reference_too_many(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	folio = test_folio_cached(0);
	if (broken)
		folio_get(folio);
	if (broken)
		folio_unlock(folio);
	else
		test_folio_free(folio);
}

static void hint_beyond_the_end(void)
{
	unsigned int type = device_on(32, 0, 1);

	hint_set(0, 0, device(type), broken ? 64 : 1);
}

static void extend_table_leaked(void)
{
	void *p;

	device_on(32, 0, 1);
	p = __kmalloc_tagged(64, GFP_KERNEL, ALLOC_EXTEND_ATOMIC, ALLOC_TYPE_EXTEND);
	if (!broken)
		kfree(p);
}

static void device_reference_kept(void)
{
	unsigned int type = device_on(32, 0, 1);

	if (!get_swap_device_info(device(type)))
		harness_fail("TEST", CODE_SITE, "no reference");
	if (!broken)
		put_swap_device(device(type));
}

static void two_priorities(void)
{
	unsigned int type = device_on(32, 0, 1);

	if (broken)
		device(type)->avail_list.prio--;
}

static void flags_without_swap_lock(void)
{
	unsigned int type = device_on(32, 0, 1);

	spin_lock(&swap_lock);
	device(type)->flags |= SWP_HIBERNATION;
	if (!broken)
		device(type)->flags &= ~SWP_HIBERNATION;
	spin_unlock(&swap_lock);
	if (broken)
		device(type)->flags &= ~SWP_HIBERNATION;
	spin_lock(&swap_lock);
	spin_unlock(&swap_lock);
}

static void rotating_devices(void)
{
	device_on(32, DEV_ROTATING, 1);
	if (broken)
		atomic_inc(&nr_rotate_swap);
}

static void table_freed_while_published(void)
{
	struct swap_cluster_info *ci = device(device_on(32, 0, 1))->cluster_info;

	/* its grace period is not over yet */
	rcu_read_lock();
	if (broken)
		swap_table_free(container_of(ci->table, struct swap_table, entries[0]));
	trace_swap_table_freed(ci, ci->table);
	rcu_read_unlock();
}

static void cluster_array_leaked(void)
{
	void *p;

	device_on(32, 0, 1);
	p = __kmalloc_tagged(64, GFP_KERNEL, ALLOC_OTHER, ALLOC_TYPE_CLUSTER_INFO);
	if (!broken)
		kfree(p);
}

static void folio_leaked(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	folio = test_folio(0);
	if (broken)
		folio_unlock(folio);
	else
		test_folio_free(folio);
}

/* A space of two pages, the first of which is mapped; what the PTE of the second one has, if broken. */
static void second_pte(unsigned long val)
{
	struct mm_struct *mm = mm_create(2);

	if (mm_map(mm, 0, 0))
		harness_fail("TEST", CODE_SITE, "not mapped");
	if (broken)
		set_pte(mm_ptep(mm, 1), __pte(val));
	else
		mmput(mm);
}

static void pte_of_nothing(void)
{
	second_pte(PTE_WRITE);
}

static void pte_of_all(void)
{
	second_pte(PTE_PRESENT | PTE_SWAP);
}

static void pte_of_a_free_folio(void)
{
	second_pte((max_pfn - 1) << PTE_PFN_SHIFT | PTE_PRESENT);
}

static void pte_beyond_its_folio(void)
{
	second_pte(0UL << PTE_PFN_SHIFT | 1UL << PTE_PAGE_SHIFT | PTE_PRESENT);
}

static void writable_entry(void)
{
	second_pte(swp_entry_to_pte(swp_entry(0, 1)).val | PTE_WRITE);
}

static void exclusive_poison(void)
{
	second_pte(__swp_entry_to_pte(__swp_entry(MAX_SWAPFILES, 0)).val | PTE_SWP_EXCLUSIVE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIRING(INV-G1, nr_swap_pages_off_by_one),
		FIRING(INV-G2, total_off_by_one),
		FIRING(INV-G2, fewer_slots_than_its_header),
		FIRING(INV-G3, usage_unlike_events),
		FIRING(INV-G4, usage_unlike_words),
		FIRING(INV-G10, isolated_at_rest),
		FIRING(INV-G5, offlist_but_listed),
		FIRING(INV-G5, joins_while_it_leaves),
		FIRING(INV-G5, gone_but_listed),
		FIRING(INV-G5, not_active),
		FIRING(INV-G6, count_without_owner),
		FIRING(INV-G6, image_loses_a_slot),
		FIRING(INV-G7, one_reference_too_many),
		FIRING(INV-G7, folio_leaked),
		FIRING(INV-G8, hint_beyond_the_end),
		FIRING(INV-G9, extend_table_leaked),
		FIRING(INV-G9, table_freed_while_published),
		FIRING(INV-G10, device_reference_kept),
		FIRING(INV-G10, rotating_devices),
		FIRING(INV-G16, two_priorities),
		FIRING(INV-G13, pte_of_nothing),
		FIRING(INV-G13, pte_of_all),
		FIRING(INV-G13, pte_of_a_free_folio),
		FIRING(INV-G13, pte_beyond_its_folio),
		FIRING(INV-G13, writable_entry),
		FIRING(INV-G13, exclusive_poison),
		FIRING(INV-G16, rotating_after_all),
		FIRING(INV-G19, flags_without_swap_lock),
		FIRING(LEAK, cluster_array_leaked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
