// SPDX-License-Identifier: GPL-2.0-only
/* Mutants of the swap cache and of the reclaim of one slot. */
#include <kernel/err.h>
#include <mm/mm.h>
#include <mm/mm.h>
#include "mutant.h"

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

/*
 * 1. t0 finds the entry swapped out and decides to swap it in.
 * 2. Its owner goes, and a page of another cgroup gets the device's only slot.
 * 3. t0 locks the cluster again.
 */
static void slot_gets_another_owner(void)
{
	struct mm_struct *first = mm_create(1), *second = mm_create(1);
	struct task_struct *t0;
	struct gate add;

	device_on(2, DEV_SYNC, 1);
	if (mm_map(first, 0, 0) || mm_map(second, 0, 0))
		harness_fail("TEST", CODE_SITE, "no memory");
	mm_reclaim(NULL, first, 0, 0);
	shared_entry = swp_entry(0, 1);
	gate_arm(&add, TRACE_swap_cache_add_enter, "t0");
	t0 = task_create("t0", 0, swap_in_shared, NULL);
	gate_wait(&add);
	mmput(first);
	mm_reclaim(NULL, second, 0, 0);
	gate_open(&add);
	task_join(t0);
	mmput(second);
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

/*
 * 1. t0 has a folio for the entry and is about to add it.
 * 2. The entry is swapped in by another task.
 * 3. t0 finds that folio in the cache, and its own unneeded.
 */
static void swap_in_loses(void)
{
	struct task_struct *t0;
	unsigned int type;
	struct gate add;

	type = device_on(32, 0, 1);
	shared_entry = swap_alloc_hibernation_slot(type);
	gate_arm(&add, TRACE_swap_cache_add_enter, "t0");
	t0 = task_create("t0", 0, swap_in_shared, NULL);
	gate_wait(&add);
	swap_in_shared(NULL);
	gate_open(&add);
	task_join(t0);
	swap_free_hibernation_slot(shared_entry);
}

/* A write failed: the folio is dirty and cached, and a PTE counts its slot. */
static void reclaim_what_is_counted(void)
{
	struct swap_info_struct *si;
	swp_entry_t entry;
	struct mm_struct *mm;

	device_on(32, 0, 1);
	mm = mm_create(1);
	if (mm_map(mm, 0, 0))
		harness_fail("TEST", CODE_SITE, "no memory");
	fail_next(ALLOC_IO, 1);
	mm_reclaim(NULL, mm, 0, 0);
	flush_all_work();
	alloc_fail_reset();
	if (!pte_is_swap(ptep_get(mm_ptep(mm, 0))))
		harness_fail("TEST", CODE_SITE, "not swapped out");
	entry = softleaf_from_pte(ptep_get(mm_ptep(mm, 0)));
	si = get_swap_device(entry);
	if (!swap_cache_has_folio(entry))
		harness_fail("TEST", CODE_SITE, "not cached");
	__try_to_reclaim_swap(si, swp_offset(entry), TTRS_ANYWAY);
	put_swap_device(si);
	check_quiescent();
	mmput(mm);
}

/* Readahead comes by the header's slot. */
static void bad_slot_read_ahead(void)
{
	unsigned int type = device_on(32, 0, 1);
	struct folio *folio;

	if (!get_swap_device_info(device(type)))
		harness_fail("TEST", CODE_SITE, "no reference");
	folio = swap_cache_alloc_folio(swp_entry(type, 0), GFP_KERNEL, BIT(0), NULL, NULL, 0);
	put_swap_device(device(type));
	if (PTR_ERR(folio) != -ENOENT)
		harness_fail("TEST", CODE_SITE, "a bad slot is cached");
}

/* Of two neighbours one is a page of zeroes; both are read back by one folio. */
static void zeroes_beside_data(void)
{
	struct mm_struct *mm;
	unsigned long va;

	device_on(32, DEV_SYNC, 1);
	mm = mm_create(4);
	for (va = 1; va < 4; va++)
		if (va == 2 ? mm_map_zero(mm, va, 0) : mm_map(mm, va, 0))
			harness_fail("TEST", CODE_SITE, "no memory");
	for (va = 1; va < 4; va++)
		mm_reclaim(NULL, mm, va, 0);
	mm_read(mm, 2, 1);
	mmput(mm);
}

static struct mm_struct *space;

static void move_page(void *arg)
{
	task_op_begin("move");
	mm_move(space, 2, 0);
	task_op_end();
}

static struct mm_struct *space_of_two(void)
{
	struct mm_struct *mm = mm_create(3);

	if (mm_map(mm, 0, 0) || mm_map(mm, 1, 0))
		harness_fail("TEST", CODE_SITE, "no memory");
	return mm;
}

/*
 * 1. t0 moves page 0, and finds no folio for its slot.
 * 2. The page is read, and goes to the same slot again.
 * 3. t0 goes on; the page is read where it is now.
 */
static void cached_again_under_move(void)
{
	struct task_struct *t0;
	struct gate lookup;

	device_on(2, DEV_SYNC, 1);
	space = space_of_two();
	mm_reclaim(NULL, space, 0, 0);
	gate_arm(&lookup, TRACE_mm_move, "t0");
	t0 = task_create("t0", 0, move_page, NULL);
	gate_wait(&lookup);
	if (mm_read(space, 0, 0))
		harness_fail("TEST", CODE_SITE, "not read back");
	mm_reclaim(NULL, space, 0, RECLAIM_SKIP_WRITE);
	gate_open(&lookup);
	task_join(t0);
	mm_read(space, 0, 0);
	mm_read(space, 2, 0);
	mmput(space);
}

/*
 * 1. t0 moves page 0, and has read the PTE.
 * 2. The page comes back, and page 1 gets its slot: t0 finds the folio of that.
 * 3. Page 1 comes back, page 0 gets the slot again, page 1 a slot of another device.
 * 4. t0 goes on; page 1 is read.
 */
static void slot_reused_twice_under_move(void)
{
	struct gate loaded, lookup;
	struct task_struct *t0;

	device_on(2, DEV_SYNC, 2);
	device_on(2, DEV_SYNC, 1);
	space = space_of_two();
	mm_reclaim(NULL, space, 0, 0);
	gate_arm(&loaded, TRACE_swap_table_loaded, "t0");
	gate_arm(&lookup, TRACE_mm_move, "t0");
	t0 = task_create("t0", 0, move_page, NULL);
	gate_wait(&loaded);
	if (mm_write(space, 0, 0))
		harness_fail("TEST", CODE_SITE, "page 0 is not read back");
	mm_reclaim(NULL, space, 1, RECLAIM_SKIP_WRITE);
	gate_open(&loaded);
	gate_wait(&lookup);
	if (mm_write(space, 1, 0))
		harness_fail("TEST", CODE_SITE, "page 1 is not read back");
	mm_reclaim(NULL, space, 0, 0);
	mm_reclaim(NULL, space, 1, RECLAIM_SKIP_WRITE);
	gate_open(&lookup);
	task_join(t0);
	mm_read(space, 1, 0);
	mmput(space);
}

static void move_of_cached(void)
{
	device_on(2, 0, 1);
	space = space_of_two();
	mm_reclaim(NULL, space, 0, RECLAIM_SKIP_WRITE);
	if (mm_move(space, 2, 0) || mm_read(space, 2, 0))
		harness_fail("TEST", CODE_SITE, "not moved");
	mmput(space);
}

static void store_behind_swapoff(void)
{
	int type = device_on(2, 0, 1);
	struct mm_struct *child;

	space = space_of_two();
	if (mm_fork(space, 0, 1, &child))
		harness_fail("TEST", CODE_SITE, "no child");
	mm_reclaim(NULL, space, 0, 0);
	if (swapoff(type) || mm_write(space, 0, 0) || mm_read(child, 0, 0))
		harness_fail("TEST", CODE_SITE, "not written or read");
	mmput(child);
	mmput(space);
}

static const struct mutant_case cases[] = {
	{ .mutant = "upstream-add-bad", .id = "WARN", .scenario = bad_slot_read_ahead },
	{ .mutant = "zero-mixed", .id = "CONTENT", .scenario = zeroes_beside_data },
	{ .mutant = "move-no-second-look", .id = "BUG", .scenario = cached_again_under_move },
	{ .mutant = "move-no-recheck", .id = "BUG", .scenario = slot_reused_twice_under_move },
	{ .mutant = "move-cached-left", .id = "BUG", .scenario = move_of_cached },
	{ .mutant = "unuse-exclusive", .id = "CONTENT", .scenario = store_behind_swapoff },
	{ .mutant = "add-no-table", .id = "CRASH", .scenario = freed_before_add },
	{ .mutant = "memcg-early", .id = "INV-C10", .scenario = slot_gets_another_owner },
	{ .mutant = "lost-race-leak", .id = "LOCK-HELD", .scenario = swap_in_loses },
	{ .mutant = "reclaim-clobber", .id = "PROG-8", .scenario = folio_moves_under_reclaim },
	{ .mutant = "entry-unlocked", .id = "RACE", .scenario = folio_moves_under_reclaim,
	  .needs = NEEDS_TSAN },
	{ .mutant = "delete-unchecked", .id = "INV-G11", .scenario = reclaim_what_is_counted },
};
MUTANT_TOPIC(mutant_cache, cases);
