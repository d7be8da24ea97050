// SPDX-License-Identifier: GPL-2.0-only
/*
 * Swap I/O of core/swap (mm/page_io.c; a kernel tree has its own). A page of zeroes is a flag in
 * the table, and no I/O. On a device with synchronous I/O the task does it itself; else a work item
 * does, to which the folio lock (read) or the writeback bit (write) is handed over.
 */
#include <kernel/memcontrol.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <swap/swap_table.h>
#include "mm.h"
#include "mm_view.h"

struct swap_io {
	struct work_struct work;
	struct folio *folio;
};

static void count_swap_io(struct folio *folio, enum vm_event_item item, unsigned int nr)
{
	count_vm_events(item, nr);
	count_memcg_folio_events(folio, item, nr);
}

static struct swap_io *swap_io_alloc(struct folio *folio, void (*fn)(struct work_struct *))
{
	struct swap_io *io = kmalloc(sizeof(*io), __GFP_NOFAIL);

	INIT_WORK(&io->work, fn);
	io->folio = folio;
	return io;
}

static struct folio *swap_io_done(struct work_struct *work)
{
	struct swap_io *io = container_of(work, struct swap_io, work);
	struct folio *folio = io->folio;

	kfree(io);
	return folio;
}

static bool folio_is_zero_filled(struct folio *folio)
{
	unsigned int i;

	for (i = 0; i < folio_nr_pages(folio); i++)
		if (folio_content(folio, i) != CONTENT_ZERO)
			return false;
	return true;
}

/*
 * Says in the table whether a cached folio, locked and unmapped, is all zeroes: then it need not
 * be written.
 */
static bool swap_zeromap_folio(struct folio *folio)
{
	unsigned int nr = folio_nr_pages(folio), ci_off = swp_cluster_offset(folio->swap), i;
	bool zero = folio_is_zero_filled(folio);
	struct swap_cluster_info *ci;

	ci = swap_cluster_get_and_lock(folio);
	cluster_locked(ci);
	for (i = ci_off; i < ci_off + nr; i++) {
		if (zero)
			__swap_table_set_zero(ci, i);
		else
			__swap_table_clear_zero(ci, i);
	}
	swap_cluster_unlock(ci);
	if (!zero)
		return false;
	trace_mm_write_zero(folio->swap, nr);
	swap_io_folio(folio, SWAP_IO_ZERO_OUT);
	count_swap_io(folio, SWPOUT_ZERO, nr);
	return true;
}

/* Return: true if the folio's slots are flagged: it is filled, and read. */
static bool swap_read_folio_zeromap(struct folio *folio)
{
	unsigned int nr = folio_nr_pages(folio), ci_off = swp_cluster_offset(folio->swap), i;
	struct swap_cluster_info *ci;
	bool zero;

	ci = swap_cluster_get_and_lock(folio);
	cluster_locked(ci);
	zero = __swap_table_test_zero(ci, ci_off);
	swap_cluster_unlock(ci);
	if (!zero)
		return false;
	for (i = 0; i < nr; i++)
		folio_set_content(folio, i, CONTENT_ZERO);
	trace_mm_read_zero(folio->swap, nr);
	swap_io_folio(folio, SWAP_IO_ZERO_IN);
	count_swap_io(folio, SWPIN_ZERO, nr);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return true;
}

static int swap_transfer_in(struct folio *folio)
{
	struct swap_info_struct *si = swap_type_to_info(swp_type(folio->swap));
	int err = bdev_read(si->bdev, swp_offset(folio->swap), folio);

	if (!err)
		swap_io_folio(folio, SWAP_IO_READ_DONE);
	return err;
}

static void swap_read_end(struct folio *folio, int err)
{
	if (!err) {
		/* it is locked, so its order is stable */
		count_mthp_stat(folio->_order, MTHP_STAT_SWPIN);
		count_swap_io(folio, PSWPIN, 1U << folio->_order);
		folio_mark_uptodate(folio);
	}
	folio_unlock(folio);
}

