// SPDX-License-Identifier: GPL-2.0-only
/* Mutants of devices: swapoff and what it meets, discards, full devices, several of them. */
#include <kernel/mutant.h>
#include <mm/mm.h>
#include "mutant.h"

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

/*
 * 1. t0 has passed the WRITEOK test and is about to take a slot; it holds ci->lock.
 * 2. swapoff clears WRITEOK, and waits until that lock is free.
 * 3. t0 takes the slot.
 */
static void swapoff_meets_alloc(void)
{
	struct gate added, cleared, waited;
	struct task_struct *t0, *t1;
	unsigned int type;

	type = device_on(32, 0, 1);
	gate_arm(&added, TRACE_swap_cache_added, "t0");
	gate_arm(&cleared, TRACE_swapoff_writeok_cleared, "t1");
	gate_arm(&waited, TRACE_swapoff_waited, "t1");
	t0 = task_create("t0", 0, alloc_one, NULL);
	gate_wait(&added);
	t1 = task_create("t1", 1, swapoff_task, &type);
	gate_wait(&cleared);
	gate_open(&cleared);
	/* correct, it cannot get there before t0 has gone on */
	if (mutant(NO_ALLOC_BARRIER))
		gate_wait(&waited);
	gate_open(&added);
	task_join(t0);
	gate_open(&waited);
	task_join(t1);
}

/* A signal ends swapoff: the device is as it was. */
static void interrupted_swapoff(void)
{
	unsigned int type;
	swp_entry_t entry;

	type = device_on(32, 0, 1);
	entry = swap_alloc_hibernation_slot(type);
	signal_after(1);
	if (swapoff(type) != -EINTR)
		harness_fail("TEST", CODE_SITE, "swapoff was not interrupted");
	swap_free_hibernation_slot(entry);
}

