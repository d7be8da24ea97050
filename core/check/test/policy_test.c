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

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIRING(PROG-12, used_cluster_before_a_free_one), FIRING(PROG-12, free_cluster_before_a_used_one),
		FIRING(PROG-13, reclaims_too_early),
		FIRING(PROG-14, worker_not_queued),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
