// SPDX-License-Identifier: GPL-2.0-only
/* Mutants of the allocation: lists of clusters, scans and their reclaim, hints, accounting. */
#include "mutant.h"

/* The device becomes exactly full: the worker looks at its full clusters and can free none. */
static void full_device(void)
{
	struct folio *folios[32];
	unsigned int nr = 0;

	device_on(16, 0, 1);
	for (;;) {
		struct folio *folio = test_folio(0);

		if (folio_alloc_swap(folio)) {
			test_folio_free(folio);
			break;
		}
		folios[nr++] = folio;
	}
	flush_all_work();
	while (nr)
		test_folio_free(folios[--nr]);
}

static struct folio *victims[64];
static unsigned int nr_victims;

/*
 * Fills a device of two clusters but for the last slots, all cached with count 0, and points
 * cpu0's hint at the second cluster's first slot. Returns that cluster's number of folios.
 */
static void cached_cluster(unsigned int type)
{
	struct swap_info_struct *si = device(type);

	nr_victims = 0;
	while (swap_usage_in_pages(si) + 1 < si->pages) {
		struct folio *folio = test_folio_cached(0);

		folio_unlock(folio);
		victims[nr_victims++] = folio;
	}
}

static void free_victims(void)
{
	while (nr_victims) {
		struct folio *folio = victims[--nr_victims];

		folio_lock(folio);
		test_folio_free(folio);
	}
}

/*
 * 1. t0 scans a cluster it found by its hint, meets a cached slot, drops ci->lock to reclaim.
 * 2. Everything in the cluster is freed: it is FREE, its table gone.
 * 3. t0 has the lock again; the cluster is not usable.
 */
static void freed_under_reclaim(void)
{
	struct task_struct *t0;
	struct gate unlocked;
	unsigned int type;

	type = device_on(16, 0, 1);
	cached_cluster(type);
	hint_set(0, 0, device(type), 8);
	gate_arm(&unlocked, TRACE_swap_reclaim_unlocked, "t0");
	t0 = task_create("t0", 0, alloc_one, NULL);
	gate_wait(&unlocked);
	free_victims();
	gate_open(&unlocked);
	task_join(t0);
}

/*
 * As above, but after 2. t1 isolates the free cluster, cannot get a table atomically, and
 * sleeps: the cluster dangles when t0 has the lock again.
 */
static void dangling_under_reclaim(void)
{
	/* nothing but the free list can serve it */
	static unsigned int order = 1;
	struct task_struct *t0, *t1;
	struct gate unlocked, asleep;
	unsigned int type;

	type = device_on(16, 0, 1);
	cached_cluster(type);
	hint_set(0, 0, device(type), 8);
	gate_arm(&unlocked, TRACE_swap_reclaim_unlocked, "t0");
	gate_arm(&asleep, TRACE_swap_table_unlocked, "t1");
	t0 = task_create("t0", 0, alloc_one, NULL);
	gate_wait(&unlocked);
	free_victims();
	fail_next(ALLOC_TABLE_ATOMIC, 1);
	t1 = task_create("t1", 1, alloc_one, &order);
	gate_wait(&asleep);
	gate_open(&unlocked);
	task_join(t0);
	gate_open(&asleep);
	task_join(t1);
}

/* The hinted cluster was freed meanwhile. */
static void hint_to_free_cluster(void)
{
	struct folio *folio;
	unsigned int type;

	type = device_on(32, 0, 1);
	folio = test_folio_cached(1);
	test_folio_free(folio);
	hint_set(raw_smp_processor_id(), 1, device(type), 16);
	folio = test_folio_cached(1);
	test_folio_free(folio);
}

static void charge_fails(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	fail_next(ALLOC_CHARGE, 1);
	folio = test_folio(0);
	if (!folio_alloc_swap(folio))
		harness_fail("TEST", CODE_SITE, "charge did not fail");
	test_folio_free(folio);
}