/* The hint of an allocation is still there when its device goes. */
static void swapoff_of_a_hint(void)
{
	unsigned int type;

	type = device_on(32, 0, 1);
	test_folio_free(test_folio_cached(0));
	if (swapoff(type))
		harness_fail("TEST", CODE_SITE, "swapoff failed");
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
	unsigned int i, type;

	type = device_on(16, 0, 1);
	gate_arm(&worker, TRACE_swap_reclaim_full, NULL);
	gate_arm(&synced, TRACE_swapoff_killed, "t1");
	for (i = 0; i < 15; i++) {
		folios[i] = test_folio_cached(0);
		folio_unlock(folios[i]);
	}
	gate_wait(&worker);
	t1 = task_create("t1", 1, swapoff_task, &type);
	/* with the fix swapoff waits for the worker before it kills */
	if (mutant(UPSTREAM_WORKER_LATE)) {
		gate_wait(&synced);
		gate_open(&synced);
		while (percpu_ref_count(&device(type)->users))
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
	unsigned int type;

	type = device_on(64, 0, 1);
	hint_set(1, 0, device(type), 56);
	gate_arm(&flushed, TRACE_swapoff_flushed, "t2");
	gate_arm(&hint, TRACE_swap_alloc_hint_read, "t1");
	t2 = task_create("t2", 0, swapoff_task, &type);
	gate_wait(&flushed);
	t1 = task_create("t1", 1, alloc_one, NULL);
	gate_wait(&hint);
	gate_open(&flushed);
	task_join(t2);
	device_on(16, 0, 1);
	gate_open(&hint);
	task_join(t1);
}

/* --- full devices, discards, several devices ------------------------------------------- */

static void swapon_another(void *arg)
{
	task_op_begin("swapon");
	device_on(16, 0, 2);
	task_op_end();
}

/*
 * 1. t1 holds swap_avail_lock.
 * 2. t0 takes the device's last slot, and waits for that lock to take it off the list.
 * 3. A slot of another cluster is freed: the device need not go.
 */
static void freed_while_full(void)
{
	struct swap_info_struct *si;
	struct task_struct *t0, *t1;
	struct folio *folios[16];
	unsigned int nr = 0;
	struct gate avail;

	si = device(device_on(16, 0, 1));
	while (swap_usage_in_pages(si) + 1 < si->pages)
		folios[nr++] = test_folio_cached(0);
	gate_arm(&avail, TRACE_swap_avail_add, "t1");
	t1 = task_create("t1", 1, swapon_another, NULL);
	gate_wait(&avail);
	t0 = task_create("t0", 0, alloc_one, NULL);
	while (swap_usage_in_pages(si) < si->pages)
		cpu_relax();
	test_folio_free(folios[0]);
	gate_open(&avail);
	task_join(t0);
	task_join(t1);
	while (--nr)
		test_folio_free(folios[nr]);
}

/* A device that is shorter than its header says. */
static void header_beyond_the_device(void)
{
	struct bdev_options options = { .pages = 16, .last_page = 16 };
	struct block_device *bdev = bdev_create(&options);
	struct check_device check;
	unsigned int type;

	check_device_begin(&check);
	check_swapon_end(&check, swapon(bdev, 0, &type), false, false);
	bdev_destroy(bdev);
}

/* Nothing is free, so a task waits for discards, of which there are none. */
static void nothing_free(void)
{
	struct folio *folios[15];
	unsigned int nr;

	device_on(16, DEV_DISCARD, 1);
	for (nr = 0; nr < ARRAY_SIZE(folios); nr++) {
		folios[nr] = test_folio_cached(0);
		if (folio_dup_swap(folios[nr], NULL))	/* not to be reclaimed */
			harness_fail("TEST", CODE_SITE, "a count of 1 does not fit");
	}
	try_alloc(0);
	while (nr--) {
		folio_put_swap(folios[nr], NULL);
		test_folio_free(folios[nr]);
	}
}

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

/* swapoff of a full device finds no memory, and puts it back. */
static void full_device_comes_back(void)
{
	struct mm_struct *mm;
	unsigned long va;

	device_on(4, DEV_SYNC, 1);
	mm = mm_create(3);
	for (va = 0; va < 3; va++) {
		mm_map(mm, va, 0);
		mm_reclaim(NULL, mm, va, 0);
	}
	if (swap_usage_in_pages(device(0)) != 3)
		harness_fail("TEST", CODE_SITE, "not full");
	fail_next(ALLOC_FOLIO, 0);
	if (swapoff(0) != -ENOMEM)
		harness_fail("TEST", CODE_SITE, "swapped off");
	alloc_fail_reset();
	/* the device was full: its worker is not at rest yet */
	flush_all_work();
	check_quiescent();
	mmput(mm);
}

static struct mm_struct *shared_mm;

static void swap_out_task(void *arg)
{
	task_op_begin("swap-out");
	mm_reclaim(NULL, shared_mm, 0, 0);
	task_op_end();
}

/*
 * 1. swapoff of the one device is about to empty the mmlist.
 * 2. t1 swaps out to the other one.
 * 3. That is swapped off, too.
 */
static void swap_out_beside_swapoff(void)
{
	struct task_struct *t0, *t1;
	unsigned int first, second;
	struct gate drain;

	first = device_on(16, DEV_SYNC, 2);
	second = device_on(16, DEV_SYNC, 1);
	shared_mm = mm_create(1);
	mm_map(shared_mm, 0, 0);
	gate_arm(&drain, TRACE_swapoff_drain, "t0");
	t0 = task_create("t0", 0, swapoff_task, &first);
	/* only the mutant gets there */
	if (mutant(UPSTREAM_MMLIST_DRAINED))
		gate_wait(&drain);
	else
		task_join(t0);
	t1 = task_create("t1", 1, swap_out_task, NULL);
	task_join(t1);
	if (mutant(UPSTREAM_MMLIST_DRAINED)) {
		gate_open(&drain);
		task_join(t0);
	}
	gate_open(&drain);
	swapoff(second);
	mmput(shared_mm);
}

static void sysinfo_task(void *arg)
{
	struct check_told told;
	struct sysinfo info;
	char swaps[256];

	task_op_begin("sysinfo");
	check_told_begin(&told);
	swaps_read(swaps, sizeof(swaps), 1);
	swap_sysinfo(&info);
	check_told_end(&told, swaps, &info);
	task_op_end();
}

/*
 * 1. t0 has passed the WRITEOK gate and is about to count its slot.
 * 2. swapoff takes the device's free slots away, and waits for t0.
 * 3. t2 reads the device's usage: none.
 * 4. t0 counts its slot.
 * 5. t2 reads the free pages.
 */
static void told_beside_swapoff(void)
{
	struct gate alloc, taken, told;
	struct task_struct *t0, *t1, *t2;
	unsigned int type;

	type = device_on(16, 0, 1);
	gate_arm(&alloc, TRACE_swap_range_alloc, "t0");
	gate_arm(&taken, TRACE_swap_alloc_taken, "t0");
	gate_arm(&told, TRACE_swap_sysinfo_used, "t2");
	t0 = task_create("t0", 0, alloc_one, NULL);
	gate_wait(&alloc);
	t1 = task_create("t1", 1, swapoff_task, &type);
	while (READ_ONCE(device(type)->flags) & SWP_WRITEOK)
		cpu_relax();
	t2 = task_create("t2", 1, sysinfo_task, NULL);
	gate_wait(&told);
	gate_open(&alloc);
	gate_wait(&taken);
	gate_open(&told);
	task_join(t2);
	gate_open(&taken);
	task_join(t0);
	task_join(t1);
}

static const struct mutant_case cases[] = {
	{ .mutant = "upstream-swapinfo-wraps", .id = "INV-G17", .scenario = told_beside_swapoff },
	{ .mutant = "upstream-full-listed", .id = "INV-G5", .scenario = full_device_comes_back },
	{ .mutant = "upstream-mmlist-drained", .id = "INV-G20", .scenario = swap_out_beside_swapoff },
	{ .mutant = "no-writeok-gate", .id = "INV-W1", .scenario = alloc_behind_swapoff },
	{ .mutant = "no-alloc-barrier", .id = "INV-W1", .scenario = swapoff_meets_alloc },
	{ .mutant = "not-reenabled", .id = "LEAK", .scenario = interrupted_swapoff },
	{ .mutant = "hint-kept", .id = "INV-G8", .scenario = swapoff_of_a_hint },
	{ .mutant = "header-beyond", .id = "RESULT", .scenario = header_beyond_the_device },
	{ .mutant = "full-blind", .id = "INV-G5", .scenario = freed_while_full },
	{ .mutant = "discard-locked", .id = "SLEEP", .scenario = nothing_free },
	{ .mutant = "upstream-slow-requeue", .id = "PROG-3", .scenario = no_tables_on_two_devices,
	  .world = { .watchdog_seconds = 2 } },
	{ .mutant = "upstream-stale-hint", .id = "WARN", .scenario = hint_of_a_former_life },
	{ .mutant = "upstream-worker-late", .id = "WARN", .scenario = worker_behind_swapoff },
	{ .mutant = "upstream-frag-scan", .id = "PROG-2", .scenario = steal_behind_swapoff },
};
MUTANT_TOPIC(mutant_device, cases);
