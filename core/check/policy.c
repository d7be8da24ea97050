// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an allocation decides when it is alone, with memory, and has freed nothing itself: then
 * the lists as they are determine where it takes its slots, and what it reclaims. That is policy:
 * checked of core/swap, where it is specified (SPEC 6.2 to 6.5, 8.1), and not of a tree, whose authors may change it.
 *
 * Built without instrumentation.
 */
#include <machine/machine.h>
#include <swap/swap.h>
#include "ghost.h"

#ifdef CHECK_ON

static bool nearly_full(void)
{
	return RAW(nr_swap_pages.counter) * 2 < RAW(total_swap_pages);
}

static bool undisturbed(struct ghost_task *t)
{
	struct ghost_frame *f = ghost_frame(t);

	return alone(t) && t->nr_failed == f->failed_before && t->nr_frees == f->frees_before && !f->discarded;
}

/* The place of a list in the search for @order. The full list is not searched for free slots. */
static unsigned int rank(const struct swap_info_struct *si, unsigned int list, unsigned int list_order,
			 unsigned int order)
{
	bool discard = RAW(si->flags) & SWP_PAGE_DISCARD;

	if (list == CLUSTER_FLAG_NONFULL && list_order == order)
		return discard ? 2 : 1;
	if (list == CLUSTER_FLAG_FREE)
		return discard ? 1 : 2;
	return list == CLUSTER_FLAG_FRAG && list_order == order ? 3 : 4;
}

/* The first range of 1 << @order free slots that begins at @from or later. Return: @ci's end if there is none. */
static unsigned long free_range(struct ghost_device *dev, const struct swap_cluster_info *ci, unsigned long from,
				unsigned int order)
{
	unsigned long start = (unsigned long)ghost_index(dev, ci) * SWAPFILE_CLUSTER, end = start + SWAPFILE_CLUSTER;
	unsigned long offset, i;

	for (offset = round_up(from, 1UL << order); offset < end; offset += 1UL << order) {
		for (i = 0; i < 1UL << order; i++)
			if (offset + i >= dev->max || !swp_tb_is_null(slot_word(dev, offset + i, NULL)))
				break;
		if (i == 1UL << order)
			return offset;
	}
	return end;
}

static bool has_room(struct ghost_device *dev, const struct swap_cluster_info *ci, unsigned int order)
{
	unsigned long start = (unsigned long)ghost_index(dev, ci) * SWAPFILE_CLUSTER;

	if (!order)
		return ci->count < SWAPFILE_CLUSTER;
	return free_range(dev, ci, start, order) < start + SWAPFILE_CLUSTER;
}

/*
 * PROG-12. A cluster that a hint led to was not isolated. What is on the full or on the discard
 * list has no place for a slot, nor has a cluster of bad slots only.
 */
static void slot_taken(struct ghost_task *t, const struct trace_record *rec)
{
	unsigned int order = __builtin_ctzl(rec->swap_alloc_taken.nr);
	struct ghost_device *dev = ghost_device(rec->si);
	struct ghost_frame *f = ghost_frame(t);
	const struct swap_cluster_info *ci;
	const struct ghost_cluster *gc;
	unsigned int isolated_rank;

	if (!dev || f->isolated != rec->ci || !undisturbed(t))
		return;
	isolated_rank = rank(rec->si, f->isolated_list, f->isolated_order, order);
	for (ci = dev->begin; isolated_rank > 1 && ci < dev->end; ci++) {
		gc = ghost_cluster(dev, ci);
		if (gc->list == CLUSTER_FLAG_NONE || gc->list == CLUSTER_FLAG_FULL ||
		    gc->list == CLUSTER_FLAG_DISCARD || !has_room(dev, ci, order) ||
		    (order == HPAGE_PMD_ORDER && gc->list != CLUSTER_FLAG_FREE) ||
		    rank(rec->si, gc->list, gc->list_order, order) >= isolated_rank)
			continue;
		CHECK_FAIL("PROG-12", OBJ_SLOT " was taken, but before its list comes that of " CI_FMT,
			   rec->si->type, rec->swap_alloc_taken.slot, CI_ARGS(dev, ci, gc));
	}
}