/* A second folio of the order finds the cluster of the first. */
static void two_of_an_order(void)
{
	struct folio *first, *second;

	device_on(16, 0, 1);
	first = test_folio_cached(1);
	second = test_folio_cached(1);
	test_folio_free(second);
	test_folio_free(first);
}

/*
 * The hint leads to a cached slot whose folio is locked, in the cluster that has the last free
 * slot: the scan drops ci->lock to reclaim it, and cannot.
 */
static void reclaim_fails(void)
{
	struct folio *last;
	unsigned int type;

	type = device_on(16, 0, 1);
	cached_cluster(type);
	last = victims[nr_victims - 1];
	hint_set(0, 0, device(type), swp_offset(last->swap));
	folio_lock(last);
	try_alloc(0);
	folio_unlock(last);
	free_victims();
}

/*
 * One task. Cluster 0 is full and pinned; cluster 1 holds one cached slot, at its start. The
 * allocation reclaims that slot, which empties the cluster: it becomes FREE under the scan.
 */
static void reclaim_empties_the_cluster(void)
{
	struct folio *folios[8], *folio;
	unsigned int i;

	device_on(16, 0, 1);
	for (i = 0; i < 8; i++)
		folios[i] = test_folio_cached(0);
	folio_unlock(folios[7]);
	/* a CPU without a hint */
	task_set_cpu(1);
	check_single_task(true);
	folio = test_folio(0);
	folio_alloc_swap(folio);
	check_single_task(false);
	test_folio_free(folio);
	folio_lock(folios[7]);
	for (i = 0; i < 8; i++)
		test_folio_free(folios[i]);
}

/*
 * A full cluster with a large folio, of which only the last page is not swapped out, and behind it pages that are only
 * cached. An allocation that finds no cluster of its order reclaims it.
 */
static void full_behind_a_large_folio(void)
{
	struct folio *large, *folios[11], *folio;
	unsigned int i;

	device_on(16, 0, 1);
	large = test_folio_cached(2);
	for (i = 0; i < 11; i++)
		folios[i] = test_folio_cached(0);
	for (i = 0; i < 3; i++)
		folio_dup_swap(large, folio_page(large, i));
	/* the device is full: its worker must not find anything later */
	flush_all_work();
	folio_unlock(large);
	for (i = 7; i < 11; i++)
		folio_unlock(folios[i]);
	/* the other cluster is not full then */
	test_folio_free(folios[0]);
	check_single_task(true);
	folio = test_folio(2);
	folio_alloc_swap(folio);
	check_single_task(false);
	test_folio_free(folio);
	folio_lock(large);
	for (i = 0; i < 3; i++)
		folio_put_swap(large, folio_page(large, i));
	test_folio_free(large);
	for (i = 1; i < 11; i++) {
		if (i >= 7)
			folio_lock(folios[i]);
		test_folio_free(folios[i]);
	}
}

static const struct mutant_case cases[] = {
	{ .mutant = "full-not-relisted", .id = "INV-C8", .scenario = full_device },
	{ .mutant = "free-twice", .id = "BUG", .scenario = freed_under_reclaim },
	{ .mutant = "fast-lock-leak", .id = "LOCK-ORDER", .scenario = hint_to_free_cluster },
	{ .mutant = "late-dec", .id = "INV-G1", .scenario = charge_fails },
	{ .mutant = "order-not-set", .id = "INV-C9", .scenario = two_of_an_order },
	{ .mutant = "reclaim-no-recheck", .id = "WARN", .scenario = reclaim_fails },
	{ .mutant = "upstream-relocate-dangling", .id = "INV-C8",
	  .scenario = dangling_under_reclaim },
	{ .mutant = "upstream-no-second-look", .id = "PROG-1",
	  .scenario = reclaim_empties_the_cluster },
	{ .mutant = "upstream-full-skips", .id = "PROG-18", .scenario = full_behind_a_large_folio },
};
MUTANT_TOPIC(mutant_alloc, cases);
