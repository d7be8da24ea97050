// SPDX-License-Identifier: GPL-2.0-only
/* What an allocation decides when it is alone: each check gets the events of one that decides otherwise. */
#include <stdlib.h>
#include "firing.h"

/* Cluster 0 is in use: it has the header. With discard the others, which are free, come first. */
static void used_cluster_before_a_free_one(void) __no_context_analysis
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	struct swap_cluster_info *ci;

	check_single_task(true);
	trace_swap_alloc_enter(0, NULL);
	if (broken)
		si->flags |= SWP_PAGE_DISCARD;
	ci = isolate_lock_cluster(si, &si->nonfull_clusters[0], 0);
	trace_swap_alloc_taken(si, ci, cluster_offset(si, ci) + 1, 1);
	move_cluster(si, ci, &si->nonfull_clusters[0], CLUSTER_FLAG_NONFULL);
	unlock_cluster(ci);
	trace_swap_cluster_unclaimed(si, ci);
	check_single_task(false);
}

static void reclaims_too_early(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	long pages = atomic_long_read(&nr_swap_pages);

	check_single_task(true);
	trace_swap_alloc_enter(0, NULL);
	if (!broken)
		atomic_long_set(&nr_swap_pages, 1);
	trace_swap_reclaim_unlocked(si, si->cluster_info, 1, 1);
	atomic_long_set(&nr_swap_pages, pages);
	check_single_task(false);
}

/* The last slots are taken. */
static void worker_not_queued(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	long pages = atomic_long_read(&nr_swap_pages), usage = atomic_long_read(&si->inuse_pages);

	check_single_task(true);
	trace_swap_alloc_enter(0, NULL);
	atomic_long_set(&nr_swap_pages, 0);
	atomic_long_set(&si->inuse_pages, si->pages);
	trace_swap_avail_del(si, false);
	si->reclaim_work.pending = !broken;
	trace_mm_swap_out(swp_entry(si->type, 1), 1);
	si->reclaim_work.pending = false;
	atomic_long_set(&si->inuse_pages, usage);
	atomic_long_set(&nr_swap_pages, pages);
	check_single_task(false);
}

/* A free cluster is taken; the used one is on its list, or another task's. */
static void free_cluster_before_a_used_one(void) __no_context_analysis
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	struct swap_cluster_info *ci, *used = NULL;

	check_single_task(true);
	trace_swap_alloc_enter(0, NULL);
	if (!broken) {
		used = isolate_lock_cluster(si, &si->nonfull_clusters[0], 0);
		unlock_cluster(used);
	}
	local_lock(&percpu_swap_cluster.lock);
	ci = isolate_lock_cluster(si, &si->free_clusters, 0);
	trace_swap_alloc_taken(si, ci, cluster_offset(si, ci), 1);
	exit(0);
}

static void cluster_not_at_the_end(void) __no_context_analysis
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	struct swap_cluster_info *ci = isolate_lock_cluster(si, &si->nonfull_clusters[0], 0);

	/* the free list stands for one that this cluster may be on */
	spin_lock(&si->lock);
	list_add_tail(&ci->list, &si->free_clusters);
	if (broken)
		list_move_tail(si->free_clusters.next, &si->free_clusters);
	trace_swap_cluster_moved(si, ci, CLUSTER_FLAG_NONFULL, CLUSTER_FLAG_NONE);
	exit(0);
}

/*
 * A free cluster is taken for a large folio. The partly used one of its order has no two free slots in a row where they
 * are needed, or two.
 */
static void free_cluster_before_room_in_a_used_one(void) __no_context_analysis
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	struct swap_cluster_info *ci;
	struct folio *folio;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		folio = test_folio_cached(1);
		if (i || !broken)
			folio_dup_swap(folio, folio_page(folio, 0));
		swap_cache_del_folio(folio);
	}
	check_single_task(true);
	trace_swap_alloc_enter(1, NULL);
	local_lock(&percpu_swap_cluster.lock);
	ci = isolate_lock_cluster(si, &si->free_clusters, 1);
	trace_swap_alloc_taken(si, ci, cluster_offset(si, ci), 2);
	exit(0);
}

static void swapon_lists_backwards(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	plist_del(&si->avail_list, &swap_avail_head);
	trace_swapoff_flushed(si);
	if (broken)
		list_move_tail(si->free_clusters.next, &si->free_clusters);
	trace_swapon_published(si, si->pages);
	exit(0);
}

/* The cluster that the header is in, with or without a folio, is looked at from @offset on. */
static struct swap_cluster_info *scan_from(struct swap_info_struct *si, unsigned long offset) __no_context_analysis
{
	struct swap_cluster_info *ci;

	ci = isolate_lock_cluster(si, list_empty(&si->nonfull_clusters[0]) ? &si->frag_clusters[0] :
				  &si->nonfull_clusters[0], 0);
	trace_swap_alloc_scan(si, ci, 0, cluster_offset(si, ci) + offset);
	return ci;
}

