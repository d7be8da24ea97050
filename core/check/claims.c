// SPDX-License-Identifier: GPL-2.0-only
/*
 * Claims of clusters, from trace events (INV-C2, INV-C8). A task claims a cluster from the
 * moment it unlinks it until it leaves the function that did so. Several tasks may claim one
 * cluster: any holder of ci->lock may list a claimed cluster, and then another may isolate it.
 *
 * Built without instrumentation.
 */
#include <kernel/slab.h>
#include "ghost.h"

#ifdef CHECK_ON

static void claim_push(struct ghost_task *t, const struct swap_cluster_info *ci)
{
	if (t->nr_claims == GHOST_CLAIMS_MAX) {
		CHECK_FAIL("INV-C8", "a task claims more than %u clusters", GHOST_CLAIMS_MAX);
		return;
	}
	t->claims[t->nr_claims++] = ci;
}

/* Return: false if the task has no claim on it. */
static bool claim_pop(struct ghost_task *t, const struct swap_cluster_info *ci)
{
	unsigned int i = t->nr_claims;

	while (i--) {
		if (t->claims[i] == ci) {
			t->claims[i] = t->claims[--t->nr_claims];
			return true;
		}
	}
	return false;
}

/* Unlinked from where @flags say it was: claimed. */
static void unlinked(struct ghost_task *t, struct ghost_device *dev,
		     const struct swap_cluster_info *ci, unsigned int flags)
{
	struct ghost_cluster *gc = ghost_cluster(dev, ci);
	unsigned int was;

	ghost_lock(gc);
	was = gc->list;
	gc->list = CLUSTER_FLAG_NONE;
	gc->claims++;
	ghost_unlock(gc);
	claim_push(t, ci);
	if (was != flags)
		CHECK_FAIL("INV-C2", "unlinked as %s, but it was on list %s: " CI_FMT,
			   cluster_flag_name(flags), cluster_flag_name(was), CI_ARGS(dev, ci, gc));
}

/*
 * A cluster whose table is being allocated is unlocked, but only the allocating task may
 * list it: a task that gets its lock sees that it has no table, and unlocks it (SPEC 7.3).
 */
static void linked(struct ghost_task *t, struct ghost_device *dev,
		   const struct swap_cluster_info *ci, unsigned int new_flags,
		   unsigned int old_flags)
{
	struct ghost_cluster *gc = ghost_cluster(dev, ci);
	unsigned int was, others;

	ghost_lock(gc);
	was = gc->list;
	others = gc->allocating - (ghost_frame(t)->alloc_ci == ci);
	gc->list = new_flags;
	gc->list_order = ci->order;
	ghost_unlock(gc);
	if (was != old_flags)
		CHECK_FAIL("INV-C2", "moved to %s as if from %s, but it was on list %s: " CI_FMT,
			   cluster_flag_name(new_flags), cluster_flag_name(old_flags),
			   cluster_flag_name(was), CI_ARGS(dev, ci, gc));
	if (others)
		CHECK_FAIL("INV-C8", "moved to %s while another task is getting it a table: " CI_FMT,
			   cluster_flag_name(new_flags), CI_ARGS(dev, ci, gc));
}

/*
 * Under the raw spin: another task's isolation unlinks and claims in one step, so that "on no
 * list and claimed by no task" is never seen in between.
 */
static void unclaimed(struct ghost_task *t, struct ghost_device *dev,
		      const struct swap_cluster_info *ci)
{
	struct ghost_cluster *gc = ghost_cluster(dev, ci);
	bool lost;

	if (!claim_pop(t, ci))
		return;
	ghost_lock(gc);
	gc->claims--;
	lost = !gc->claims && gc->list == CLUSTER_FLAG_NONE;
	ghost_unlock(gc);
	if (lost)
		CHECK_FAIL("INV-C8", "the last claim ends and the cluster is on no list: " CI_FMT,
			   CI_ARGS(dev, ci, gc));
}

static void alloc_table_enter(struct ghost_task *t, struct ghost_device *dev,
			      const struct swap_cluster_info *ci)
{
	struct ghost_frame *f = ghost_frame(t);
	struct ghost_cluster *gc = ghost_cluster(dev, ci);

	f->alloc_si = dev->si;
	f->alloc_ci = ci;
	f->slept = false;
	ghost_lock(gc);
	gc->allocating++;
	ghost_unlock(gc);
}

static bool task_holds(enum lock_class cls)
{
	const struct task_struct *task = current;
	unsigned int i;

	for (i = 0; i < task->nr_locks; i++)
		if (task->locks[i].class == cls)
			return true;
	return false;
}

static void alloc_table_leave(struct ghost_task *t, struct ghost_device *dev,
			      const struct swap_cluster_info *ci)
{
	struct ghost_frame *f = ghost_frame(t);
	struct ghost_cluster *gc = ghost_cluster(dev, ci);

	f->alloc_ci = NULL;
	f->slept = false;
	ghost_lock(gc);
	gc->allocating--;
	ghost_unlock(gc);
	if (!current)
		return;
	if (!task_holds(lock_class_percpu_swap_cluster))
		CHECK_FAIL("PROG-7", "without the local lock: " CI_FMT, CI_ARGS(dev, ci, gc));
	if (!(RAW(dev->si->flags) & SWP_SOLIDSTATE) && !task_holds(lock_class_global_cluster))
		CHECK_FAIL("PROG-7", "without global_cluster_lock: " CI_FMT, CI_ARGS(dev, ci, gc));
	/* putback leaves with the lock still held, seed-v1's substitution with the hint's */
}

