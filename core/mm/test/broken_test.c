// SPDX-License-Identifier: GPL-2.0-only
/* What is made wrong behind the back of core/mm, the checks report. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <check/ghost.h>
#include "space.h"

static char output[1 << 16];

static void lose_content(swp_entry_t entry)
{
	sector_t sectors = PAGE_SIZE >> SECTOR_SHIFT;

	blkdev_issue_discard(device(0)->bdev, swp_offset(entry) * sectors, sectors, GFP_KERNEL);
}

/* The device loses what was written: a fault must notice. */
static void content_is_compared(void)
{
	swp_entry_t entry;

	device_on(64, DEV_DISCARD, 1);
	mm = space(1);
	swap_out(mm, 0);
	entry = softleaf_from_pte(ptep_get(mm_ptep(mm, 0)));
	lose_content(entry);
	mm_read(mm, 0, 0);
}

static void at_rest(void)
{
	flush_all_work();
	rcu_barrier();
	check_quiescent();
}

/* The same without a fault: the check at rest must notice. */
static void content_is_compared_at_rest(void)
{
	swp_entry_t entry;

	device_on(64, DEV_DISCARD, 1);
	mm = space(1);
	swap_out(mm, 0);
	at_rest();
	entry = softleaf_from_pte(ptep_get(mm_ptep(mm, 0)));
	lose_content(entry);
	at_rest();
}

/* The slot gets a count that no PTE has. */
static void count_once_more(struct mm_struct *of, unsigned long va)
{
	spin_lock(pte_lockptr(of, va));
	swap_dup_entry_direct(softleaf_from_pte(ptep_get(mm_ptep(of, va))));
	spin_unlock(pte_lockptr(of, va));
}

/* A count that no PTE stands for. */
static void a_count_without_owner(void)
{
	device_on(64, 0, 1);
	mm = space(1);
	swap_out(mm, 0);
	at_rest();
	count_once_more(mm, 0);
	at_rest();
}

/* I/O that goes to the slot behind. */
static void io_on_another_block(void)
{
	struct folio *folio;

	device_on(64, 0, 1);
	mm = space(1);
	folio = mm_get_folio(mm, 0);
	reclaim_folio(NULL, mm_get_folio(mm, 0), RECLAIM_SKIP_WRITE);
	bdev_write(device(0)->bdev, swp_offset(folio->swap) + 1, folio);
}

/* Both pages of a folio, or one of them, are zeroes, and it is written; @stored: while it is under way. */
static void writes_zeroes(unsigned int nr, bool stored)
{
	struct folio *folio;

	device_on(64, 0, 1);
	mm = mm_create(PTES);
	check(!mm_map(mm, 0, 1));
	folio = mm_get_folio(mm, 0);
	reclaim_folio(NULL, mm_get_folio(mm, 0), RECLAIM_SKIP_WRITE);
	folio_clear_dirty(folio);
	while (nr--)
		folio_set_content(folio, nr, CONTENT_ZERO);
	if (stored)
		folio_mark_dirty(folio);
	bdev_write(device(0)->bdev, swp_offset(folio->swap), folio);
	exit(0);
}

static void zeroes_are_written(void)
{
	writes_zeroes(2, false);
}

static void zeroes_are_stored_during_the_write(void)
{
	writes_zeroes(2, true);
}

static void zeroes_are_written_beside_others(void)
{
	writes_zeroes(1, false);
}

static void a_free_folio(void)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 0);

	folio_put(folio);
	/* a scan of memory may come by */
	if (arena_get_folio(folio_pfn(folio)))
		return;
	folio_order(folio);
}

static void discard(unsigned long block, unsigned long nr)
{
	sector_t sectors = PAGE_SIZE >> SECTOR_SHIFT;

	device_on(64, DEV_DISCARD, 1);
	blkdev_issue_discard(device(0)->bdev, block * sectors, nr * sectors, GFP_KERNEL);
}

static void discard_of_the_header(void)
{
	discard(0, 8);
}

static void discard_beyond_the_end(void)
{
	discard(56, 9);
}

static void discard_of_all(void)
{
	discard(1, 63);
}

/* A worker says that it has discarded a cluster, where a page was written. */
static void discard_of_a_cluster(unsigned long nr)
{
	struct swap_info_struct *si = device(device_on(64, DEV_DISCARD, 1));
	unsigned long begin, sectors = PAGE_SIZE >> SECTOR_SHIFT;

	mm = space(1);
	swap_out(mm, 0);
	begin = round_down(swp_offset(softleaf_from_pte(ptep_get(mm_ptep(mm, 0)))), SWAPFILE_CLUSTER);
	blkdev_issue_discard(si->bdev, (begin + SWAPFILE_CLUSTER - nr) * sectors, nr * sectors, GFP_KERNEL);
	trace_swap_cluster_discard_done(si, si->cluster_info + begin / SWAPFILE_CLUSTER);
	mmput(mm);
}

static void discard_of_a_cluster_but_its_first_slot(void)
{
	discard_of_a_cluster(SWAPFILE_CLUSTER - 1);
}

