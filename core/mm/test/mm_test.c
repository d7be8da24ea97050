// SPDX-License-Identifier: GPL-2.0-only
/* Every operation of core/mm, alone. io_test.c: what devices do to them; mix_test.c: a few threads mixing them. */
#include "clean.h"

static void out_and_in(void)
{
	device_on(64, 0, 1);
	mm = space(4);
	swap_out(mm, 1);
	check(pte_is_swap(ptep_get(mm_ptep(mm, 1))));
	check(count_at(mm, 1) == 1);
	spin_lock(pte_lockptr(mm, 1));
	check(swap_entry_swapped(NULL, softleaf_from_pte(ptep_get(mm_ptep(mm, 1)))));
	spin_unlock(pte_lockptr(mm, 1));
	check(!mm_read(mm, 1, 0));
	check(vm_event(PGFAULT_READ) == 1);
	check(!mm_write(mm, 1, 0));
	swap_out(mm, 1);
	check(!mm_write(mm, 1, 0));
	mmput(mm);
}

static void large_out_and_in(void)
{
	device_on(64, 0, 1);
	mm = mm_create(PTES);
	check(!mm_map(mm, 8, 1));
	check(mm_map(mm, 8, 1) == -EEXIST);
	check(mm_map(mm, 9, 1) == -EINVAL);
	swap_out(mm, 8);
	check(pte_is_swap(ptep_get(mm_ptep(mm, 9))));
	check(!mm_read(mm, 9, 1));
	check(!mm_read(mm, 8, 1));
	mmput(mm);
}

static void fork_copies(void)
{
	struct mm_struct *child, *grandchild;

	device_on(64, 0, 1);
	mm = space(4);
	swap_out(mm, 0);
	check(!mm_fork(mm, 0, PTES, &child));
	check(!mm_write(mm, 0, 0));
	check(!mm_write(mm, 1, 0));
	check(!mm_read(child, 0, 0));
	check(!mm_read(child, 1, 0));
	check(!mm_fork(child, 0, 2, &grandchild));
	check(mm_read(grandchild, 3, 0) == -ENOENT);
	mmput(mm);
	check(!mm_write(child, 0, 0));
	check(!mm_read(grandchild, 0, 0));
	mmput(child);
	mmput(grandchild);
}

static void pages_move(void)
{
	struct mm_struct *child;

	device_on(64, 0, 1);
	mm = space(3);
	check(!mm_map(mm, 8, 1));
	swap_out(mm, 0);
	check(mm_reclaim(NULL, mm, 1, RECLAIM_SKIP_WRITE) == -EBUSY);
	/* not cached, cached, present */
	check(!mm_move(mm, 16, 0));
	check(!mm_move(mm, 17, 1));
	check(!mm_move(mm, 18, 2));
	check(!mm_read(mm, 16, 0));
	check(!mm_read(mm, 17, 0));
	check(!mm_read(mm, 18, 0));
	check(mm_read(mm, 0, 0) == -ENOENT);
	check(mm_move(mm, 16, 0) == -EEXIST);
	check(mm_move(mm, 1, 0) == -ENOENT);
	check(mm_move(mm, PTES, 0) == -EINVAL);
	/* large; shared */
	check(mm_move(mm, 0, 8) == -EBUSY);
	swap_out(mm, 17);
	check(!mm_fork(mm, 16, 2, &child));
	check(mm_move(mm, 0, 16) == -EBUSY);
	check(mm_move(mm, 0, 17) == -EBUSY);
	mmput(child);
	check(!mm_write(mm, 17, 0));
	swap_out(mm, 17);
	check(!mm_move(mm, 0, 17));
	/* the reverse map finds it where it is */
	check(!mm_move(mm, 2, 18));
	swap_out(mm, 2);
	check(pte_is_swap(ptep_get(mm_ptep(mm, 2))));
	mmput(mm);
}

