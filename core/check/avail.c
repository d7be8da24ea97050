// SPDX-License-Identifier: GPL-2.0-only
/*
 * INV-G5 between operations. A device that is off the avail list although it is not full comes back with the next
 * slot that is freed, so that at rest nothing may be seen. Here it is looked at when an operation ends: a device
 * may be listed wrongly for as long as a task that took or freed slots of it, or moved it, is still at that.
 * A device that is being swapped off never joins the list: at rest it is gone, so that no check would see it there.
 *
 * Built without instrumentation.
 */
#include <machine/machine.h>
#include "balance.h"
#include "ghost.h"

#ifdef CHECK_ON

/* Under swap_avail_lock, under which swapoff cleared WRITEOK. */
static void joins(const struct swap_info_struct *si)
{
	const struct ghost_device *dev = ghost_device(si);

	if (dev && RAW(dev->leaver) && !(RAW(si->flags) & SWP_WRITEOK))
		CHECK_FAIL("INV-G5", OBJ_DEVICE " joins the avail list while it is swapped off", si->type);
}

void check_avail_gone(const struct swap_info_struct *si)
{
	if (on_plist(&si->avail_list))
		CHECK_FAIL("INV-G5", OBJ_DEVICE " is swapped off, and on the avail list", si->type);
}

void avail_event(struct ghost_task *t, const struct trace_record *rec)
{
	unsigned int type;

	switch (rec->id) {
	case TRACE_swap_avail_add:
		joins(rec->si);
		break;
	case TRACE_swap_range_alloc:
	case TRACE_swap_range_free:
	case TRACE_swap_avail_del:
	case TRACE_swapon_resurrected:
	case TRACE_swapon_published:
	case TRACE_swapoff_writeok_cleared:
	case TRACE_swapoff_reinserted:
		break;
	default:
		return;
	}
	if (!current || !rec->si)
		return;
	type = rec->si->type;
	if (t->avail.op_nr != current->op_nr)
		t->avail.types = 0;
	t->avail.op_nr = current->op_nr;
	t->avail.types |= BIT(type % MAX_SWAPFILES);
}

/* Has another task an operation that changed this, and that has not ended? */
static bool others_at_it(unsigned int type)
{
	const struct ghost_task *g;
	const struct task_struct *t;
	unsigned int id;

	for (id = 0; id < machine_nr_tasks(); id++) {
		t = machine_task(id);
		if (!t || t == current || !t->op)
			continue;
		g = t->ghost;
		if (g && g->owner == t && g->avail.op_nr == t->op_nr && g->avail.types & BIT(type))
			return true;
	}
	return false;
}

void check_avail(void)
{
	const struct ghost_device *dev;
	bool full, avail;
	unsigned int type;

	if (!check_exact || ghost_task()->avail.op_nr != current->op_nr)
		return;
	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		/* swapoff clears WRITEOK before it takes it off */
		if (!(ghost_task()->avail.types & BIT(type)) || !dev || !(RAW(dev->si->flags) & SWP_WRITEOK))
			continue;
		full = device_usage(dev->si) == (long)RAW(dev->si->pages);
		avail = on_plist(&dev->si->avail_list);
		if (avail == full && !others_at_it(type))
			BALANCE_FAIL(BALANCE_AVAIL, type, 0, "INV-G5",
				     OBJ_DEVICE ": %ld of %u pages in use, on the avail list %d; %s", type,
				     device_usage(dev->si), dev->si->pages, avail, last_text(&dev->last_avail));
	}
}

#endif /* CHECK_ON */