static void swap_read_work(struct work_struct *work)
{
	struct folio *folio = swap_io_done(work);
	int err;

	lock_take_over(folio, lock_class_folio, CODE_SITE);
	err = swap_transfer_in(folio);
	irq_enter();
	swap_read_end(folio, err);
	irq_exit();
}

/**
 * swap_read_folio - read a cached folio's data from its device
 * @ctx: unused: reads are not batched
 * @folio: locked, in the swap cache, not uptodate
 *
 * The folio lock goes over to the read, which releases it when the data is there: wait for it
 * by locking the folio. If the read failed, it is not uptodate then.
 */
void swap_read_folio(struct swap_io_ctx *ctx, struct folio *folio)
{
	struct swap_info_struct *si = swap_type_to_info(swp_type(folio->swap));

	if (swap_read_folio_zeromap(folio))
		return;
	trace_mm_fault_io(folio->swap, folio_nr_pages(folio));
	swap_io_folio(folio, SWAP_IO_READ);
	swap_io_request(SWAP_IO_READS);
	count_vm_events(NRSWPIN, 1);
	if (READ_ONCE(si->flags) & SWP_SYNCHRONOUS_IO) {
		swap_read_end(folio, swap_transfer_in(folio));
		return;
	}
	lock_hand_over(folio, lock_class_folio, CODE_SITE);
	schedule_work(&swap_io_alloc(folio, swap_read_work)->work);
}

/* Nothing is collected in a context: reads and writes are under way when they are asked for. */
void swap_read_submit(struct swap_io_ctx *ctx)
{
}

void swap_write_submit(struct swap_io_ctx *ctx)
{
}

static int swap_transfer_out(struct folio *folio)
{
	/* under writeback the folio stays in the cache at this entry */
	swp_entry_t entry = folio->swap;
	struct swap_info_struct *si = swap_type_to_info(swp_type(entry));
	int err;

	trace_mm_write_io(entry, folio_nr_pages(folio));
	err = bdev_write(si->bdev, swp_offset(entry), folio);
	if (!err)
		swap_io_folio(folio, SWAP_IO_WRITE_DONE);
	return err;
}

static void swap_write_end(struct folio *folio, int err)
{
	if (err)
		folio_mark_dirty(folio);
	/* nor is it split under writeback */
	count_mthp_stat(folio->_order, MTHP_STAT_SWPOUT);
	if (folio->_order == HPAGE_PMD_ORDER)
		count_swap_io(folio, THP_SWPOUT, 1);
	count_swap_io(folio, PSWPOUT, folio_nr_pages(folio));
	folio_end_writeback(folio);
}

static void swap_write_work(struct work_struct *work)
{
	struct folio *folio = swap_io_done(work);
	int err = swap_transfer_out(folio);

	irq_enter();
	swap_write_end(folio, err);
	irq_exit();
}

bool zswap_content(unsigned int type, unsigned long offset, unsigned long *content)
{
	return false;
}

/**
 * swap_writeout - write a cached folio to its device
 * @ctx: unused: writes are not batched
 * @folio: locked, unmapped, clean; the caller has a reference
 *
 * Without counts on its slots, it leaves the cache, dirty. Zeroes are a flag in the table. Else it is
 * written: under writeback until that is over; a failed write makes it dirty again.
 *
 * Return: 0, and the folio is unlocked.
 */
int swap_writeout(struct swap_io_ctx *ctx, struct folio *folio)
{
	struct swap_info_struct *si;

	if (folio_free_swap(folio) || swap_zeromap_folio(folio)) {
		folio_unlock(folio);
		return 0;
	}
	si = swap_type_to_info(swp_type(folio->swap));
	swap_io_folio(folio, SWAP_IO_WRITE);
	swap_io_request(SWAP_IO_WRITES);
	count_vm_events(NRSWPOUT, 1);
	folio_start_writeback(folio);
	folio_unlock(folio);
	if (READ_ONCE(si->flags) & SWP_SYNCHRONOUS_IO)
		swap_write_end(folio, swap_transfer_out(folio));
	else
		schedule_work(&swap_io_alloc(folio, swap_write_work)->work);
	return 0;
}