static void scan_over(struct swap_info_struct *si, struct swap_cluster_info *ci) __no_context_analysis
{
	move_cluster(si, ci, &si->nonfull_clusters[0], CLUSTER_FLAG_NONFULL);
	unlock_cluster(ci);
	trace_swap_cluster_unclaimed(si, ci);
}

static void hint_elsewhere(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	hint_set(current->cpu, 0, si, broken ? 9 : 0);
	trace_swap_alloc_hint_written(si, 0, 0);
}

static void hint_elsewhere_rotating(void)
{
	struct swap_info_struct *si = device(device_on(32, DEV_ROTATING, 1));

	si->global_cluster->next[0] = broken ? 9 : 0;
	trace_swap_alloc_hint_written(si, 0, 0);
}

static void no_hint_left(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	struct swap_cluster_info *ci;

	trace_swap_alloc_enter(0, NULL);
	ci = scan_from(si, 0);
	trace_swap_alloc_taken(si, ci, 1, 1);
	scan_over(si, ci);
	if (!broken) {
		hint_set(current->cpu, 0, si, 2);
		trace_swap_alloc_hint_written(si, 0, 2);
	}
	trace_mm_swap_out(swp_entry(si->type, 1), 1);
}

static void scan_begins_elsewhere(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	trace_swap_alloc_enter(0, NULL);
	scan_over(si, scan_from(si, broken ? 2 : 0));
}

static void hint_passed_over(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	struct folio *folio = test_folio_cached(0);

	check_single_task(true);
	trace_swap_alloc_enter(0, NULL);
	if (!broken)
		hint_set(current->cpu, 0, si, 0);
	trace_swap_alloc_slow_device(si, 0);
	check_single_task(false);
	test_folio_free(folio);
}

static void hint_passed_over_rotating(void)
{
	struct swap_info_struct *si = device(device_on(32, DEV_ROTATING, 1));
	struct folio *folio = test_folio_cached(0);
	struct swap_cluster_info *ci;

	check_single_task(true);
	trace_swap_alloc_enter(0, NULL);
	if (!broken)
		si->global_cluster->next[0] = 0;
	trace_swap_alloc_slow_device(si, 0);
	local_lock(&percpu_swap_cluster.lock);
	spin_lock(&si->global_cluster_lock);
	ci = scan_from(si, 0);
	scan_over(si, ci);
	spin_unlock(&si->global_cluster_lock);
	local_unlock(&percpu_swap_cluster.lock);
	check_single_task(false);
	test_folio_free(folio);
}

static void second_device_for_a_large_folio(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	trace_swap_alloc_enter(2, NULL);
	trace_swap_alloc_slow_device(si, 2);
	if (broken)
		trace_swap_alloc_slow_device(si, 2);
}

/* A whole cluster is wanted. */
static void used_cluster_for_a_whole_one(void) __no_context_analysis
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	trace_swap_alloc_enter(HPAGE_PMD_ORDER, NULL);
	trace_swap_alloc_slow_device(si, HPAGE_PMD_ORDER);
	local_lock(&percpu_swap_cluster.lock);
	isolate_lock_cluster(si, broken ? &si->nonfull_clusters[0] : &si->free_clusters, HPAGE_PMD_ORDER);
	exit(0);
}

static void reclaims_beyond_its_range(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	trace_swap_alloc_enter(0, NULL);
	trace_swap_reclaim_unlocked(si, si->cluster_info, 4, 2);
	trace_swap_reclaim_lookup(si, broken ? 6 : 5, memmap);
	trace_swap_reclaim_relocked(si, si->cluster_info, true, CLUSTER_FLAG_NONFULL);
	trace_swap_reclaim_lookup(si, 6, memmap);
}

/* Two full clusters, one after the other, for one device or for two. */
static void second_full_cluster(void) __no_context_analysis
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	struct swap_cluster_info *ci;
	unsigned int i;

	for (i = 0; i < 15; i++)
		test_folio_cached(0);
	atomic_long_set(&nr_swap_pages, 1);
	trace_swap_alloc_enter(0, NULL);
	trace_swap_alloc_slow_device(si, 0);
	for (i = 0; i < 2; i++) {
		ci = isolate_lock_cluster(si, &si->full_clusters, 0);
		move_cluster(si, ci, &si->full_clusters, CLUSTER_FLAG_FULL);
		trace_swap_cluster_unclaimed(si, ci);
		unlock_cluster(ci);
		if (!broken)
			trace_swap_alloc_slow_device(si, 0);
	}
	exit(0);
}

/* A slot has the largest count that needs no extend table: as after a put, or before a dup. */
static void extend_table_stays(void) __no_context_analysis
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	struct folio *folio = test_folio_cached(0);
	struct swap_cluster_info *ci;
	unsigned int i;

	for (i = 0; i < SWP_TB_COUNT_MAX - 1; i++)
		folio_dup_swap(folio, NULL);
	ci = swap_cluster_lock(si, swp_offset(folio->swap));
	ci->extend_table = calloc(SWAPFILE_CLUSTER, sizeof(*ci->extend_table));
	if (broken)
		trace_swap_entry_put(si, ci, swp_offset(folio->swap), SWP_TB_COUNT_MAX - 1);
	swap_cluster_unlock(ci);
	exit(0);
}

