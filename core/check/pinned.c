// SPDX-License-Identifier: GPL-2.0-only
/*
 * DEVICE-REF: who uses a device has something that keeps swapoff from freeing what the device has: a reference; a
 * read section, as a spinlock's section is one, for which swapoff waits; or what it needs itself to get on. With
 * nothing at all it is a bug in each schedule, and not only in those in which swapoff comes by. And swapoff goes on
 * only when nobody has a reference, or can get one.
 *
 * Known to be more lenient than the kernel: any such section will do, whenever it began; a work item may use any
 * device; a folio under writeback counts for all tasks.
 *
 * Built without instrumentation.
 */
#include <kernel/mutex.h>
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

/* The task has it; for writing? */
static bool written(const struct rw_semaphore *sem)
{
	return RAW(sem->readers) == ~0U;
}

/*
 * A locked folio stays where it is cached. Without swapon_mutex, or the mmap_lock of the space whose entry it
 * is, swapoff gets no further.
 */
static bool locks_what_swapoff_needs(const struct task_struct *t, unsigned int type)
{
	const struct held_lock *held;

	for (held = t->locks; held < t->locks + t->nr_locks; held++)
		if ((held->class == lock_class_folio && caches(held->lock, type)) ||
		    (held->class == lock_class_mmap_lock && written(held->lock)) ||
		    held->class == lock_class_swapon_mutex)
			return true;
	return false;
}

static bool has_reference(const struct task_struct *t, const struct percpu_ref *ref)
{
	unsigned int i;

	for (i = 0; i < t->nr_refs; i++)
		if (t->refs[i] == ref)
			return true;
	return t->refs_lost;
}

void check_pinned(const struct percpu_ref *ref)
{
	const struct swap_info_struct *si = container_of(ref, struct swap_info_struct, users);
	const struct task_struct *t = current;
	const struct ghost_device *dev;

	/* swapoff waits for the work items of its device, and refuses a device with an image */
	if (!t || !t->op || t->in_work || t->atomic_depth || t->rcu_nest || t->irqs_off || has_reference(t, ref))
		return;
	if (RAW(si->flags) & SWP_HIBERNATION || locks_what_swapoff_needs(t, si->type) || writes_folio_of(si->type))
		return;
	/* who takes the device apart knows when */
	dev = ghost_device(si);
	if (!dev || RAW(dev->leaver) == t->id + 1)
		return;
	CHECK_FAIL("DEVICE-REF", OBJ_DEVICE " is used by a task that has no reference to it, no lock, and no locked "
		   "folio of its cache: swapoff would not wait for it", si->type);
}

/*
 * What swapoff waited for may have been there since an earlier swapoff. The grace period matters as much as the
 * references do: a task that looked before the device was killed gets one until it is over.
 */
static void check_unpinned(const struct swap_info_struct *si)
{
	unsigned long count = RAW(si->users.count.counter);

	if (!(count & PERCPU_REF_DEAD))
		CHECK_FAIL("DEVICE-REF", "swapoff of " OBJ_DEVICE " has waited, and its references were not killed",
			   si->type);
	if (count != PERCPU_REF_DEAD)
		CHECK_FAIL("DEVICE-REF", "swapoff of " OBJ_DEVICE " has waited, but tasks have %lu references to it%s",
			   si->type, count & ~(PERCPU_REF_DEAD | PERCPU_REF_GRACE),
			   count & PERCPU_REF_GRACE ? ", and may still get some" : "");
}

void pinned_event(const struct trace_record *rec)
{
	/* work on a device that asserts nothing, and holds nothing */
	if (rec->id == TRACE_swap_sync_discard_wait)
		check_pinned(&rec->si->users);
	if (rec->id == TRACE_swapoff_synced)
		check_unpinned(rec->si);
}

#endif /* CHECK_ON */
