// SPDX-License-Identifier: GPL-2.0-only
/*
 * DEVICE-REF: who uses a device has something that keeps swapoff from freeing what the device has. What
 * that may be is more than what the core does: any lock and any read section will do, since swapoff takes
 * all of the former after it has cleared WRITEOK and waits for the latter. With nothing at all it is a bug
 * in each schedule, and not only in those in which swapoff comes by.
 *
 * Built without instrumentation.
 */
#include <machine/machine.h>
#include "ghost.h"

#ifdef CHECK_ON

static bool caches(const struct folio *folio, unsigned int type)
{
	return RAW(folio->flags) >> PG_swapcache & 1 && swp_type((swp_entry_t){ RAW(folio->swap.val) }) == type;
}

/* Whoever writes a folio has unlocked it by then; which task that is is not known. */
static bool writes_folio_of(unsigned int type)
{
	unsigned long pfn;

	for (pfn = 0; pfn < max_pfn; pfn++)
		if (RAW(memmap[pfn].flags) >> PG_writeback & 1 && caches(&memmap[pfn], type))
			return true;
	return false;
}

/* A folio that is cached stays where it is while it is locked, and so does its device. */
static bool locks_folio_of(const struct task_struct *t, unsigned int type)
{
	unsigned int i;

	for (i = 0; i < t->nr_locks; i++)
		if (t->locks[i].class == lock_class_folio && caches(t->locks[i].lock, type))
			return true;
	return false;
}

static bool has_reference(const struct task_struct *t, const struct percpu_ref *ref)
{
	unsigned int i;

	for (i = 0; i < t->nr_refs; i++)
		if (t->refs[i] == ref)
			return true;
	return t->nr_refs == TASK_REFS_MAX;
}

void check_pinned(const struct percpu_ref *ref)
{
	const struct swap_info_struct *si = container_of(ref, struct swap_info_struct, users);
	const struct task_struct *t = current;
	const struct ghost_device *dev;

	/* swapoff waits for work items, and refuses a device with an image */
	if (!t || !t->op || t->in_work || t->atomic_depth || t->rcu_nest || t->irqs_off || has_reference(t, ref))
		return;
	if (RAW(si->flags) & SWP_HIBERNATION || locks_folio_of(t, si->type) || writes_folio_of(si->type))
		return;
	/* who takes the device apart knows when */
	dev = ghost_device(si);
	if (!dev || RAW(dev->leaver) == t->id + 1)
		return;
	CHECK_FAIL("DEVICE-REF", OBJ_DEVICE " is used by a task that has no reference to it, no lock, and no folio "
		   "of its that is locked: swapoff would not wait for it", si->type);
}

/* Work on a device that asserts nothing. */
void pinned_event(const struct trace_record *rec)
{
	if (rec->id == TRACE_swap_discard_issue || rec->id == TRACE_swap_alloc_scan ||
	    rec->id == TRACE_swap_reclaim_full || rec->id == TRACE_swap_sync_discard_wait)
		check_pinned(&rec->si->users);
}

#endif /* CHECK_ON */