/* Where an allocation of this CPU goes on, or on this device if it rotates. */
static struct swap_hint hint_of(const struct swap_info_struct *si, unsigned int order)
{
	if (RAW(si->flags) & SWP_SOLIDSTATE)
		return swap_hint_peek(current->cpu, order);
	return (struct swap_hint){
		.si = si->global_cluster ? (struct swap_info_struct *)si : NULL,
		.offset = si->global_cluster ? RAW(si->global_cluster->next[order]) : 0,
	};
}

/*
 * PROG-15, when the hint is written. The local lock is held, or for a device that rotates its
 * global_cluster_lock: nobody else writes it.
 */
static void hint_written(struct ghost_task *t, const struct trace_record *rec)
{
	unsigned int order = rec->swap_alloc_hint_written.order;
	struct ghost_frame *f = ghost_frame(t);
	struct swap_hint hint = hint_of(rec->si, order);

	if (hint.si != rec->si || hint.offset != f->next)
		CHECK_FAIL("PROG-15", OBJ_DEVICE ": the hint for order %u is %lu, but what was taken ends before %lu",
			   rec->si->type, order, hint.si == rec->si ? (unsigned long)hint.offset : 0, f->next);
	f->next = 0;
}

/* The hint is @f->next when this scan is over. */
static void hint_expected(struct ghost_frame *f, const struct trace_record *rec)
{
	unsigned long slot = rec->swap_alloc_taken.slot, nr = rec->swap_alloc_taken.nr;

	f->next = slot + nr;
	if (rec->ci->count == SWAPFILE_CLUSTER || slot % SWAPFILE_CLUSTER + 2 * nr > SWAPFILE_CLUSTER)
		f->next = 0;
}

/* PROG-15: a scan that a hint led to begins there, in an empty cluster at its start; that for an image may, too. */
static void scan_begins(struct ghost_task *t, const struct trace_record *rec)
{
	struct swap_hint hint = hint_of(rec->si, rec->swap_alloc_scan.order);
	unsigned long slot = rec->swap_alloc_scan.slot, from;
	struct ghost_device *dev = ghost_device(rec->si);
	struct ghost_frame *f = ghost_frame(t);

	f->next = 0;
	f->nr_reclaimed = 0;
	f->took = false;
	if (!dev)
		return;
	from = (unsigned long)ghost_index(dev, rec->ci) * SWAPFILE_CLUSTER;
	if (f->isolated != rec->ci && (rec->ci->count || (!f->allocates && slot != from)))
		from = hint.si == rec->si ? hint.offset : 0;
	if (slot != from)
		CHECK_FAIL("PROG-15", OBJ_DEVICE ": a scan begins at slot %lu, not at %lu", rec->si->type, slot, from);
}

/* PROG-15: a hint to a cluster that can be used is followed before any list is searched. */
static void hint_passed_over(struct ghost_task *t, const struct swap_info_struct *si, unsigned int order)
{
	struct swap_hint hint = hint_of(si, order);
	const struct swap_cluster_info *ci;
	struct ghost_device *dev;

	if (!hint.si || !hint.offset || !undisturbed(t))
		return;
	dev = ghost_device(hint.si);
	if (!dev || hint.offset >= dev->max || !(RAW(hint.si->flags) & SWP_WRITEOK))
		return;
	ci = dev->begin + hint.offset / SWAPFILE_CLUSTER;
	if (ci->flags < CLUSTER_FLAG_NONFULL || ci->flags > CLUSTER_FLAG_FRAG || !RAW(ci->table) ||
	    (ci->count && ci->order != order))
		return;
	CHECK_FAIL("PROG-15", "the hint for order %u leads to " CI_FMT ", but is not followed", order,
		   CI_ARGS(dev, ci, ghost_cluster(dev, ci)));
}

