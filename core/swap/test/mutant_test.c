// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every mutant of core/swap against the scenario that shows it, with threads held at
 * tracepoints where the order of two tasks matters. Each scenario runs twice: with the
 * mutant (the named check must fire) and without (nothing may). What free-running stress
 * finds of them by itself is measured by scripts/bench mutants.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <kernel/err.h>
#include "../../machine/test/needs.h"
#include "fixture.h"

/* --- seed-v1: swap_cluster_alloc_table ------------------------------------------------- */

static void migrate_to_cpu1(void)
{
	task_set_cpu(1);
}

static void alloc_on_cpu1(void *arg)
{
	unsigned int order = *(unsigned int *)arg;

	task_op_begin("alloc");
	test_folio_free(test_folio_cached(order));
	task_op_end();
}

/* A task on cpu1 leaves a usable hint there: its folio stays. */
static struct folio *cpu1_folio;

static void keep_on_cpu1(void *arg)
{
	task_op_begin("keep");
	cpu1_folio = test_folio_cached(*(unsigned int *)arg);
	folio_unlock(cpu1_folio);
	task_op_end();
}

/*
 * 1. cpu1 has a usable hint on the device, for the order that is allocated.
 * 2. cpu0 isolates a free cluster, the atomic attempt fails, it drops its locks and sleeps.
 * 3. It wakes up on cpu1.
 */
static void migrated_sleep(void)
{
	struct gate sleep_gate;
	unsigned int order = 1;
	struct folio *folio;

	device_on(32, 0, 1);
	task_join(task_create("t1", 1, keep_on_cpu1, &order));
	fail_next(ALLOC_TABLE_ATOMIC, 1);
	gate_act(&sleep_gate, TRACE_swap_table_unlocked, NULL, migrate_to_cpu1);
	folio = test_folio(1);
	if (folio_alloc_swap(folio))
		harness_fail("TEST", CODE_SITE, "no slots");
	test_folio_free(folio);
	folio_lock(cpu1_folio);
	test_folio_free(cpu1_folio);
}

/* Both attempts fail: the allocation fails, nothing else may be lost. */
static void both_attempts_fail(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	fail_next(ALLOC_TABLE_ATOMIC, 1);
	fail_next(ALLOC_TABLE_SLEEP, 1);
	folio = test_folio(1);
	if (!folio_alloc_swap(folio))
		harness_fail("TEST", CODE_SITE, "allocated without a table");
	test_folio_free(folio);
}

/*
 * 1. cpu1's hint is far out on a large device.
 * 2. cpu0 allocates from a small device of higher priority, sleeps, and wakes up on cpu1.
 */
static void migrated_to_other_device(void)
{
	struct gate sleep_gate;
	struct folio *folio;
	unsigned int large;

	large = device_on(64, 0, 1);
	device_on(16, 0, 2);
	hint_set(1, 1, device(large), 56);
	fail_next(ALLOC_TABLE_ATOMIC, 1);
	gate_act(&sleep_gate, TRACE_swap_table_unlocked, NULL, migrate_to_cpu1);
	folio = test_folio(1);
	if (folio_alloc_swap(folio))
		harness_fail("TEST", CODE_SITE, "no slots");
	test_folio_free(folio);
}

static void sleeping_attempt(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	fail_next(ALLOC_TABLE_ATOMIC, 1);
	folio = test_folio(1);
	if (folio_alloc_swap(folio))
		harness_fail("TEST", CODE_SITE, "no slots");
	test_folio_free(folio);
}

/* --- hibernation ----------------------------------------------------------------------- */

static void image_of_two_slots(void)
{
	struct swap_image *image;
	unsigned int type;
	swp_entry_t entry;

	type = device_on(32, 0, 1);
	image = swap_image_create(type);
	if (swap_image_add_slot(image, &entry) || swap_image_add_slot(image, &entry))
		harness_fail("TEST", CODE_SITE, "no slots");
	swap_image_free(image);
}

/* Readahead has cached a hibernation slot when it is freed. */
static void image_slot_cached(void)
{
	struct folio *folio;
	unsigned int type;
	swp_entry_t entry;

	type = device_on(32, 0, 1);
	entry = swap_alloc_hibernation_slot(type);
	folio = swap_cache_alloc_folio(entry, GFP_KERNEL, BIT(0), NULL, NULL, 0);
	if (IS_ERR(folio))
		harness_fail("TEST", CODE_SITE, "not cached");
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	swap_free_hibernation_slot(entry);
	folio_put(folio);
}

/* --- lists ----------------------------------------------------------------------------- */

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