/* count_bits is 2: the third owner of a slot needs the extend table */
static void count_overflows(void)
{
	struct mm_struct *children[6];
	unsigned int i;

	device_on(64, 0, 1);
	mm = space(1);
	swap_out(mm, 0);
	fail_next(ALLOC_EXTEND_ATOMIC, 0);
	for (i = 0; i < 6; i++)
		check(!mm_fork(mm, 0, 1, &children[i]));
	check(count_at(mm, 0) == 7);
	alloc_fail_reset();
	for (i = 0; i < 6; i++) {
		check(!mm_read(children[i], 0, 0));
		mmput(children[i]);
	}
	check(!mm_write(mm, 0, 0));
	mmput(mm);
}

static void fork_fails(void)
{
	struct mm_struct *child;

	device_on(64, 0, 1);
	mm = space(1);
	swap_out(mm, 0);
	fail_next(ALLOC_EXTEND_ATOMIC, 0);
	fail_next(ALLOC_EXTEND_SLEEP, 0);
	check(!mm_fork(mm, 0, 1, &child));
	mmput(child);
	{
		struct mm_struct *a, *b;

		check(!mm_fork(mm, 0, 1, &a));
		check(mm_fork(mm, 0, 1, &b) == -ENOMEM);
		mmput(a);
	}
	alloc_fail_reset();
	check(!mm_read(mm, 0, 0));
	mmput(mm);
}

static void zap_frees(void)
{
	unsigned long usage;

	device_on(64, 0, 1);
	mm = space(8);
	for (unsigned long va = 0; va < 8; va++)
		swap_out(mm, va);
	usage = swap_usage_in_pages(device(0));
	check(usage == 8);
	check(!mm_zap(mm, 2, 4));
	check(swap_usage_in_pages(device(0)) == 4);
	check(mm_read(mm, 3, 0) == -ENOENT);
	check(!mm_read(mm, 7, 0));
	mmput(mm);
}

/* Present pages, more than are put at once. */
static void zap_puts(void)
{
	struct folio *large, *single[12];
	struct mm_struct *child;
	unsigned long va;
	unsigned int flags = memalloc_noreclaim_save();

	device_on(64, 0, 1);
	mm = space(12);
	check(!mm_map(mm, 12, 1));
	check(!mm_map(mm, 14, 1));
	for (va = 0; va < 12; va++)
		single[va] = mm_get_folio(mm, va);
	large = mm_get_folio(mm, 12);
	check(!mm_fork(mm, 12, 1, &child));
	check(folio_ref_count(large) == 1 + 2 + 1);
	check(!mm_zap(mm, 0, 15));
	check(folio_ref_count(large) == 1 + 1 && atomic_read(&large->_mapcount) == 1);
	for (va = 0; va < 12; va++) {
		check(folio_ref_count(single[va]) == 1 && !folio_mapped(single[va]));
		folio_put(single[va]);
	}
	check(mm_read(mm, 14, 0) == -ENOENT);
	check(!mm_read(mm, 15, 0));
	mmput(child);
	mmput(mm);
	check(folio_ref_count(large) == 1);
	folio_put(large);
	memalloc_noreclaim_restore(flags);
}

/* Slots that nobody needs go with the last PTE, and with a split. */
static void cache_goes(void)
{
	unsigned int flags = memalloc_noreclaim_save();
	struct folio *folio;

	device_on(64, 0, 1);
	mm = space(1);
	swap_out(mm, 0);
	check(!mm_read(mm, 0, 0));
	check(!mm_zap(mm, 0, 1));
	check(!swap_usage_in_pages(device(0)));

	folio = cached_folio(2);
	/* I/O keeps them */
	folio_start_writeback(folio);
	check(!mm_zap(mm, 10, 2));
	check(swap_usage_in_pages(device(0)) == 4);
	folio_end_writeback(folio);
	check(!split_folio(folio));
	check(swap_usage_in_pages(device(0)) == 2);
	folio_put(folio);
	mmput(mm);
	memalloc_noreclaim_restore(flags);
}

