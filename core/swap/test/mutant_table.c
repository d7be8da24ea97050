// SPDX-License-Identifier: GPL-2.0-only
/* Mutants of a cluster's table: allocated with and without sleep, freed under its readers. */
#include "mutant.h"

static void migrate_to_cpu1(void)
{
	task_set_cpu(1);
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

static swp_entry_t shared_entry;

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

/*
 * 1. t0 isolates a cluster, its atomic attempt fails, it sleeps and has its tables.
 * 2. t1 follows a hint to that cluster.
 * 3. t0 takes its locks again.
 */
static void hint_while_sleeping(void)
{
	struct task_struct *t0, *t1;
	unsigned int order = 1;
	struct gate slept;

	device_on(32, 0, 1);
	hint_set(1, 1, device(0), 8);
	fail_next(ALLOC_TABLE_ATOMIC, 1);
	gate_arm(&slept, TRACE_swap_table_slept, "t0");
	t0 = task_create("t0", 0, alloc_one, &order);
	gate_wait(&slept);
	t1 = task_create("t1", 1, alloc_one, &order);
	task_join(t1);
	gate_open(&slept);
	task_join(t0);
}

static const struct mutant_case cases[] = {
	{ .mutant = "upstream-publish-unlocked", .id = "INV-C8", .scenario = hint_while_sleeping },
	{ .mutant = "seed-v1-a", .id = "INV-C8", .scenario = migrated_sleep },
	{ .mutant = "seed-v1-b", .id = "INV-C8", .scenario = both_attempts_fail },
	{ .mutant = "seed-v1-c", .id = "WARN", .scenario = migrated_to_other_device },
	/* the group: its member seed-v1-gfp is the first to be seen */
	{ .mutant = "seed-v1", .id = "GFP", .scenario = migrated_sleep },
	{ .mutant = "seed-v1-gfp", .id = "GFP", .scenario = sleeping_attempt },
	{ .mutant = "no-grace-period", .id = "UAF", .scenario = table_freed_under_reader,
	  .world = { .table = TABLE_PAGE }, .needs = NEEDS_ASAN },
	{ .mutant = "no-grace-period", .id = "UAF", .scenario = table_freed_under_reader,
	  .world = { .table = TABLE_SLAB }, .needs = NEEDS_ASAN },
};
MUTANT_TOPIC(mutant_table, cases);
