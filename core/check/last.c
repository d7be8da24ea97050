// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last event that changed an object, for checks at rest: when they find that numbers disagree,
 * the tasks that changed them have gone. From trace events; claims.c notes which slot.
 *
 * Built without instrumentation. Records may be torn on the native machine while tasks run; they
 * are read at rest.
 */
#include <stdio.h>
#include <machine/machine.h>
#include "ghost.h"

#ifdef CHECK_ON

struct last_change last_of_pages;

void last_note(struct last_change *last, const struct trace_record *rec)
{
	const struct task_struct *task = current;

	*last = (struct last_change){ .id = rec->id + 1 };
	if (!task)
		return;
	last->task = task->id;
	last->op = task->op;
	last->op_nr = task->op_nr;
}

const char *last_text(const struct last_change *last)
{
	static char text[128];

	if (!last->id)
		return "never changed";
	if (last->op)
		snprintf(text, sizeof(text), "last %s by " OBJ_TASK " in %s #%u",
			 trace_name(last->id - 1), last->task, last->op, last->op_nr);
	else
		snprintf(text, sizeof(text), "last %s by " OBJ_TASK, trace_name(last->id - 1),
			 last->task);
	return text;
}

static void last_of_cluster(const struct trace_record *rec)
{
	struct ghost_device *dev = ghost_device_of(rec->ci);

	if (dev)
		last_note(&ghost_cluster(dev, rec->ci)->last, rec);
}

void last_event(const struct trace_record *rec)
{
	struct ghost_device *dev = rec->si ? ghost_device(rec->si) : NULL;

	switch (rec->id) {
	case TRACE_swap_range_alloc:
	case TRACE_swap_range_free:
		if (dev)
			last_note(&dev->last_usage, rec);
		last_note(&last_of_pages, rec);
		break;
	case TRACE_swapon_published:
	case TRACE_swapoff_writeok_cleared:
		last_note(&last_of_pages, rec);
		break;
	case TRACE_swap_avail_add:
	case TRACE_swap_avail_del:
		if (dev)
			last_note(&dev->last_avail, rec);
		break;
	case TRACE_swap_cluster_isolated:
	case TRACE_swap_cluster_moved:
	case TRACE_swap_cluster_discard_unlinked:
		last_of_cluster(rec);
		break;
	default:
		break;
	}
}

#endif /* CHECK_ON */