static void discard_of_a_whole_cluster(void)
{
	discard_of_a_cluster(SWAPFILE_CLUSTER);
}

static void discard_of_a_device_that_takes_none(void)
{
	device_on(64, 0, 1);
	blkdev_issue_discard(device(0)->bdev, PAGE_SIZE >> SECTOR_SHIFT, PAGE_SIZE >> SECTOR_SHIFT, GFP_KERNEL);
}

static struct folio *restless;
static bool written;

static void changes_a_page(void *arg)
{
	unsigned long n = 0;

	while (!__atomic_load_n(&written, __ATOMIC_RELAXED)) {
		folio_set_content(restless, 0, ++n);
		cond_resched();
	}
}

/* Stores to a page while it is written. */
static void writes_a_page_that_changes(bool stable)
{
	struct bdev_options options = { .pages = 64, .stable_writes = stable };
	struct block_device *bdev = bdev_create(&options);
	struct task_struct *task;
	unsigned int i;

	device_on(64, 0, 1);
	mm = space(1);
	restless = mm_get_folio(mm, 0);
	reclaim_folio(NULL, mm_get_folio(mm, 0), RECLAIM_SKIP_WRITE);
	task = task_create("changes", 0, changes_a_page, NULL);
	for (i = 0; i < (stable ? 1000000 : 1000); i++)
		bdev_write(bdev, swp_offset(restless->swap), restless);
	__atomic_store_n(&written, true, __ATOMIC_RELAXED);
	task_join(task);
	exit(0);
}

static void a_page_that_does_not_keep_still(void)
{
	writes_a_page_that_changes(true);
}

static void a_page_that_need_not_keep_still(void)
{
	writes_a_page_that_changes(false);
}

/* A reference that is never dropped. */
static void a_leaked_reference(void)
{
	struct folio *folio;

	device_on(64, 0, 1);
	mm = space(1);
	folio = mm_get_folio(mm, 0);
	reclaim_folio(NULL, mm_get_folio(mm, 0), RECLAIM_SKIP_WRITE);
	folio_get(folio);
	at_rest();
}

/* swapoff does not find a page: its rounds change nothing, and it would go on for ever. */
static void a_swapoff_that_finds_nothing(bool unlisted, bool counted)
{
	unsigned int type = device_on(64, DEV_SYNC, 1);
	unsigned long va;

	progress_set_exact(true);
	mm = space(5);
	for (va = 0; va < 5; va++)
		swap_out(mm, va);
	if (counted)
		count_once_more(mm, 0);
	if (unlisted) {
		spin_lock(&mmlist_lock);
		list_del_init(&mm->mmlist);
		spin_unlock(&mmlist_lock);
	}
	swapoff(type);
}

static void a_space_off_the_mmlist(void)
{
	a_swapoff_that_finds_nothing(true, false);
}

/* Emptied while a page is swapped out, or not. */
static void the_mmlist_is_emptied(bool swapped)
{
	device_on(64, DEV_SYNC, 1);
	mm = space(1);
	swap_out(mm, 0);
	if (!swapped)
		mm_zap(mm, 0, 1);
	mmlist_drain();
	mmput(mm);
}

static void an_mmlist_emptied_too_early(void)
{
	the_mmlist_is_emptied(true);
}

static void an_mmlist_emptied_at_the_end(void)
{
	the_mmlist_is_emptied(false);
}

/* It was on the list when the task looked. */
static void an_entry_off_the_mmlist(void)
{
	device_on(64, DEV_SYNC, 1);
	mm = space(2);
	swap_out(mm, 0);
	mm_assert_listed(mm, 0);
	mm_zap(mm, 0, 1);
	mmlist_drain();
	mm_assert_listed(mm, 1);
}

static void a_count_that_stays(void)
{
	a_swapoff_that_finds_nothing(false, true);
}

static void a_swapoff_that_ends(void)
{
	a_swapoff_that_finds_nothing(false, false);
	mmput(mm);
}

static void file_told(bool twice)
{
	struct block_device *bdev = device(device_on(64, 0, 1))->bdev;

	bdev_file_swapped(bdev, true);
	if (twice)
		bdev_file_swapped(bdev, true);
	bdev_file_swapped(bdev, false);
}

static void a_file_told_twice(void)
{
	file_told(true);
}

static void a_file_told_once(void)
{
	file_told(false);
}

static void file_io(bool fs, bool swapped)
{
	struct block_device *bdev = bdev_create(&(struct bdev_options){ .pages = 64, .swap_file = true, .fs = fs });

	if (swapped)
		bdev_file_swapped(bdev, true);
	bdev_file_io(bdev);
	if (swapped)
		bdev_file_swapped(bdev, false);
	bdev_destroy(bdev);
}

static void io_of_a_file(void)
{
	file_io(true, true);
}

static void io_of_a_file_not_swapped_to(void)
{
	file_io(true, false);
}

static void io_without_a_file_system(void)
{
	file_io(false, true);
}

