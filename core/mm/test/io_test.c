// SPDX-License-Identifier: GPL-2.0-only
/* Swap I/O that fails, and that is not needed, since a page is all zeroes. */
#include "clean.h"

static void zeroes_out_and_in(void)
{
	device_on(64, 0, 1);
	mm = space(1);
	swap_out(mm, 0);
	check(!mm_write_zero(mm, 0, 0));
	swap_out(mm, 0);
	check(!mm_read(mm, 0, 0));
	check(folio_content(pte_folio(ptep_get(mm_ptep(mm, 0))), 0) == CONTENT_ZERO);
	check(!mm_write(mm, 0, 0));
	swap_out(mm, 0);
	check(!mm_read(mm, 0, 0));
	check(swap_io_count(mm->memcgs[0], SWAP_IO_ZERO_OUT) == 1);
	check(swap_io_count(mm->memcgs[0], SWAP_IO_WRITE_DONE) == 2);
	mmput(mm);
}

static void write_fails(void)
{
	device_on(64, 0, 1);
	mm = space(1);
	fail_next(ALLOC_IO, 1);
	swap_out(mm, 0);
	check(!mm_write(mm, 0, 0));
	mmput(mm);
}

/* The PTE stays, and once the folio has gone, the page can be read again. */
static void read_fails_on(unsigned int dev_flags)
{
	struct folio *folio;
	unsigned long entry;

	device_on(64, dev_flags, 1);
	mm = space(2);
	swap_out(mm, 0);
	entry = ptep_get(mm_ptep(mm, 0)).val;
	fail_next(ALLOC_IO_READ, 1);
	check(mm_read(mm, 0, 0) == -EIO);
	check(mm_write(mm, 0, 0) == -EIO);
	check(ptep_get(mm_ptep(mm, 0)).val == entry);
	spin_lock(pte_lockptr(mm, 0));
	folio = swap_cache_get_folio(softleaf_from_pte(__pte(entry)));
	spin_unlock(pte_lockptr(mm, 0));
	check(folio && !folio_test_uptodate(folio));
	check(!reclaim_folio(NULL, folio, 0));
	check(!mm_write(mm, 0, 0));
	mmput(mm);
}

static void read_fails(void)
{
	read_fails_on(DEV_SYNC);
}

static void read_fails_later(void)
{
	read_fails_on(0);
}

/* swapoff gives up on such a page: it is lost, also for a child. */
static void swapoff_without_a_page(void)
{
	unsigned int type = device_on(64, 0, 1);
	struct mm_struct *child;

	mm = space(2);
	swap_out(mm, 0);
	swap_out(mm, 1);
	fail_next(ALLOC_IO_READ, 1);
	check(!swapoff(type));
	check(vm_event(PGUNUSE) == 1);
	check(mm_read(mm, 0, 0) == -EIO);
	check(!mm_read(mm, 1, 0));
	check(!mm_fork(mm, 0, PTES, &child));
	check(mm_write(child, 0, 0) == -EIO);
	check(!mm_zap(mm, 0, 1));
	check(mm_read(mm, 0, 0) == -ENOENT);
	mmput(child);
	mmput(mm);
}

static const struct scenario scenarios[] = {
	{ "a_page_of_zeroes_goes_out_and_comes_back", zeroes_out_and_in },
	{ "a_failed_write_keeps_the_page", write_fails },
	{ "a_failed_read_keeps_the_pte", read_fails },
	{ "a_failed_read_in_the_background_keeps_the_pte", read_fails_later },
	{ "swapoff_poisons_what_cannot_be_read", swapoff_without_a_page },
};

int main(void)
{
	return run_scenarios("io", scenarios, ARRAY_SIZE(scenarios));
}
