// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an allocation decides when it is alone, with memory, and has freed nothing itself: then
 * the lists as they are determine where it takes its slots, and what it reclaims. That is policy:
 * checked of core/swap, where it is specified (SPEC 6.3 to 6.5, 8.1), and not of a tree, whose authors may change it.
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

/* The place of a list in the search of order 0. The full list is not searched for free slots. */
static unsigned int rank(const struct swap_info_struct *si, unsigned int list, unsigned int order)
{
	bool discard = RAW(si->flags) & SWP_PAGE_DISCARD;

	if (list == CLUSTER_FLAG_NONFULL && !order)
		return discard ? 2 : 1;
	if (list == CLUSTER_FLAG_FREE)
		return discard ? 1 : 2;
	return list == CLUSTER_FLAG_FRAG && !order ? 3 : 4;
}

/*
 * PROG-12. A cluster that a hint led to was not isolated. What is on the full or on the discard
 * list has no place for a slot, nor has a cluster of bad slots only.
 */
static void slot_taken(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_device *dev = ghost_device(rec->si);
	struct ghost_frame *f = ghost_frame(t);
	const struct swap_cluster_info *ci;
	const struct ghost_cluster *gc;

	if (!dev || rec->swap_alloc_taken.nr != 1 || f->isolated != rec->ci || f->isolated_rank == 1 ||
	    !undisturbed(t))
		return;
	for (ci = dev->begin; ci < dev->end; ci++) {
		gc = ghost_cluster(dev, ci);
		if (gc->list == CLUSTER_FLAG_NONE || gc->list == CLUSTER_FLAG_FULL ||
		    gc->list == CLUSTER_FLAG_DISCARD || ci->count == SWAPFILE_CLUSTER ||
		    rank(rec->si, gc->list, gc->list_order) >= f->isolated_rank)
			continue;
		CHECK_FAIL("PROG-12", OBJ_SLOT " was taken, but before its list comes that of " CI_FMT,
			   rec->si->type, rec->swap_alloc_taken.slot, CI_ARGS(dev, ci, gc));
	}
}

/* PROG-13 */
static void slots_reclaimed(struct ghost_task *t, const struct trace_record *rec)
{
	if (!nearly_full() && undisturbed(t))
		CHECK_FAIL("PROG-13", OBJ_SLOT " and others are reclaimed in a scan, but %ld of %ld pages are free",
			   rec->si->type, rec->swap_reclaim_unlocked.slot, RAW(nr_swap_pages.counter),
			   RAW(total_swap_pages));
}

/* PROG-14, when an allocation has succeeded. */
static void worker_queued(struct ghost_task *t)
{
	const struct swap_info_struct *si = ghost_frame(t)->filled;

	if (si && !RAW(si->reclaim_work.pending) && undisturbed(t) && device_usage(si) == (long)si->pages)
		CHECK_FAIL("PROG-14", OBJ_DEVICE " is full, %ld of %ld pages of swap are free, but its worker has "
			   "not been queued", si->type, RAW(nr_swap_pages.counter), RAW(total_swap_pages));
}

void policy_event(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_frame *f = ghost_frame(t);

	if (!SWAP_POLICY)
		return;
	switch (rec->id) {
	case TRACE_swap_alloc_enter:
		f->isolated = NULL;
		f->filled = NULL;
		f->failed_before = t->nr_failed;
		f->frees_before = t->nr_frees;
		break;
	case TRACE_swap_cluster_isolated:
		f->isolated = rec->ci;
		f->isolated_rank = rank(rec->si, rec->swap_cluster_isolated.old, rec->ci->order);
		break;
	case TRACE_swap_avail_del:
		f->filled = rec->swap_avail_del.swapoff || !nearly_full() ? NULL : rec->si;
		break;
	case TRACE_swap_alloc_taken:
		slot_taken(t, rec);
		/* an image's next slot has no enter, and a hint may lead to this cluster again */
		f->isolated = NULL;
		break;
	case TRACE_swap_reclaim_unlocked:
		slots_reclaimed(t, rec);
		break;
	case TRACE_mm_swap_out:
		worker_queued(t);
		f->filled = NULL;
		break;
	default:
		break;
	}
}

#endif /* CHECK_ON */