static void a_file_that_stays_swapped_to(void)
{
	bdev_file_swapped(device(device_on(64, 0, 1))->bdev, true);
}

static const struct broken {
	const char *name, *id;
	void (*fn)(void);
	const char *text;		/* that the report has, too; or NULL */
} broken[] = {
	{ "lost_content_is_reported", "FAIL  CONTENT", content_is_compared, NULL },
	{ "lost_content_is_reported_at_rest", "FAIL  INV-G11", content_is_compared_at_rest, NULL },
	{ "a_count_without_owner_is_reported", "FAIL  INV-G6", a_count_without_owner, NULL },
	{ "io_on_another_block_is_reported", "FAIL  IO-BLOCK", io_on_another_block, NULL },
	{ "a_free_folio_that_is_used_is_reported", "FAIL  FOLIO-FREE", a_free_folio, "is used" },
	{ "a_write_of_zeroes_is_reported", "FAIL  IO-ZERO", zeroes_are_written, NULL },
	{ "a_write_of_zeroes_beside_others", NULL, zeroes_are_written_beside_others, NULL },
	{ "a_write_of_zeroes_stored_meanwhile", NULL, zeroes_are_stored_during_the_write, NULL },
	{ "a_discard_of_the_header_is_reported", "FAIL  IO-BLOCK", discard_of_the_header, "block 0 is the header" },
	{ "a_discard_of_a_device_that_takes_none_is_reported", "FAIL  IO-BLOCK",
	  discard_of_a_device_that_takes_none, "takes none" },
	{ "a_discard_beyond_the_end_is_reported", "FAIL  IO-BLOCK", discard_beyond_the_end,
	  "block 64 is beyond the device" },
	{ "a_discard_of_a_cluster_but_a_slot_is_reported", "FAIL  IO-DISCARD", discard_of_a_cluster_but_its_first_slot,
	  "was to be discarded" },
	{ "a_discard_of_a_whole_cluster", NULL, discard_of_a_whole_cluster, NULL },
	{ "a_discard_of_all_slots", NULL, discard_of_all, NULL },
	{ "a_file_told_twice_is_reported", "FAIL  IO-FILE", a_file_told_twice, "swapped to, as before" },
	{ "a_file_that_stays_swapped_to_is_reported", "FAIL  IO-FILE", a_file_that_stays_swapped_to, "still said" },
	{ "a_file_told_once", NULL, a_file_told_once, NULL },
	{ "io_of_a_file_not_swapped_to_is_reported", "FAIL  IO-FILE", io_of_a_file_not_swapped_to, "not swapped to" },
	{ "io_by_a_file_system_that_has_none_is_reported", "FAIL  IO-FILE", io_without_a_file_system, "does its own" },
	{ "io_of_a_file", NULL, io_of_a_file, NULL },
	{ "a_store_during_a_stable_write_is_reported", "FAIL  IO-STABLE", a_page_that_does_not_keep_still, NULL },
	{ "a_store_during_another_write", NULL, a_page_that_need_not_keep_still, NULL },
	{ "a_leaked_reference_is_reported", "FAIL  INV-G7", a_leaked_reference, NULL },
	{ "swapoff_of_a_space_off_the_mmlist", "FAIL  PROG-5", a_space_off_the_mmlist,
	  "device 0: 101 rounds of swapoff, still 5 slots in use: "
	  "slot 0/1: count 1, mm 1 page 0 which is not on the mmlist; "
	  "slot 0/2: count 1, mm 1 page 1 which is not on the mmlist; "
	  "slot 0/3: count 1, mm 1 page 2 which is not on the mmlist; and 2 more" },
	{ "an_mmlist_emptied_too_early_is_reported", "FAIL  INV-G20", an_mmlist_emptied_too_early,
	  "page 0 has an entry, and its space leaves the mmlist" },
	{ "an_mmlist_emptied_at_the_end", NULL, an_mmlist_emptied_at_the_end, NULL },
	{ "an_entry_off_the_mmlist_is_reported", "FAIL  INV-G20", an_entry_off_the_mmlist,
	  "page 1 gets an entry, and its space is not on the mmlist" },
	{ "swapoff_of_a_count_that_stays", "FAIL  PROG-5", a_count_that_stays, ", no PTE has it" },
	{ "swapoff_that_ends", NULL, a_swapoff_that_ends, NULL },
};

static void test_broken(void **state)
{
	const struct broken *b = *state;
	struct world world = { 0 };

	assert_int_equal(scenario_run(b->fn, NULL, &world, output, sizeof(output)), b->id ? 1 : 0);
	if (b->id && !strstr(output, b->id))
		fail_msg("no %s:\n%s", b->id, output);
	if (b->text && !strstr(output, b->text))
		fail_msg("no \"%s\":\n%s", b->text, output);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_SIZE(broken)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(broken); i++) {
		tests[i].name = broken[i].name;
		tests[i].test_func = test_broken;
		tests[i].initial_state = (void *)&broken[i];
	}
	return cmocka_run_group_tests_name("mm_broken", tests, NULL, NULL);
}
