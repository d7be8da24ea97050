// SPDX-License-Identifier: GPL-2.0-only
/*
 * Progress and the other checks that work on trace events. Each gets the events of a core that is
 * wrong.
 */
#include "firing.h"

static void slot_free_but_not_found(void)
{
	device_on(32, 0, 1);
	check_single_task(true);
	/* a large folio may fail, with free pages in pieces */
	trace_swap_alloc_failed(broken ? 0 : 1, true);
	check_single_task(false);
}

static void free_cluster_but_no_large_folio(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	progress_set_exact(true);
	check_single_task(true);
	trace_swap_alloc_enter(1, NULL);
	trace_swap_alloc_slow_device(si, 1);
	/* of a cluster that has no table */
	if (!broken)
		trace_alloc_failed(ALLOC_TABLE_SLEEP, false);
	trace_swap_alloc_failed(1, true);
	/* a device that is not tried need not serve it */
	trace_swap_alloc_enter(1, NULL);
	trace_swap_alloc_failed(1, true);
	check_single_task(false);
}

/* A scan that puts the cluster back where it takes it from. */
static void same_cluster_for_ever(void) __no_context_analysis
{
	unsigned int type = device_on(32, 0, 1), nr = 0;
	struct swap_info_struct *si = device(type);
	struct swap_cluster_info *ci;

	progress_set_exact(true);
	trace_swap_alloc_slow_device(si, 0);
	do {
		ci = isolate_lock_cluster(si, &si->nonfull_clusters[0], 0);
		move_cluster(si, ci, &si->nonfull_clusters[0], CLUSTER_FLAG_NONFULL);
		unlock_cluster(ci);
		trace_swap_cluster_unclaimed(si, ci);
		/* the attempt is over */
		if (!broken)
			trace_swap_alloc_failed(1, true);
	} while (++nr < 100);
}

static void devices_for_ever(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	unsigned int nr;

	progress_set_exact(true);
	for (nr = 0; nr < 100; nr++) {
		trace_swap_alloc_slow_device(si, 0);
		if (!broken)
			trace_swap_alloc_failed(1, true);
	}
}

static void restarts_for_nothing(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	unsigned int nr;

	progress_set_exact(true);
	for (nr = 0; nr < (broken ? 100 : 1); nr++)
		trace_swap_alloc_slow_restart(si);
}

static void discard_walk_for_ever(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	unsigned int nr;

	progress_set_exact(true);
	for (nr = 0; nr < (broken ? 100 : 1); nr++)
		trace_swap_sync_discard_restart(si);
}

static void frozen_for_ever(void)
{
	unsigned int nr;

	device_on(32, 0, 1);
	progress_set_exact(true);
	for (nr = 0; nr < 200000; nr++) {
		trace_swap_cache_frozen(NULL, swp_entry(0, 1), NULL);
		if (!broken && nr % 1000 == 0)
			trace_swap_cache_found(NULL, swp_entry(0, 1), NULL);
	}
}

static void swapoff_for_ever(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	progress_set_exact(true);
	trace_swapoff_round(si, broken ? 20000 : 2, 1);
}

/* There is no other task that could change it. */
static void swapoff_changes_nothing(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	unsigned int round;

	progress_set_exact(true);
	for (round = 1; round <= 150; round++)
		trace_swapoff_round(si, round, broken ? 7 : 200 - round);
}

static void unaligned_slots(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	trace_swap_alloc_taken(si, si->cluster_info + 1, broken ? 9 : 8, 2);
}

static void bad_slot_taken(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	trace_swap_alloc_taken(si, si->cluster_info, broken ? 0 : 1, 1);
}

/* Cluster 0 has the header, cluster 1 is made to look used by this allocation alone. */
static void order_not_written(void) __no_context_analysis
{
	unsigned int type = device_on(32, 0, 1);
	struct swap_cluster_info *ci = lock_cluster(type, 1);

	ci->count = 2;
	ci->order = broken ? 0 : 1;
	trace_swap_alloc_taken(device(type), ci, 8, 2);
	ci->count = ci->order = 0;
	unlock_cluster(ci);
}

static void large_among_small(void) __no_context_analysis
{
	unsigned int type = device_on(32, 0, 1);
	struct swap_cluster_info *ci = lock_cluster(type, 1);

	ci->count = 4;
	ci->order = broken ? 2 : 1;
	trace_swap_alloc_taken(device(type), ci, 8, 2);
	ci->count = ci->order = 0;
	unlock_cluster(ci);
}

static void cached_but_failed(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	folio = broken ? test_folio_cached(0) : test_folio(0);
	trace_swap_alloc_enter(0, folio);
	trace_swap_alloc_failed(0, false);
	test_folio_free(folio);
}

