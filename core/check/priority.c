// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order in which an allocation that is alone tries the devices: swapon(2) promises that pages come from the
 * devices of the highest priority first, and from devices of one priority in turns. A CPU goes on in the cluster
 * that it has; what is judged is the walk over the devices that follows (PROG-19).
 *
 * Built without instrumentation.
 */
#include <machine/machine.h>
#include <swap/swap.h>
#include "ghost.h"

#ifdef CHECK_ON

static void walk_begins(struct ghost_task *t)
{
	struct ghost_frame *f = ghost_frame(t);

	f->tried_types = 0;
	f->slow = f->gave = NULL;
	f->frees_at_walk = t->nr_frees;
}

/* What a task frees itself may list a device that its walk has passed by. */
static bool judged(struct ghost_task *t)
{
	return alone(t) && t->nr_frees == ghost_frame(t)->frees_at_walk;
}

static void device_tried(struct ghost_task *t, const struct swap_info_struct *si, unsigned int order)
{
	struct ghost_frame *f = ghost_frame(t);
	const struct swap_info_struct *other;
	unsigned int type;

	f->slow = si;
	f->tried_types |= BIT(si->type);
	if (!judged(t))
		return;
	for (type = 0; type < MAX_SWAPFILES; type++) {
		if (f->tried_types & BIT(type) || !ghost_device_at(type))
			continue;
		other = ghost_device_at(type)->si;
		/* a swap file has no large folios */
		if (order && !(RAW(other->flags) & SWP_BLKDEV))
			continue;
		if (on_plist(&other->avail_list) && other->prio > si->prio)
			CHECK_FAIL("PROG-19", OBJ_DEVICE ", priority %d, is tried before " OBJ_DEVICE ", priority %d",
				   si->type, si->prio, type, other->prio);
	}
}

/*
 * The device that gave slots comes behind the others of its priority. How many slots are a turn is policy: checked of
 * core/swap, and not of a tree.
 */
static void slots_given(struct ghost_task *t)
{
	const struct swap_info_struct *si = ghost_frame(t)->gave, *other;
	bool passed = false;

	if (!SWAP_POLICY || !si || !judged(t) || !on_plist(&si->avail_list))
		return;
	plist_for_each_entry(other, &swap_avail_head, avail_list) {
		if (passed && other->prio == si->prio)
			CHECK_FAIL("PROG-19", OBJ_DEVICE " gave slots, and comes before " OBJ_DEVICE
				   " again, which has the same priority", si->type, other->type);
		passed |= other == si;
	}
}

void priority_event(struct ghost_task *t, const struct trace_record *rec)
{
	switch (rec->id) {
	case TRACE_swap_alloc_enter:
	case TRACE_swap_alloc_discard_retry:
		walk_begins(t);
		break;
	case TRACE_swap_alloc_slow_device:
		device_tried(t, rec->si, rec->swap_alloc_slow_device.order);
		break;
	case TRACE_swap_alloc_taken:
		if (ghost_frame(t)->slow == rec->si)
			ghost_frame(t)->gave = rec->si;
		break;
	case TRACE_mm_swap_out:
		slots_given(t);
		break;
	default:
		break;
	}
}

#endif /* CHECK_ON */