static void frame_push(struct ghost_task *t)
{
	struct ghost_frame *f;

	if (t->depth + 1 >= GHOST_FRAMES_MAX)
		harness_fail("SLEEP", CODE_SITE, "table allocations nested more than %u deep", GHOST_FRAMES_MAX);
	t->depth++;
	f = ghost_frame(t);
	f->dev = NULL;
	f->isolations = f->relists_before = f->relists_own = 0;
	f->attempts = f->restarts = f->changes_before = f->changes_own = 0;
	f->alloc_si = NULL;
	f->alloc_ci = NULL;
	f->slept = false;
	f->allocates = f->charge_failed = false;
}

/* Slots of the cluster that this section writes: checked when the lock is released. */
static void touch(struct ghost_device *dev, const struct trace_record *rec, unsigned long slot,
		  unsigned int nr)
{
	struct ghost_cluster *gc = ghost_cluster(dev, rec->ci);
	unsigned int from = slot % SWAPFILE_CLUSTER, i;
	unsigned int end = min(from + nr, SWAPFILE_CLUSTER);
	struct last_change *last = dev->last_slots +
				   (size_t)ghost_index(dev, rec->ci) * SWAPFILE_CLUSTER;

	for (i = from; i < end; i++)
		last_note(&last[i], rec);

	if (gc->touched_from == gc->touched_end) {
		gc->touched_from = from;
		gc->touched_end = end;
		return;
	}
	gc->touched_from = min_t(unsigned int, gc->touched_from, from);
	gc->touched_end = max_t(unsigned int, gc->touched_end, end);
}

static void touch_folio(struct ghost_device *dev, const struct trace_record *rec, swp_entry_t entry,
			const struct folio *folio)
{
	touch(dev, rec, swp_offset(entry), folio ? 1U << RAW(folio->_order) : 1);
}

/* INV-G9. Where a reader still finds it, its grace period may not have begun yet. */
static void table_freed(struct ghost_device *dev, const struct swap_cluster_info *ci, const void *table)
{
	if (!table || alloc_is_live(table))
		return;
	CHECK_FAIL("INV-G9", "the table is freed before its cluster lets go of it: " CI_FMT,
		   CI_ARGS(dev, ci, ghost_cluster(dev, ci)));
}

static void slots_event(struct ghost_device *dev, const struct trace_record *rec)
{
	switch (rec->id) {
	case TRACE_swap_alloc_taken:
		touch(dev, rec, rec->swap_alloc_taken.slot, rec->swap_alloc_taken.nr);
		break;
	case TRACE_swap_entries_freed:
		touch(dev, rec, rec->swap_entries_freed.slot, rec->swap_entries_freed.nr);
		break;
	case TRACE_swap_cache_added:
		touch_folio(dev, rec, rec->swap_cache_added.entry, rec->swap_cache_added.folio);
		break;
	case TRACE_swap_cache_deleted:
		touch_folio(dev, rec, rec->swap_cache_deleted.entry, rec->swap_cache_deleted.folio);
		break;
	case TRACE_swap_cache_replaced:
		touch_folio(dev, rec, rec->swap_cache_replaced.entry, rec->swap_cache_replaced.folio);
		break;
	case TRACE_swap_entry_dup:
		touch(dev, rec, rec->swap_entry_dup.slot, 1);
		break;
	case TRACE_swap_entry_put:
		touch(dev, rec, rec->swap_entry_put.slot, 1);
		break;
	case TRACE_swap_extend_attached:
		touch(dev, rec, rec->swap_extend_attached.slot, 1);
		break;
	default:
		break;
	}
}

void claims_event(struct ghost_task *t, const struct trace_record *rec)
{
	const struct swap_cluster_info *ci = rec->ci;
	struct ghost_device *dev = ci ? ghost_device_of(ci) : NULL;
	unsigned long begin;

	if (!dev)
		return;
	switch (rec->id) {
	case TRACE_swap_cluster_isolated:
		unlinked(t, dev, ci, rec->swap_cluster_isolated.old);
		break;
	case TRACE_swap_cluster_discard_unlinked:
		unlinked(t, dev, ci, CLUSTER_FLAG_DISCARD);
		break;
	case TRACE_swap_cluster_discard_done:
		begin = (ci - dev->begin) * SWAPFILE_CLUSTER;
		check_discarded(dev, begin, begin + SWAPFILE_CLUSTER);
		break;
	case TRACE_swap_cluster_moved:
		linked(t, dev, ci, rec->swap_cluster_moved.new, rec->swap_cluster_moved.old);
		break;
	case TRACE_swap_cluster_unclaimed:
		unclaimed(t, dev, ci);
		break;
	case TRACE_swap_table_alloc_enter:
		alloc_table_enter(t, dev, ci);
		break;
	case TRACE_swap_table_freed:
		table_freed(dev, ci, rec->swap_table_freed.table);
		break;
	case TRACE_swap_table_unlocked:
		frame_push(t);
		break;
	case TRACE_swap_table_slept:
		if (t->depth)
			t->depth--;
		ghost_frame(t)->slept = ghost_frame(t)->alloc_ci == ci;
		break;
	case TRACE_swap_table_alloc_leave:
		alloc_table_leave(t, dev, ci);
		break;
	default:
		slots_event(dev, rec);
		break;
	}
}

/* No task works on the device any more: what is claimed or on no list now is lost. */
void claims_check_returned(struct ghost_device *dev)
{
	const struct swap_cluster_info *ci;
	struct ghost_cluster *gc;

	for (ci = dev->begin; ci < dev->end; ci++) {
		gc = ghost_cluster(dev, ci);
		if (gc->claims || gc->allocating || gc->list == CLUSTER_FLAG_NONE)
			CHECK_FAIL("INV-C8", "no task works on the device: " CI_FMT,
				   CI_ARGS(dev, ci, gc));
	}
}

#endif /* CHECK_ON */
