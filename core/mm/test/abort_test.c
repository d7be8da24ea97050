// SPDX-License-Identifier: GPL-2.0-only
/* Operations that are made to stop in their middle: what they leave behind is as good as before. */
#include "clean.h"

#define aborts_at(nth) alloc_fail_plan(ALLOC_ABORT, &(struct fail_plan){ .from = nth, .to = nth })

static long usage(unsigned int type)
{
	return swap_usage_in_pages(swap_type_to_info(type));
}

/* Pages 0 and 1 are swapped out, 2 and 3 are mapped. */
static void fork_stops(void)
{
	unsigned int type = device_on(64, 0, 1), nth;
	struct mm_struct *child = NULL;
	unsigned long va;

	mm = space(4);
	swap_out(mm, 0);
	swap_out(mm, 1);
	check(usage(type) == 2);
	/* else an allocation may reclaim, and stop before the fork does */
	memalloc_noreclaim_save();
	for (nth = 1; nth < 4; nth++) {
		aborts_at(nth);
		check(mm_fork(mm, 0, 4, &child) == -EINTR);
		check(!child);
		/* no copy counts them */
		check(usage(type) == 2);
	}
	/* the last page is followed by no other */
	aborts_at(4);
	check(!mm_fork(mm, 0, 4, &child));
	mmput(child);
	for (va = 0; va < 4; va++)
		check(!mm_write(mm, va, 0));
	check(!usage(type));
	mmput(mm);
}

static void split_and_migrate_stop(void)
{
	struct folio *folio;
	unsigned long va;

	device_on(64, 0, 1);
	mm = mm_create(PTES);
	folio = cached_folio(2);
	memalloc_noreclaim_save();
	aborts_at(1);
	check(split_folio(folio) == -EAGAIN);
	check(folio_order(folio) == 2);
	aborts_at(1);
	check(migrate_folio(folio) == -EAGAIN);
	check(folio_test_swapcache(folio));
	check(!split_folio(folio));
	folio_put(folio);
	for (va = 8; va < 12; va++)
		check(!mm_write(mm, va, 2));
	mmput(mm);
}

/* No slots for it, and it is not split: it stays. */
static void split_of_a_mapped_folio_stops(void)
{
	unsigned long va;

	device_on(8, 0, 1);
	mm = mm_create(PTES);
	check(!mm_map(mm, 8, 3));
	memalloc_noreclaim_save();
	aborts_at(1);
	mm_reclaim(NULL, mm, 8, 0);
	for (va = 8; va < 16; va++)
		check(pte_present(ptep_get(mm_ptep(mm, va))));
	mmput(mm);
}

/* Two PTEs share a PTL: page 8 is unmapped, page 9 stays, and so do those behind it. */
static void unmapping_stops(void)
{
	unsigned long va;

	device_on(64, 0, 1);
	mm = mm_create(PTES);
	check(!mm_map(mm, 8, 2));
	aborts_at(2);
	check(mm_reclaim(NULL, mm, 8, 0) == -EBUSY);
	check(pte_is_swap(ptep_get(mm_ptep(mm, 8))));
	for (va = 9; va < 12; va++)
		check(pte_present(ptep_get(mm_ptep(mm, va))));
	for (va = 8; va < 12; va++)
		check(!mm_read(mm, va, 0));
	mmput(mm);
}

static void zap_lets_go(void)
{
	unsigned int type = device_on(64, 0, 1);
	unsigned long va;

	mm = space(8);
	for (va = 0; va < 8; va += 2)
		swap_out(mm, va);
	check(usage(type) == 4);
	fail_next(ALLOC_ABORT, 0);
	check(!mm_zap(mm, 0, 8));
	for (va = 0; va < 8; va++)
		check(pte_none(ptep_get(mm_ptep(mm, va))));
	check(!usage(type));
	mmput(mm);
}

static void readahead_stops(void)
{
	unsigned int type = device_on(64, 0, 1);
	unsigned long va;

	mm = space(6);
	for (va = 0; va < 6; va++)
		swap_out(mm, va);
	memalloc_noreclaim_save();
	aborts_at(2);
	check(swap_readahead(type, 3, 8) == 2);
	check(swap_readahead(type, 3, 8) == 4);
	flush_all_work();
	for (va = 0; va < 6; va++)
		check(!mm_read(mm, va, 0));
	mmput(mm);
}

/* Whatever can stop does so each time. */
static void everything_stops(void)
{
	struct mm_struct *child;
	struct folio *folio;
	unsigned int type = device_on(64, 0, 1);

	fail_next(ALLOC_ABORT, 0);
	mm = space(4);
	check(!mm_map(mm, 8, 2));
	check(mm_fork(mm, 0, PTES, &child) == -EINTR);
	check(mm_reclaim(NULL, mm, 0, 0) == -EBUSY);
	check(mm_reclaim(NULL, mm, 8, 0) == -EBUSY);
	folio = mm_get_folio(mm, 8);
	check(migrate_folio(folio) == -EBUSY);
	folio_put(folio);
	check(!swapoff(type));
	mmput(mm);
}

static const struct scenario scenarios[] = {
	{ "fork_that_stops_leaves_nothing", fork_stops },
	{ "split_and_migration_that_stop_keep_the_folio", split_and_migrate_stop },
	{ "split_of_a_mapped_folio_that_stops_keeps_it", split_of_a_mapped_folio_stops },
	{ "unmapping_that_stops_leaves_the_rest_mapped", unmapping_stops },
	{ "zap_that_lets_go_of_the_ptl_ends", zap_lets_go },
	{ "readahead_that_stops_has_read_the_first_slots", readahead_stops },
	{ "an_operation_that_always_stops_ends", everything_stops },
};

int main(void)
{
	return run_scenarios("abort", scenarios, ARRAY_SIZE(scenarios));
}
