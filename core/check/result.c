// SPDX-License-Identifier: GPL-2.0-only
/*
 * What operations return, judged by what happened while they ran: an error needs a cause, and a
 * failure inside is not lost.
 *
 * Built without instrumentation.
 */
#include <kernel/sched.h>
#include <machine/machine.h>
#include "ghost.h"

#ifdef CHECK_ON

static unsigned long frees;		/* of slots by any task; raw atomic */
static unsigned long failed_reads;	/* of devices, by any task; raw atomic */

void result_reset(void)
{
	frees = 0;
	failed_reads = 0;
}

/* PROG-10. The charge comes after the slots: until it is good they are not the folio's. */
static void charge_failed(struct ghost_task *t)
{
	ghost_frame(t)->charge_failed = ghost_frame(t)->allocates;
}

static void slots_allocated(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_frame *f = ghost_frame(t);

	if (f->allocates && f->charge_failed)
		CHECK_FAIL("PROG-10", OBJ_DEVICE ": slots from %lu on, %lu of them, although the charge "
			   "failed", swp_type(rec->mm_swap_out.entry), swp_offset(rec->mm_swap_out.entry),
			   rec->mm_swap_out.nr);
	f->allocates = false;
}

/*
 * PROG-11. What this allocation discarded itself is free; if others were faster, it finds nothing
 * when it looks.
 */
static void allocation_failed(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_frame *f = ghost_frame(t);

	if (f->allocates && f->discarded && !rec->swap_alloc_failed.order)
		CHECK_FAIL("PROG-11", "no slot found, but %u clusters were discarded for it, and it has "
			   "not looked again", f->discarded);
	f->allocates = false;
}

static void discard_issued(const struct trace_record *rec)
{
	if (!(RAW(rec->si->flags) & SWP_PAGE_DISCARD))
		CHECK_FAIL("IO-DISCARD", OBJ_DEVICE ": slots from %lu on are discarded, but swapon was not asked to "
			   "have pages discarded", rec->si->type, rec->swap_discard_issue.slot);
}

/* INV-G21. What reclaim takes out keeps its slots, if anybody needs them. */
static void left_cache(struct ghost_task *t, const struct trace_record *rec)
{
	swp_entry_t entry = rec->swap_cache_deleted.entry;

	t->nr_uncached++;
	if (pm_suspended_storage() && t->evicted.val != entry.val)
		CHECK_FAIL("INV-G21", "the writer of an image takes the folio of " OBJ_SLOT " out of the swap cache",
			   swp_type(entry), swp_offset(entry));
	t->evicted.val = 0;
}

void result_event(struct ghost_task *t, const struct trace_record *rec)
{
	switch (rec->id) {
	case TRACE_swap_alloc_enter:
		ghost_frame(t)->allocates = true;
		ghost_frame(t)->charge_failed = false;
		ghost_frame(t)->discarded = 0;
		break;
	case TRACE_swap_discard_issue:
		discard_issued(rec);
		break;
	case TRACE_swap_cluster_discard_done:
		ghost_frame(t)->discarded++;
		break;
	case TRACE_swap_alloc_discard_retry:
		ghost_frame(t)->discarded = 0;
		break;
	case TRACE_mm_swap_out:
		slots_allocated(t, rec);
		break;
	case TRACE_swap_alloc_failed:
		allocation_failed(t, rec);
		break;
	case TRACE_alloc_failed:
		t->nr_failed++;
		if (rec->alloc_failed.site == ALLOC_IO_READ)
			RAW_ADD(failed_reads, 1);
		if (rec->alloc_failed.site == ALLOC_CHARGE)
			charge_failed(t);
		break;
	case TRACE_mm_large_failed:
		t->nr_large_failed++;
		break;
	case TRACE_op_aborted:
		t->nr_aborted++;
		break;
	case TRACE_swap_range_free:
		RAW_ADD(frees, 1);
		t->nr_frees++;
		break;
	case TRACE_swap_cache_deleted:
		left_cache(t, rec);
		break;
	case TRACE_mm_swap_out_removed:
		t->evicted = rec->mm_swap_out_removed.entry;
		break;
	case TRACE_swapon_published:
		t->nr_published++;
		break;
	case TRACE_swapoff_flushed:
		t->nr_flushed++;
		break;
	default:
		break;
	}
}

void check_alone_begin(struct check_alone *a)
{
	a->failed = ghost_task()->nr_failed;
	a->aborted = ghost_task()->nr_aborted;
	a->uncached = ghost_task()->nr_uncached;
	a->alone = false;
	if (check_exact)
		a->others = others_begun(&a->alone);
}

bool check_is_alone(const struct check_alone *a)
{
	return a->alone;
}

bool check_was_alone(const struct check_alone *a)
{
	bool idle;

	return a->alone && ghost_task()->nr_failed == a->failed && ghost_task()->nr_aborted == a->aborted &&
	       others_begun(&idle) == a->others && idle;
}