static void migrate_and_split(void)
{
	struct folio *folio;
	unsigned long va;

	device_on(64, 0, 1);
	mm = mm_create(PTES);
	folio = cached_folio(2);
	check(!migrate_folio(folio));
	check(!folio_test_swapcache(folio));
	folio_put(folio);
	for (va = 8; va < 12; va++)
		check(!mm_read(mm, va, 2));
	mm_zap(mm, 0, PTES);

	folio = cached_folio(2);
	check(!split_folio(folio));
	check(folio_order(folio) == 0);
	folio_put(folio);
	for (va = 8; va < 12; va++)
		check(!mm_write(mm, va, 2));
	mmput(mm);
}

/* No slots for the large folio: its pages go one by one. */
static void large_falls_back(void)
{
	struct mm_struct *child;
	unsigned long va;

	/* the only cluster holds the header */
	device_on(8, 0, 1);
	mm = mm_create(PTES);
	check(!mm_map(mm, 8, 3));
	check(!mm_fork(mm, 0, PTES, &child));
	mm_reclaim(NULL, mm, 8, 0);
	flush_all_work();
	for (va = 8; va < 16; va++) {
		check(!mm_read(mm, va, 0));
		check(!mm_read(child, va, 0));
	}
	mmput(child);
	mmput(mm);
}

static void readahead_and_lookup(void)
{
	unsigned long va;

	device_on(64, 0, 1);
	mm = space(6);
	for (va = 0; va < 6; va++)
		swap_out(mm, va);
	check(swap_readahead(0, 3, 8) > 0);
	flush_all_work();
	check(swap_lookup(softleaf_from_pte(ptep_get(mm_ptep(mm, 1)))));
	check(!swap_lookup(swp_entry(0, 60)));
	check(!swap_lookup(swp_entry(3, 1)));
	for (va = 0; va < 6; va++)
		check(!mm_read(mm, va, 0));
	mmput(mm);
}

static void willneed_reads_only_what_is_out(void)
{
	unsigned long va;

	device_on(64, 0, 1);
	device_on(64, 0, 0);
	mm = space(8);
	for (va = 0; va < 5; va++)
		swap_out(mm, va);
	check(!mm_zap(mm, 4, 1));
	check(mm_willneed(mm, 1, 100) == 3);
	flush_all_work();
	for (va = 1; va < 4; va++)
		check(swap_lookup(softleaf_from_pte(ptep_get(mm_ptep(mm, va)))));
	check(!swap_lookup(softleaf_from_pte(ptep_get(mm_ptep(mm, 0)))));
	for (va = 0; va < 4; va++)
		check(!mm_read(mm, va, 0));
	mmput(mm);
}

static void swapoff_brings_back(void)
{
	unsigned int type = device_on(64, 0, 1);
	unsigned long va;

	mm = space(6);
	for (va = 0; va < 6; va++)
		swap_out(mm, va);
	check(!swapoff(type));
	check(vm_event(PGUNUSE) == 6);
	for (va = 0; va < 6; va++)
		check(pte_present(ptep_get(mm_ptep(mm, va))));
	mmput(mm);
}

static const struct scenario scenarios[] = {
	{ "a_page_goes_out_and_comes_back", out_and_in },
	{ "a_large_folio_goes_out_and_comes_back", large_out_and_in },
	{ "fork_shares_until_a_store", fork_copies },
	{ "pages_move_to_other_addresses", pages_move },
	{ "counts_overflow_into_the_extend_table", count_overflows },
	{ "fork_without_memory_is_undone", fork_fails },
	{ "zap_frees_slots", zap_frees },
	{ "zap_puts_folios", zap_puts },
	{ "cache_goes_with_its_last_user", cache_goes },
	{ "migrate_and_split_keep_content", migrate_and_split },
	{ "a_large_folio_without_slots_is_split", large_falls_back },
	{ "readahead_fills_the_cache", readahead_and_lookup },
	{ "willneed_reads_only_what_is_out", willneed_reads_only_what_is_out },
	{ "swapoff_brings_everything_back", swapoff_brings_back },
};

int main(void)
{
	return run_scenarios("mm", scenarios, ARRAY_SIZE(scenarios));
}
