// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the tree's primitives tell of devices: their lists and references, and how swapoff goes on.
 *
 * Built without instrumentation, as primitives.c.
 */
#include <check/ghost.h>
#include <mm/mm.h>
#include <swap/swap.h>
#include "hooks.h"

/* Is the task swapping it off? */
static bool is_leaving(const struct swap_info_struct *si)
{
#ifdef CHECK_ON
	const struct ghost_device *dev = ghost_device(si);

	return dev && RAW(dev->leaver) == current->id + 1;
#else
	return false;
#endif
}

void tree_device_listed(struct swap_info_struct *si, bool avail, bool add)
{
	struct tree_frame *f = tree_frame_of(add ? FN_add_to_avail_list : FN_del_from_avail_list);

	if (!avail && is_leaving(si))
		trace_swapoff_reinserted(si, tree_stack_of_task()->interrupted ? EINTR : ENOMEM);
	if (!avail)
		trace_swapon_published(si, si->pages);
	else if (add)
		trace_swap_avail_add(si, f && (f->args[1] & 1));
	else
		trace_swap_avail_del(si, f && (f->args[1] & 1));
}

/* @next may be the list's head: then the list is empty */
void tree_walk_restarted(const struct swap_info_struct *next, bool avail)
{
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES && RAW(swap_info[type]) != next; type++)
		;
	if (type == MAX_SWAPFILES)
		next = NULL;
	if (avail)
		trace_swap_alloc_slow_restart(next);
	else
		trace_swap_sync_discard_restart(next);
}

static bool is_device(const struct swap_info_struct *si)
{
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES && RAW(swap_info[type]) != si; type++)
		;
	return type < MAX_SWAPFILES;
}

void tree_usage_or(struct swap_info_struct *si)
{
	if (is_device(si) && !(RAW(si->flags) & SWP_WRITEOK))
		trace_swapoff_writeok_cleared(si);
}

void tree_ref_resurrected(struct swap_info_struct *si)
{
	if (is_device(si))
		trace_swapon_resurrected(si);
}

void tree_ref_killed(struct swap_info_struct *si, unsigned int refs)
{
	if (is_device(si))
		trace_swapoff_killed(si, refs);
}

void tree_device_ref(struct swap_info_struct *si, bool got)
{
	struct tree_stack *s = tree_stack_of_task();
	struct tree_frame *f = s->depth ? &s->frames[s->depth - 1] : NULL;

	if (!f)
		return;
	if (f->fn == FN_swap_alloc_fast && got && is_device(si))
		trace_swap_alloc_fast_hint(si, folio_order((void *)f->args[0]), f->local[0]);
	else if (f->fn == FN_get_swap_device && !got)
		trace_swap_device_get_failed((swp_entry_t){ f->args[0] });
}

#define ROUNDS_WITHOUT_SIGNAL 2

void tree_usage_round(unsigned int type)
{
	const struct swap_info_struct *si = swap_info[type];
	struct tree_stack *s = tree_stack_of_task();

	if (s->interrupted || ++s->rounds_unsignalled > ROUNDS_WITHOUT_SIGNAL)
		harness_fail("RESULT", CODE_SITE, s->interrupted ? "swapoff was told of a signal, and goes on" :
			     "swapoff begins its round %u, and has not looked for a signal", ROUNDS_WITHOUT_SIGNAL + 1);
	trace_swapoff_round(si, ++tree_rounds[type],
			    RAW(si->inuse_pages.counter) & SWAP_USAGE_COUNTER_MASK);
}

void tree_references_gone(struct swap_info_struct *si)
{
	if (!is_device(si))
		return;
	trace_swapoff_synced(si);
	tree_stack_of_task()->going = si;
}

/* Hints are cleared before that: usually when the references are gone, but a tree may do it earlier. */
void tree_teardown(void)
{
	struct tree_stack *s = tree_stack_of_task();

	if (s->going)
		trace_swapoff_flushed(s->going);
	s->going = NULL;
}

void tree_looked_for_signal(bool pending)
{
	struct tree_stack *s = tree_stack_of_task();

	if (!tree_frame_of(FN_try_to_unuse))
		return;
	s->interrupted |= pending;
	s->rounds_unsignalled = 0;
}