void check_alone_end(const struct check_alone *a, const char *what, int ret, int expected)
{
	if (ret == expected || !check_was_alone(a))
		return;
	/* a page whose read failed is in the cache until it is reclaimed, or lost since swapoff */
	if (ret == -EIO && RAW(failed_reads))
		return;
	CHECK_FAIL("RESULT", "%s returns %d, not %d, but no other task was in an operation, and no allocation "
		   "failed", what, ret, expected);
}

bool check_uncached(const struct check_alone *a)
{
	return ghost_task()->nr_uncached != a->uncached;
}

struct check_slot check_slot(unsigned int type, unsigned long offset)
{
	struct ghost_device *dev = type < MAX_SWAPFILES ? ghost_device_at(type) : NULL;
	struct check_slot slot = { 0 };
	unsigned long word;
	unsigned int extra;

	if (!check_exact || !dev || offset >= dev->max)
		return slot;
	word = slot_word(dev, offset, &extra);
	slot.exists = true;
	slot.cached = swp_tb_is_folio(word);
	slot.count = slot_count(word, extra);
	slot.zero = word & SWP_TB_ZERO_FLAG;
	slot.memcg = memcg_id_of(dev->begin + offset / SWAPFILE_CLUSTER, offset % SWAPFILE_CLUSTER);
	slot.flags = RAW(dev->si->flags);
	return slot;
}

struct check_room check_room(unsigned int type)
{
	struct ghost_device *dev = type < MAX_SWAPFILES ? ghost_device_at(type) : NULL;
	struct check_room room = { 0 };

	if (!check_exact || !dev || !(RAW(dev->si->flags) & SWP_WRITEOK))
		return room;
	room.pages = RAW(dev->si->pages);
	room.free = room.pages - device_usage(dev->si);
	room.discards = RAW(dev->si->flags) & SWP_PAGE_DISCARD;
	return room;
}

void check_device_begin(struct check_device *d)
{
	struct ghost_task *t = ghost_task();

	d->published = t->nr_published;
	d->flushed = t->nr_flushed;
	check_alone_begin(&d->alone);
}

void check_swapon_end(const struct check_device *d, int ret, bool good, bool is_on)
{
	bool done = ghost_task()->nr_published != d->published;

	if (!ret != done)
		CHECK_FAIL("RESULT", "swapon returns %d, but the device was %spublished", ret,
			   done ? "" : "not ");
	if (!good && !ret)
		CHECK_FAIL("RESULT", "swapon returns 0, but the device has a bad header");
	check_alone_end(&d->alone, "swapon", ret, is_on ? -EBUSY : good ? 0 : -EINVAL);
}

void check_swapoff_end(const struct check_device *d, int ret, bool cause)
{
	bool done = ghost_task()->nr_flushed != d->flushed;

	if (!ret != done)
		CHECK_FAIL("RESULT", "swapoff returns %d, but the device was %storn down", ret,
			   done ? "" : "not ");
	/* a device that is going takes no new slots: unlike in a fault, what others free is no cause */
	if (ret == -ENOMEM && check_exact && ghost_task()->nr_failed == d->alone.failed)
		CHECK_FAIL("RESULT", "swapoff returns %d (no memory), but no allocation and no charge failed", ret);
	if (!cause)
		check_alone_end(&d->alone, "swapoff", ret, 0);
}

void check_polled(const struct check_device *d, int ret, bool changed)
{
	if (!ret && !changed)
		CHECK_FAIL("INV-G17", "a device has come or gone, but poll() of /proc/swaps does not tell");
	if (ret && changed && check_was_alone(&d->alone))
		CHECK_FAIL("INV-G17", "poll() of /proc/swaps tells that a device has come or gone, but none has");
}

void check_result_begin(struct check_result *r)
{
	struct ghost_task *t = ghost_task();

	r->failed = t->nr_failed;
	r->large_failed = t->nr_large_failed;
	r->aborted = t->nr_aborted;
	r->frees_of_others = RAW(frees) - t->nr_frees;
}

/*
 * A slot that others free in between may be looked for in vain, and be back in the same PTE
 * when that is compared: then a fault fails as it does in a kernel, without a cause of its own.
 */
void check_result(const struct check_result *r, const char *what, int ret, bool falls_back)
{
	struct ghost_task *t = ghost_task();
	unsigned long failed = t->nr_failed - r->failed;

	/* then a page would have done */
	if (falls_back)
		failed -= t->nr_large_failed - r->large_failed;

	if (ret == -EIO && !RAW(failed_reads))
		CHECK_FAIL("RESULT", "%s returns %d (a page cannot be read), but no read of a device failed",
			   what, ret);
	if (ret == -EINTR && t->nr_aborted == r->aborted)
		CHECK_FAIL("RESULT", "%s returns %d (stopped), but nothing made it stop", what, ret);
	if (ret != -ENOMEM || !check_exact || failed ||
	    RAW(frees) - t->nr_frees != r->frees_of_others)
		return;
	CHECK_FAIL("RESULT", "%s returns %d (no memory), but no allocation and no charge failed",
		   what, ret);
}

#endif /* CHECK_ON */