static void discard_behind_the_flush(void) __no_context_analysis
{
	struct swap_cluster_info *ci = lock_cluster(device_on(32, 0, 1), 1);
	u8 flags = ci->flags;

	if (broken)
		ci->flags = CLUSTER_FLAG_DISCARD;
	trace_swapoff_cluster_freed(ci);
	ci->flags = flags;
	unlock_cluster(ci);
}

static void table_without_local_lock(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	local_lock(&percpu_swap_cluster.lock);
	trace_swap_table_alloc_enter(si, si->cluster_info + 1);
	if (broken)
		local_unlock(&percpu_swap_cluster.lock);
	trace_swap_table_alloc_leave(si, si->cluster_info + 1, true);
	local_unlock(&percpu_swap_cluster.lock);
}

static void reclaim_of_another_slot(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	trace_swap_reclaim_done(si, broken ? 3 : 9, 8, -2);
}

static void taken_after_the_wait(void) __no_context_analysis
{
	unsigned int type = device_on(32, 0, 1);
	struct swap_info_struct *si = device(type);
	struct swap_cluster_info *ci = lock_cluster(type, 1);

	fetch_andnot_relaxed(&si->flags, (unsigned long)SWP_WRITEOK);
	if (broken)
		trace_swapoff_waited(si);
	trace_swap_alloc_taken(si, ci, 8, 1);
	fetch_or_relaxed(&si->flags, (unsigned long)SWP_WRITEOK);
	unlock_cluster(ci);
}

/* Woken up with a table for cluster 1, and cluster 2 is locked: no hint says so. */
static void wrong_cluster_after_the_sleep(void) __no_context_analysis
{
	unsigned int type = device_on(32, 0, 1);
	struct swap_info_struct *si = device(type);
	struct swap_cluster_info *ci = si->cluster_info + 1;

	local_lock(&percpu_swap_cluster.lock);
	trace_swap_table_alloc_enter(si, ci);
	trace_swap_table_unlocked(si, ci, 0);
	trace_swap_table_slept(si, ci, 0, NULL);
	unlock_cluster(lock_cluster(type, broken ? 2 : 1));
	trace_swap_table_alloc_leave(si, ci, false);
	local_unlock(&percpu_swap_cluster.lock);
}

static void slot_handed_out_twice(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	trace_swap_hib_alloc(swp_entry(si->type, 9));
	if (broken)
		trace_swap_hib_alloc(swp_entry(si->type, 9));
	trace_swap_hib_free(swp_entry(si->type, 9));
}

/* The charge of an allocation fails; another one's is of no interest. */
static void charge_is_lost(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	trace_swap_alloc_enter(0, NULL);
	trace_swap_alloc_taken(si, si->cluster_info, 1, 1);
	trace_alloc_failed(ALLOC_CHARGE, false);
	if (broken)
		trace_mm_swap_out(swp_entry(si->type, 1), 1);
	trace_swap_alloc_failed(0, false);
	trace_swap_alloc_enter(0, NULL);
	trace_mm_swap_out(swp_entry(si->type, 1), 1);
}

static void discarded_for_nothing(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	trace_swap_alloc_enter(0, NULL);
	trace_swap_cluster_discard_done(si, si->cluster_info + 1);
	if (!broken)
		trace_swap_alloc_discard_retry();
	trace_swap_alloc_failed(0, true);
	/* a large folio is split */
	trace_swap_alloc_enter(1, NULL);
	trace_swap_cluster_discard_done(si, si->cluster_info + 1);
	trace_swap_alloc_failed(1, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIRING(PROG-1, slot_free_but_not_found),
		FIRING(PROG-1, free_cluster_but_no_large_folio),
		FIRING(PROG-2, same_cluster_for_ever),
		FIRING(PROG-3, devices_for_ever),
		FIRING(PROG-3, restarts_for_nothing),
		FIRING(PROG-3, discard_walk_for_ever),
		FIRING(PROG-4, frozen_for_ever),
		FIRING(PROG-5, swapoff_for_ever),
		FIRING(PROG-5, swapoff_changes_nothing),
		FIRING(PROG-6, unaligned_slots),
		FIRING(PROG-6, bad_slot_taken),
		FIRING(PROG-7, table_without_local_lock),
		FIRING(PROG-8, reclaim_of_another_slot),
		FIRING(PROG-9, cached_but_failed),
		FIRING(PROG-10, charge_is_lost),
		FIRING(PROG-11, discarded_for_nothing),
		FIRING(INV-C9, order_not_written),
		FIRING(INV-C9, large_among_small),
		FIRING(INV-W1, taken_after_the_wait),
		FIRING(INV-W2, discard_behind_the_flush),
		FIRING(LOCK-DEVICE, wrong_cluster_after_the_sleep),
		FIRING(INV-G6, slot_handed_out_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