/* PROG-15 and, for a large folio, PROG-16. */
static void device_tried(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_frame *f = ghost_frame(t);
	unsigned int order = rec->swap_alloc_slow_device.order;

	if (f->tried++ && order)
		CHECK_FAIL("PROG-16", "no slots for a folio of order %u, but " OBJ_DEVICE " is tried, too", order,
			   rec->si->type);
	f->order = order;
	f->searches = false;
	f->full = 0;
	if (f->tried == 1 && RAW(rec->si->flags) & SWP_SOLIDSTATE)
		hint_passed_over(t, rec->si, order);
}

/* PROG-12: a list is a queue. si->lock is held. */
static void listed_last(const struct trace_record *rec)
{
	struct ghost_device *dev = ghost_device(rec->si);
	const void *next = rec->ci->list.next;

	/* the list's head is no cluster */
	if (dev && next >= (const void *)dev->begin && next < (const void *)dev->end)
		CHECK_FAIL("PROG-12", OBJ_CLUSTER " was put on a list, but not at its end", dev->si->type,
			   ghost_index(dev, rec->ci));
}

/* PROG-13 and PROG-15 */
static void list_searched(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_frame *f = ghost_frame(t);

	if (f->isolated_list == CLUSTER_FLAG_FULL && f->allocates && !nearly_full() && undisturbed(t))
		CHECK_FAIL("PROG-13", "a full cluster is reclaimed, but %ld of %ld pages are free",
			   RAW(nr_swap_pages.counter), RAW(total_swap_pages));
	/* an image's slot is looked for on its device alone */
	if (!f->allocates || !f->tried)
		return;
	if (f->isolated_list == CLUSTER_FLAG_FULL && f->full++)
		CHECK_FAIL("PROG-13", OBJ_DEVICE ": a second full cluster is reclaimed", rec->si->type);
	if (f->order == HPAGE_PMD_ORDER && f->isolated_list != CLUSTER_FLAG_FREE &&
	    f->isolated_list != CLUSTER_FLAG_FULL)
		CHECK_FAIL("PROG-12", OBJ_DEVICE ": a partly used cluster is searched for a folio that takes a whole "
			   "one", rec->si->type);
	if (f->searches)
		return;
	f->searches = true;
	if (!(RAW(rec->si->flags) & SWP_SOLIDSTATE))
		hint_passed_over(t, rec->si, f->order);
}

/* PROG-13 */
static void slots_reclaimed(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_frame *f = ghost_frame(t);

	if (!nearly_full() && undisturbed(t))
		CHECK_FAIL("PROG-13", OBJ_SLOT " and others are reclaimed in a scan, but %ld of %ld pages are free",
			   rec->si->type, rec->swap_reclaim_unlocked.slot, RAW(nr_swap_pages.counter),
			   RAW(total_swap_pages));
	f->reclaimed = rec->swap_reclaim_unlocked.slot;
	f->nr_reclaimed = rec->swap_reclaim_unlocked.nr;
	f->reclaims = true;
}

/* PROG-13 */
static void slot_reclaimed(const struct ghost_frame *f, const struct trace_record *rec)
{
	unsigned long slot = rec->swap_reclaim_lookup.slot;

	if (f->reclaims && (slot < f->reclaimed || slot >= f->reclaimed + f->nr_reclaimed))
		CHECK_FAIL("PROG-13", OBJ_SLOT " is reclaimed in a scan, but it is not in the range from %lu on",
			   rec->si->type, slot, f->reclaimed);
}

/* PROG-13, when a scan is over: what it reclaimed last is free, up to a slot that cannot be, and was taken. */
static void scan_ends(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_device *dev = ghost_device(rec->si);
	struct ghost_frame *f = ghost_frame(t);
	const struct swap_cluster_info *ci;
	unsigned long word, i;

	if (!dev || !f->nr_reclaimed || !f->allocates || !alone(t))
		return;
	for (i = f->reclaimed; i < f->reclaimed + f->nr_reclaimed; i++) {
		word = slot_word(dev, i, NULL);
		if (swp_tb_is_null(word))
			continue;
		if (!reclaimable(dev, i))
			return;
		CHECK_FAIL("PROG-13", OBJ_SLOT " is reclaimed in a scan, but it is still cached, and nobody needs it",
			   rec->si->type, i);
	}
	/* a cluster that it has emptied may be free, or wait for its discard */
	ci = dev->begin + f->reclaimed / SWAPFILE_CLUSTER;
	if (!f->took && (RAW(rec->si->flags) & SWP_WRITEOK) &&
	    (ci->flags == CLUSTER_FLAG_NONFULL || ci->flags == CLUSTER_FLAG_FRAG))
		CHECK_FAIL("PROG-13", "a scan has reclaimed " OBJ_SLOT " and %lu others, but takes nothing",
			   rec->si->type, f->reclaimed, f->nr_reclaimed - 1);
}