static void alloc_one(void *arg)
{
	struct folio *folio;

	task_op_begin("alloc");
	folio = test_folio(0);
	folio_alloc_swap(folio);
	test_folio_free(folio);
	task_op_end();
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
	{
		/* order 1: nothing but the free list can serve it */
		static unsigned int order = 1;

		t1 = task_create("t1", 1, alloc_on_cpu1, &order);
	}
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

/* --- accounting ------------------------------------------------------------------------ */

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

/* --- swap cache ------------------------------------------------------------------------ */

static swp_entry_t shared_entry;

static void swap_in_shared(void *arg)
{
	struct swap_info_struct *si;
	struct folio *folio;

	task_op_begin("swap-in");
	si = get_swap_device(shared_entry);
	folio = swap_cache_alloc_folio(shared_entry, GFP_KERNEL, BIT(0), NULL, NULL, 0);
	if (!IS_ERR(folio)) {
		folio_unlock(folio);
		folio_put(folio);
	}
	put_swap_device(si);
	task_op_end();
}

/*
 * 1. t0 finds the entry swapped out and decides to swap it in.
 * 2. The entry is freed, its cluster empties, the table goes.
 * 3. t0 locks the cluster.
 */
static void freed_before_add(void)
{
	struct task_struct *t0;
	unsigned int type;
	struct gate add;

	type = device_on(32, 0, 1);
	/* not the first cluster, which has a header and so always a table */
	do {
		shared_entry = swap_alloc_hibernation_slot(type);
	} while (swp_offset(shared_entry) < 8);
	gate_arm(&add, TRACE_swap_cache_add_enter, "t0");
	t0 = task_create("t0", 0, swap_in_shared, NULL);
	gate_wait(&add);
	swap_free_hibernation_slot(shared_entry);
	gate_open(&add);
	task_join(t0);
	for (unsigned int off = 1; off < 8; off++)
		swap_free_hibernation_slot(swp_entry(type, off));
}

static void reclaim_shared(void *arg)
{
	struct swap_info_struct *si;

	task_op_begin("reclaim");
	si = get_swap_device(shared_entry);
	__try_to_reclaim_swap(si, swp_offset(shared_entry), TTRS_ANYWAY);
	put_swap_device(si);
	task_op_end();
}

/*
 * 1. t0 looks up entry X and finds folio F.
 * 2. F leaves X and gets Y; X is free.
 * 3. t0 locks F, which is not X's any more, and tries again.
 */
static void folio_moves_under_reclaim(void)
{
	struct task_struct *t0;
	struct folio *folio;
	struct gate lookup;

	device_on(32, 0, 1);
	folio = test_folio_cached(0);
	shared_entry = folio->swap;
	gate_arm(&lookup, TRACE_swap_reclaim_lookup, "t0");
	t0 = task_create("t0", 0, reclaim_shared, NULL);
	gate_wait(&lookup);
	folio_free_swap(folio);
	if (folio_alloc_swap(folio) || folio->swap.val == shared_entry.val)
		harness_fail("TEST", CODE_SITE, "no other slot");
	folio_unlock(folio);
	gate_open(&lookup);
	task_join(t0);
	folio_lock(folio);
	test_folio_free(folio);
}

/* --- tables ---------------------------------------------------------------------------- */

static void read_shared(void *arg)
{
	struct swap_info_struct *si;

	task_op_begin("lookup");
	si = get_swap_device(shared_entry);
	swap_cache_has_folio(shared_entry);
	put_swap_device(si);
	task_op_end();
}

/*
 * 1. t0 has loaded the table's pointer.
 * 2. The last slot of the cluster is freed, and the table with it.
 * 3. t0 reads the word.
 */
static void table_freed_under_reader(void)
{
	struct task_struct *t0;
	struct gate loaded;
	struct folio *folio;

	device_on(32, 0, 1);
	folio = test_folio_cached(1);
	shared_entry = folio->swap;
	gate_arm(&loaded, TRACE_swap_table_loaded, "t0");
	t0 = task_create("t0", 0, read_shared, NULL);
	gate_wait(&loaded);
	test_folio_free(folio);
	gate_open(&loaded);
	task_join(t0);
}

/* --- swapoff --------------------------------------------------------------------------- */

static void swapoff_task(void *arg)
{
	task_op_begin("swapoff");
	swapoff(*(unsigned int *)arg);
	task_op_end();
}

/*
 * 1. t0 has read its hint and pinned the device.
 * 2. swapoff clears WRITEOK and passes through every cluster.
 * 3. t0 scans the hinted cluster.
 */
static void alloc_behind_swapoff(void)
{
	struct task_struct *t0, *t1;
	struct gate hint, waited;
	struct folio *folio;
	unsigned int type;

	type = device_on(32, 0, 1);
	/* the header's cluster keeps its table, so a hint to it stays usable */
	hint_set(0, 0, device(type), 2);
	folio = test_folio(0);
	folio_unlock(folio);
	folio_put(folio);
	gate_arm(&hint, TRACE_swap_alloc_fast_hint, "t0");
	gate_arm(&waited, TRACE_swapoff_waited, "t1");
	t0 = task_create("t0", 0, alloc_one, NULL);
	gate_wait(&hint);
	t1 = task_create("t1", 1, swapoff_task, &type);
	gate_wait(&waited);
	gate_open(&hint);
	task_join(t0);
	gate_open(&waited);
	task_join(t1);
}

/*
 * 1. One cluster is dedicated to order 1 and partly used, the only one with free slots.
 * 2. swapoff clears WRITEOK; it cannot finish, since the folio is locked.
 * 3. t0 allocates order 0: it steals.
 */
static void steal_behind_swapoff(void)
{
	struct task_struct *t0, *t1;
	struct gate device_gate;
	struct folio *large[2];
	unsigned int type;

	type = device_on(16, 0, 1);
	large[0] = test_folio_cached(1);
	large[1] = test_folio_cached(1);
	hint_set(0, 0, NULL, 0);
	gate_arm(&device_gate, TRACE_swap_alloc_slow_device, "t0");
	t0 = task_create("t0", 0, alloc_one, NULL);
	gate_wait(&device_gate);
	{
		struct gate cleared;

		gate_arm(&cleared, TRACE_swapoff_waited, "t1");
		t1 = task_create("t1", 1, swapoff_task, &type);
		gate_wait(&cleared);
		gate_open(&cleared);
	}
	gate_open(&device_gate);
	task_join(t0);
	test_folio_free(large[0]);
	test_folio_free(large[1]);
	task_join(t1);
}

/* --- devices of equal priority --------------------------------------------------------- */

/* Neither device can give its clusters a table, and neither is full. */
static void no_tables_on_two_devices(void)
{
	struct folio *folio, *first[14];
	unsigned int i;

	device_on(32, 0, 1);
	device_on(32, 0, 1);
	/* the header clusters have tables: use up their slots first */
	for (i = 0; i < 14; i++)
		first[i] = test_folio_cached(0);
	fail_next(ALLOC_TABLE_ATOMIC, 0);
	fail_next(ALLOC_TABLE_SLEEP, 0);
	folio = test_folio(0);
	folio_alloc_swap(folio);
	alloc_fail_reset();
	test_folio_free(folio);
	for (i = 0; i < 14; i++)
		test_folio_free(first[i]);
}

/* --- what a review found ---------------------------------------------------------------- */

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

static void swapoff_first(void *arg)
{
	task_op_begin("swapoff");
	swapoff(0);
	task_op_end();
}

/*
 * 1. The worker, in a full cluster, sees a cached slot and drops ci->lock.
 * 2. swapoff frees that slot, kills the reference, and waits for everybody.
 * 3. The worker looks the slot up.
 */
static void worker_behind_swapoff(void)
{
	struct gate worker, synced;
	struct folio *folios[15];
	struct task_struct *t1;
	unsigned int i;

	device_on(16, 0, 1);
	gate_arm(&worker, TRACE_swap_reclaim_full, NULL);
	gate_arm(&synced, TRACE_swapoff_killed, "t1");
	for (i = 0; i < 15; i++) {
		folios[i] = test_folio_cached(0);
		folio_unlock(folios[i]);
	}
	gate_wait(&worker);
	t1 = task_create("t1", 1, swapoff_first, NULL);
	/* with the fix swapoff waits for the worker before it kills */
	if (mutant(UPSTREAM_WORKER_LATE)) {
		gate_wait(&synced);
		gate_open(&synced);
		while (!percpu_ref_is_zero(&device(0)->users))
			cpu_relax();
	}
	gate_open(&worker);
	gate_open(&synced);
	task_join(t1);
	for (i = 0; i < 15; i++) {
		folio_lock(folios[i]);
		test_folio_free(folios[i]);
	}
}

/*
 * 1. swapoff of a large device has waited for everybody, and not cleared the hints yet.
 * 2. t1 reads its hint.
 * 3. swapoff clears the hints and ends; the struct becomes a small device.
 * 4. t1 gets a reference and goes on at the old offset.
 */
static void hint_of_a_former_life(void)
{
	struct gate flushed, hint;
	struct task_struct *t1, *t2;

	device_on(64, 0, 1);
	hint_set(1, 0, device(0), 56);
	gate_arm(&flushed, TRACE_swapoff_flushed, "t2");
	gate_arm(&hint, TRACE_swap_alloc_hint_read, "t1");
	t2 = task_create("t2", 0, swapoff_first, NULL);
	gate_wait(&flushed);
	t1 = task_create("t1", 1, alloc_one, NULL);
	gate_wait(&hint);
	gate_open(&flushed);
	task_join(t2);
	device_on(16, 0, 1);
	gate_open(&hint);
	task_join(t1);
}

/* --------------------------------------------------------------------------------------- */

static const struct mutant_case {
	const char *mutant;
	const char *id;			/* the check that must fire; "" any failure */
	void (*scenario)(void);
	struct world world;
	bool asan_only;			/* a sanitizer is the oracle */
} cases[] = {
	{ .mutant = "seed-v1-a", .id = "INV-C8", .scenario = migrated_sleep },
	{ .mutant = "seed-v1-b", .id = "INV-C8", .scenario = both_attempts_fail },
	{ .mutant = "seed-v1-c", .id = "", .scenario = migrated_to_other_device },
	{ .mutant = "seed-v1", .id = "", .scenario = migrated_sleep },
	{ .mutant = "seed-v1-gfp", .id = "GFP", .scenario = sleeping_attempt },
	{ .mutant = "hib-double-dec", .id = "INV-G1", .scenario = image_of_two_slots },
	{ .mutant = "hib-extent-end", .id = "INV-G6", .scenario = image_of_two_slots },
	{ .mutant = "hib-warn-relock", .id = "LOCK", .scenario = image_of_two_slots },
	{ .mutant = "full-not-relisted", .id = "INV-C8", .scenario = full_device },
	{ .mutant = "free-twice", .id = "BUG", .scenario = freed_under_reclaim },
	{ .mutant = "fast-lock-leak", .id = "LOCK", .scenario = hint_to_free_cluster },
	{ .mutant = "late-dec", .id = "INV-G1", .scenario = charge_fails },
	{ .mutant = "add-no-table", .id = "", .scenario = freed_before_add },
	{ .mutant = "reclaim-clobber", .id = "PROG-8", .scenario = folio_moves_under_reclaim },
	{ .mutant = "no-writeok-gate", .id = "INV-W1", .scenario = alloc_behind_swapoff },
	{ .mutant = "no-grace-period", .id = "", .scenario = table_freed_under_reader,
	  .world = { .table = TABLE_PAGE }, .asan_only = true },
	{ .mutant = "no-grace-period", .id = "", .scenario = table_freed_under_reader,
	  .world = { .table = TABLE_SLAB }, .asan_only = true },
	{ .mutant = "upstream-relocate-dangling", .id = "", .scenario = dangling_under_reclaim },
	{ .mutant = "upstream-hib-free-cached", .id = "", .scenario = image_slot_cached },
	{ .mutant = "upstream-slow-requeue", .id = "", .scenario = no_tables_on_two_devices,
	  .world = { .watchdog_seconds = 2 } },
	{ .mutant = "upstream-stale-hint", .id = "", .scenario = hint_of_a_former_life },
	{ .mutant = "upstream-no-second-look", .id = "PROG-1",
	  .scenario = reclaim_empties_the_cluster },
	{ .mutant = "upstream-worker-late", .id = "WARN", .scenario = worker_behind_swapoff },
	{ .mutant = "upstream-frag-scan", .id = "PROG-2", .scenario = steal_behind_swapoff },
};

static void test_mutant_is_caught(void **state)
{
	const struct mutant_case *c = *state;
	static char output[1 << 16];
	int code;

	test_needs(!c->asan_only || HAVE_ASAN, "AddressSanitizer");
	code = scenario_run(c->scenario, c->mutant, &c->world, output, sizeof(output));
	if (code == 0 || (c->id[0] && !strstr(output, c->id)))
		print_error("exit %d, expected a failure by '%s':\n%s\n", code, c->id, output);
	assert_int_not_equal(code, 0);
	assert_non_null(strstr(output, c->id));
	assert_null(strstr(output, "FAIL  TEST"));
	assert_null(strstr(output, "FAIL  GATE"));
}

static void test_core_is_silent(void **state)
{
	const struct mutant_case *c = *state;
	static char output[1 << 16];
	int code;

	code = scenario_run(c->scenario, NULL, &c->world, output, sizeof(output));
	if (code)
		print_error("exit %d without the mutant:\n%s\n", code, output);
	assert_int_equal(code, 0);
}

#define NR_CASES ARRAY_SIZE(cases)

int main(void)
{
	static struct CMUnitTest tests[2 * NR_CASES];
	static char names[2 * NR_CASES][80];
	unsigned int i;

	for (i = 0; i < NR_CASES; i++) {
		snprintf(names[2 * i], sizeof(names[0]), "%s_is_caught_%u", cases[i].mutant, i);
		snprintf(names[2 * i + 1], sizeof(names[0]), "silent_without_%s_%u",
			 cases[i].mutant, i);
		tests[2 * i] = (struct CMUnitTest){ names[2 * i], test_mutant_is_caught, NULL,
						    NULL, (void *)&cases[i] };
		tests[2 * i + 1] = (struct CMUnitTest){ names[2 * i + 1], test_core_is_silent,
							NULL, NULL, (void *)&cases[i] };
	}
	return cmocka_run_group_tests_name("mutant", tests, NULL, NULL);
}