/* @pages: free ones, as far as is known. The first cluster is full, with the folios, and isolated to be reclaimed. */
static void reclaim_full(long pages, bool unlocked) __no_context_analysis
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	long before;
	struct swap_cluster_info *ci;
	struct folio *folios[7];
	unsigned int i;

	for (i = 0; i < 7; i++)
		folios[i] = test_folio_cached(0);
	if (unlocked)
		folio_unlock(folios[3]);
	check_single_task(true);
	trace_swap_alloc_enter(0, NULL);
	before = atomic_long_read(&nr_swap_pages);
	atomic_long_set(&nr_swap_pages, pages);
	ci = isolate_lock_cluster(si, &si->full_clusters, 0);
	atomic_long_set(&nr_swap_pages, before);
	move_cluster(si, ci, &si->full_clusters, CLUSTER_FLAG_FULL);
	trace_swap_cluster_unclaimed(si, ci);
	unlock_cluster(ci);
	check_single_task(false);
	if (unlocked)
		folio_lock(folios[3]);
	for (i = 0; i < 7; i++)
		test_folio_free(folios[i]);
}

/* A walk looks at the slots 2 to 5, or only at the first and the last; 4 could be reclaimed, 3 is locked. */
static void slot_passed_over(void) __no_context_analysis
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	struct swap_cluster_info *ci;
	struct folio *folios[7];
	unsigned int i;

	for (i = 0; i < 7; i++)
		folios[i] = test_folio_cached(0);
	folio_unlock(folios[3]);
	ci = isolate_lock_cluster(si, &si->full_clusters, 0);
	for (i = 2; i <= 5; i += broken ? 3 : 1) {
		swap_table_get(ci, i);
		unlock_cluster(ci);
		trace_swap_reclaim_full(si, ci, i);
		spin_lock(&ci->lock);
	}
	move_cluster(si, ci, &si->full_clusters, CLUSTER_FLAG_FULL);
	trace_swap_cluster_unclaimed(si, ci);
	unlock_cluster(ci);
	folio_lock(folios[3]);
	for (i = 0; i < 7; i++)
		test_folio_free(folios[i]);
}

static void full_cluster_too_early(void)
{
	reclaim_full(broken ? 31 : 1, false);
}

static void full_cluster_stays(void)
{
	reclaim_full(1, broken);
}

/* A scan whose range has a cached folio, or nothing any more. */
static void scan_reclaims(bool cached, bool unlocked, bool reclaims)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	struct folio *folio = test_folio_cached(0);
	struct swap_cluster_info *ci;
	long pages = atomic_long_read(&nr_swap_pages);

	hint_set(current->cpu, 0, si, 0);
	check_single_task(true);
	trace_swap_alloc_enter(0, NULL);
	atomic_long_set(&nr_swap_pages, 1);
	ci = scan_from(si, 0);
	if (unlocked)
		folio_unlock(folio);
	if (reclaims)
		trace_swap_reclaim_unlocked(si, ci, cached ? 1 : 2, 1);
	scan_over(si, ci);
	trace_swap_alloc_hint_written(si, 0, 0);
	if (unlocked)
		folio_lock(folio);
	atomic_long_set(&nr_swap_pages, pages);
	check_single_task(false);
	test_folio_free(folio);
}

static void scan_leaves_the_cache(void)
{
	scan_reclaims(true, broken, true);
}

static void scan_takes_nothing(void)
{
	scan_reclaims(false, false, broken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIRING(PROG-12, used_cluster_before_a_free_one), FIRING(PROG-12, free_cluster_before_a_used_one),
		FIRING(PROG-12, cluster_not_at_the_end), FIRING(PROG-12, swapon_lists_backwards),
		FIRING(PROG-12, free_cluster_before_room_in_a_used_one),
		FIRING(PROG-12, used_cluster_for_a_whole_one),
		FIRING(PROG-13, reclaims_too_early),
		FIRING(PROG-13, full_cluster_too_early), FIRING(PROG-13, scan_leaves_the_cache),
		FIRING(PROG-13, scan_takes_nothing), FIRING(PROG-13, second_full_cluster),
		FIRING(PROG-13, reclaims_beyond_its_range), FIRING(INV-C4, extend_table_stays),
		FIRING(PROG-14, worker_not_queued),
		FIRING(PROG-15, hint_elsewhere), FIRING(PROG-15, hint_elsewhere_rotating),
		FIRING(PROG-15, no_hint_left), FIRING(PROG-15, scan_begins_elsewhere),
		FIRING(PROG-15, hint_passed_over), FIRING(PROG-15, hint_passed_over_rotating),
		FIRING(PROG-16, second_device_for_a_large_folio),
		FIRING(PROG-18, full_cluster_stays), FIRING(PROG-18, slot_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