/* PROG-14, when an allocation has succeeded. */
static void worker_queued(struct ghost_task *t)
{
	const struct swap_info_struct *si = ghost_frame(t)->filled;

	if (si && !RAW(si->reclaim_work.pending) && undisturbed(t) && device_usage(si) == (long)si->pages)
		CHECK_FAIL("PROG-14", OBJ_DEVICE " is full, %ld of %ld pages of swap are free, but its worker has "
			   "not been queued", si->type, RAW(nr_swap_pages.counter), RAW(total_swap_pages));
}

static void alloc_begins(struct ghost_task *t)
{
	struct ghost_frame *f = ghost_frame(t);

	f->isolated = NULL;
	f->filled = NULL;
	f->failed_before = t->nr_failed;
	f->frees_before = t->nr_frees;
	f->tried = 0;
	f->next = 0;
	f->reclaims = false;
}

/* INV-C4: the slot does not need the extend table any more. */
static void count_down(struct ghost_task *t, unsigned long count)
{
	if (count + 2 == SWP_TB_COUNT_MAX || count + 1 == SWP_TB_COUNT_MAX)
		t->extend_unneeded = true;
}

/* What is policy, of core/swap. */
static void policy_judge(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_frame *f = ghost_frame(t);

	switch (rec->id) {
	case TRACE_swap_alloc_slow_device:
		device_tried(t, rec);
		break;
	case TRACE_swap_cluster_isolated:
		list_searched(t, rec);
		break;
	case TRACE_swap_cluster_moved:
		listed_last(rec);
		break;
	case TRACE_swap_avail_del:
		f->filled = rec->swap_avail_del.swapoff || !nearly_full() ? NULL : rec->si;
		break;
	case TRACE_swap_alloc_scan:
		scan_begins(t, rec);
		break;
	case TRACE_swap_alloc_taken:
		slot_taken(t, rec);
		hint_expected(f, rec);
		f->took = true;
		/* an image's next slot has no enter */
		f->isolated = NULL;
		break;
	case TRACE_swap_alloc_hint_written:
		hint_written(t, rec);
		scan_ends(t, rec);
		break;
	case TRACE_swap_reclaim_unlocked:
		slots_reclaimed(t, rec);
		break;
	case TRACE_swap_reclaim_lookup:
		slot_reclaimed(f, rec);
		break;
	case TRACE_swap_reclaim_relocked:
		f->reclaims = false;
		break;
	case TRACE_swap_entry_put:
		count_down(t, rec->swap_entry_put.count);
		break;
	case TRACE_swap_dup_rolled_back:
		t->extend_unneeded = true;
		break;
	case TRACE_mm_swap_out:
		worker_queued(t);
		if (f->next)
			CHECK_FAIL("PROG-15", "slots before %lu were taken, but no hint was left", f->next);
		f->filled = NULL;
		f->tried = 0;
		break;
	default:
		break;
	}
}

void policy_event(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_frame *f = ghost_frame(t);

	switch (rec->id) {
	case TRACE_swap_alloc_enter:
		alloc_begins(t);
		break;
	case TRACE_swap_cluster_isolated:
		f->isolated = rec->ci;
		f->isolated_list = rec->swap_cluster_isolated.old;
		f->isolated_order = rec->ci->order;
		break;
	case TRACE_swap_cluster_unclaimed:
		/* a hint may lead to it again */
		f->isolated = NULL;
		break;
	default:
		break;
	}
	if (SWAP_POLICY)
		policy_judge(t, rec);
}

#endif /* CHECK_ON */
