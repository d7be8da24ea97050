// SPDX-License-Identifier: GPL-2.0-only
/*
 * Progress, from trace events: loops of the core that must end are counted, and
 * compared with what others did meanwhile. The bounds are exact on the controlled machine; the
 * native one, where events of others are seen late, allows a hundred times.
 *
 * Built without instrumentation.
 */
#include <string.h>
#include <machine/machine.h>
#include "ghost.h"

#ifdef CHECK_ON

#define FROZEN_SPINS_MAX 100000		/* controlled machine only */
#define SWAPOFF_ROUNDS_MAX 10000	/* likewise */
#define ROUNDS_ALONE_MAX 100		/* while no other task does anything */

/* changes of the avail list and of the active list by any task; raw atomics */
static unsigned long avail_changes, active_changes;
static unsigned long ticks;	/* of cluster locks, by any task; raw atomic */
static unsigned long slack = 100;
static bool single_task;
bool check_exact;

void check_single_task(bool on)
{
	__atomic_store_n(&single_task, on, __ATOMIC_RELAXED);
}

/* The machine decides; tests may have exact bounds on the native one. */
void progress_set_exact(bool on)
{
	check_exact = on;
	slack = on ? 1 : 100;
}

void progress_reset(void)
{
	progress_set_exact(!strcmp(machine_name(), "sim"));
	avail_changes = active_changes = ticks = 0;
	single_task = false;
}

/* A task begins a walk over the devices, or has ended one. */
static void walk_reset(struct ghost_task *t)
{
	struct ghost_frame *f = ghost_frame(t);

	f->dev = NULL;
	f->attempts = f->restarts = f->changes_own = 0;
	f->changes_before = RAW(avail_changes);
	t->active_restarts = 0;
	t->active_before = RAW(active_changes);
}

static void attempt_reset(struct ghost_frame *f, struct ghost_device *dev)
{
	f->dev = dev;
	f->isolations = f->relists_own = 0;
	f->relists_before = RAW(dev->relists);
}

/*
 * PROG-2. Not counted: the full list, from which an allocation takes one cluster and the
 * worker as many as its usage would fill.
 */
static void isolated(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_device *dev = ghost_device(rec->si);
	struct ghost_frame *f = ghost_frame(t);
	unsigned long others, limit;

	if (!dev || rec->swap_cluster_isolated.old == CLUSTER_FLAG_FULL)
		return;
	/* hibernation, which walks no devices */
	if (f->dev != dev)
		attempt_reset(f, dev);
	others = RAW(dev->relists) - f->relists_before - f->relists_own;
	limit = (SWAP_NR_ORDERS + 4UL) * dev->nr_clusters + others;
	if (++f->isolations > limit * slack)
		CHECK_FAIL("PROG-2", OBJ_DEVICE ": %lu clusters isolated in one attempt, it has %u, and "
			   "others listed %lu", dev->si->type, f->isolations, dev->nr_clusters, others);
}

static void relisted(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_device *dev = ghost_device(rec->si);

	if (!dev)
		return;
	RAW_ADD(dev->relists, 1);
	if (ghost_frame(t)->dev == dev)
		ghost_frame(t)->relists_own++;
}

/* A change of the avail list, or (slots taken) what may be followed by one: rotation. */
static void avail_changed(struct ghost_task *t)
{
	RAW_ADD(avail_changes, 1);
	ghost_frame(t)->changes_own++;
}

/* PROG-3 */
static void slow_device(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_device *dev = ghost_device(rec->si);
	struct ghost_frame *f = ghost_frame(t);
	unsigned long others = RAW(avail_changes) - f->changes_before - f->changes_own;
	unsigned long limit = MAX_SWAPFILES * (1 + others);

	if (++f->attempts > limit * slack)
		CHECK_FAIL("PROG-3", "the walk has tried %lu devices; the list was changed %lu times by "
			   "others meanwhile", f->attempts, others);
	if (dev)
		attempt_reset(f, dev);
}

static void slow_restart(struct ghost_task *t)
{
	struct ghost_frame *f = ghost_frame(t);
	unsigned long others = RAW(avail_changes) - f->changes_before - f->changes_own;

	/* one more: the device that this task itself filled or that swapoff is about to report */
	if (++f->restarts > (others + 1) * slack)
		CHECK_FAIL("PROG-3", "the walk over the avail list began again %lu times, which others "
			   "changed %lu times", f->restarts, others);
}

static void discard_restart(struct ghost_task *t)
{
	unsigned long others = RAW(active_changes) - t->active_before;

	if (++t->active_restarts > (others + 1) * slack)
		CHECK_FAIL("PROG-3", "the walk over the active list began again %lu times, which was "
			   "changed %lu times", t->active_restarts, others);
}

/*
 * Has the task been alone? On the controlled machine it is when all others are between their
 * operations and none has begun one: no task holds a lock or a cluster. The main task waits.
 */
unsigned long others_begun(bool *idle)
{
	const struct task_struct *t;
	unsigned long n = 0;
	unsigned int id;

	*idle = true;
	for (id = 1; id < machine_nr_tasks(); id++) {
		t = machine_task(id);
		if (!t || t == current)
			continue;
		n += t->op_nr;
		if (t->op)
			*idle = false;
	}
	return n;
}

static void alloc_entered(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_frame *f = ghost_frame(t);

	f->folio = rec->swap_alloc_enter.folio;
	f->tick_before = RAW(ticks);
	f->avail_before = RAW(avail_changes);
	f->steady = true;
	f->alone = false;
	if (check_exact && !t->depth && current)
		f->others_before = others_begun(&f->alone);
}

/* The task unlocks a cluster that it will look at again. */
static void lets_go(struct ghost_frame *f, const struct trace_record *rec)
{
	f->steady = false;
	if (rec->id == TRACE_swap_table_atomic_failed)
		f->alone = false;
}

bool alone(struct ghost_task *t)
{
	struct ghost_frame *f = ghost_frame(t);
	bool idle;

	if (RAW(single_task))
		return true;
	return f->alone && !t->depth && others_begun(&idle) == f->others_before && idle;
}

/* PROG-9. Its caller has it locked, so no other task has put it there. */
static void left_cached(struct ghost_task *t)
{
	const struct folio *folio = ghost_frame(t)->folio;

	if (folio && RAW(folio->flags) & BIT(PG_swapcache))
		CHECK_FAIL("PROG-9", "no slots for " OBJ_FOLIO ", but it is in the swap cache at %lx",
			   (unsigned long)(folio - memmap), RAW(folio->swap.val));
}

void progress_cluster(struct ghost_cluster *gc, bool acquired)
{
	RAW_ADD(ticks, 1);
	__atomic_store_n(&gc->tick, RAW(ticks), __ATOMIC_RELAXED);
	__atomic_store_n(&gc->held, acquired, __ATOMIC_RELAXED);
}

/*
 * PROG-1 among others, of a device that was tried: clusters that are locked are passed over, but not those that nobody
 * has locked since the allocation began. Full clusters and those that have to be given a table or discarded first do
 * not count.
 */
static void passed_over(struct ghost_task *t, const struct ghost_device *dev)
{
	const struct ghost_frame *f = ghost_frame(t);
	const struct ghost_cluster *gc;
	unsigned int i;

	if (!check_exact || !f->steady || RAW(avail_changes) != f->avail_before || !on_plist(&dev->si->avail_list) ||
	    !(f->tried_types & BIT(dev->si->type)))
		return;
	for (i = 0; i < dev->nr_clusters; i++) {
		gc = &dev->clusters[i];
		if ((RAW(gc->list) == CLUSTER_FLAG_NONFULL || RAW(gc->list) == CLUSTER_FLAG_FRAG) &&
		    RAW(gc->tick) <= f->tick_before && !RAW(gc->held))
			CHECK_FAIL("PROG-1", "no slot found, but " OBJ_CLUSTER " has one, and nobody has locked it "
				   "since the search began", dev->si->type, i);
	}
}

/*
 * PROG-1 for a large folio, whose allocation tries one device only: any cluster that is free, and was left alone since
 * the allocation began, would have done. One that it has looked at may have got no table.
 */
static void free_unused(struct ghost_task *t, const struct ghost_device *dev, unsigned int order)
{
	const struct ghost_frame *f = ghost_frame(t);
	const struct ghost_cluster *gc;
	unsigned int i;

	if (!check_exact || t->nr_failed != f->failed_before || !(f->tried_types & BIT(dev->si->type)) ||
	    !(RAW(dev->si->flags) & SWP_BLKDEV))
		return;
	for (i = 0; i < dev->nr_clusters; i++) {
		gc = &dev->clusters[i];
		if (RAW(gc->list) == CLUSTER_FLAG_FREE && RAW(gc->tick) <= f->tick_before && !RAW(gc->held))
			CHECK_FAIL("PROG-1", "no slots found for a folio of order %u, but " OBJ_CLUSTER " is free, and "
				   "was so when the search began", order, dev->si->type, i);
	}
}

/* PROG-1. A failed charge has freed the slots again, and without a table there is nothing. */
static void alloc_failed(struct ghost_task *t, const struct trace_record *rec)
{
	bool was_alone = alone(t);
	const struct swap_info_struct *si;
	struct ghost_device *dev;
	unsigned int type;
	long usage;

	if (!rec->swap_alloc_failed.charged || (rec->swap_alloc_failed.order && !was_alone))
		return;
	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		if (!dev || !(RAW(dev->si->flags) & SWP_WRITEOK))
			continue;
		if (rec->swap_alloc_failed.order) {
			free_unused(t, dev, rec->swap_alloc_failed.order);
			continue;
		}
		passed_over(t, dev);
		if (!was_alone)
			continue;
		si = dev->si;
		usage = RAW(si->inuse_pages.counter) & SWAP_USAGE_COUNTER_MASK;
		if (usage < (long)si->pages)
			CHECK_FAIL("PROG-1", "no slot found, but " OBJ_DEVICE " has %ld of %u pages in use",
				   type, usage, si->pages);
	}
}

/* What is free when it ends: reclaim that it runs may have taken what was free when it began. */
void check_image_slot(const struct check_alone *a, unsigned int type, int ret)
{
	struct check_room room = check_room(type);

	if (ret && room.free && !room.discards && check_was_alone(a))
		CHECK_FAIL("PROG-1", "no slot found for an image (%d), but " OBJ_DEVICE " has %u of %u pages free",
			   ret, type, room.free, room.pages);
}

/* PROG-4; elsewhere the watchdog has to see it: the freezer may be off its CPU for long */
static void lookup_frozen(struct ghost_task *t, const struct trace_record *rec)
{
	if (++t->frozen_spins > FROZEN_SPINS_MAX && check_exact)
		CHECK_FAIL("PROG-4", "offset %lu: " OBJ_FOLIO " is frozen for %lu lookups",
			   swp_offset(rec->swap_cache_frozen.entry),
			   rec->swap_cache_frozen.folio - memmap, t->frozen_spins);
}

/*
 * PROG-5. Images keep a device busy by design (SPEC 15); so does a folio whose lock a task
 * holds, but that task runs before this one has done ROUNDS_ALONE_MAX rounds. Between operations no
 * task holds a lock.
 */
static void swapoff_round(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_device *dev = ghost_device(rec->si);
	unsigned long round = rec->swapoff_round.round, usage = rec->swapoff_round.usage;
	char left[320];
	bool idle;

	if (!dev || !check_exact || RAW(dev->nr_hib) || current->signal_countdown)
		return;
	others_begun(&idle);
	if (round == 1 || usage != t->round_usage || !idle)
		t->rounds_alone = 0;
	t->round_usage = usage;
	if (++t->rounds_alone <= ROUNDS_ALONE_MAX && round <= SWAPOFF_ROUNDS_MAX)
		return;
	slots_left(dev, left, sizeof(left));
	CHECK_FAIL("PROG-5", OBJ_DEVICE ": %lu rounds of swapoff, still %lu slots in use: %s",
		   dev->si->type, round, usage, left);
}

/* PROG-6 */
static void slots_taken(const struct trace_record *rec)
{
	struct ghost_device *dev = ghost_device(rec->si);
	unsigned long offset = rec->swap_alloc_taken.slot, nr = rec->swap_alloc_taken.nr, i;
	bool bad = false;

	if (!dev)
		return;
	if (!offset || !nr || offset % nr || offset + nr > dev->max ||
	    offset / SWAPFILE_CLUSTER != (offset + nr - 1) / SWAPFILE_CLUSTER ||
	    dev->begin + offset / SWAPFILE_CLUSTER != rec->ci)
		bad = true;
	for (i = 0; !bad && i < nr; i++)
		bad = ghost_bit(dev->bad, offset + i);
	if (bad)
		CHECK_FAIL("PROG-6", OBJ_DEVICE " with %u slots: %lu taken at %lu", dev->si->type,
			   dev->max, nr, offset);
}

/* INV-C9. Still in the ci->lock section that took them; an order-0 allocation may steal. */
static void order_of_taken(const struct trace_record *rec)
{
	const struct swap_cluster_info *ci = rec->ci;
	unsigned long nr = rec->swap_alloc_taken.nr;

	if ((ci->count == nr || (nr > 1 && ci->count > nr)) && 1UL << ci->order != nr)
		CHECK_FAIL("INV-C9", OBJ_SLOT ": %lu taken, %u are in use, the cluster has "
			   "order %u", rec->si->type, rec->swap_alloc_taken.slot, nr, ci->count, ci->order);
}

/* PROG-8 */
static void reclaim_done(const struct trace_record *rec)
{
	unsigned long asked = rec->swap_reclaim_done.asked, first = rec->swap_reclaim_done.slot;
	long result = rec->swap_reclaim_done.result;
	unsigned long nr = result < 0 ? -result : result;

	if (result && (asked < first || asked >= first + nr))
		CHECK_FAIL("PROG-8", OBJ_DEVICE ": asked to reclaim slot %lu, reports %ld about the folio "
			   "of slots %lu + %lu", rec->si->type, asked, result, first, nr);
}

void progress_event(struct ghost_task *t, const struct trace_record *rec)
{
	/* a new operation: nothing is in progress */
	if (current && t->op_nr != current->op_nr && !t->depth) {
		t->op_nr = current->op_nr;
		walk_reset(t);
	}

	switch (rec->id) {
	case TRACE_swap_cluster_isolated:
		isolated(t, rec);
		break;
	case TRACE_swap_cluster_moved:
		relisted(t, rec);
		break;
	case TRACE_swap_alloc_enter:
		alloc_entered(t, rec);
		break;
	case TRACE_swap_table_atomic_failed:
	case TRACE_swap_reclaim_unlocked:
		lets_go(ghost_frame(t), rec);
		break;
	case TRACE_swap_alloc_fast_hint:
	case TRACE_swap_alloc_discard_retry:
	case TRACE_swap_hib_alloc:
		walk_reset(t);
		break;
	case TRACE_swap_alloc_slow_device:
		slow_device(t, rec);
		break;
	case TRACE_swap_alloc_slow_restart:
		slow_restart(t);
		break;
	case TRACE_swap_sync_discard_restart:
		discard_restart(t);
		break;
	case TRACE_swap_alloc_taken:
		slots_taken(rec);
		order_of_taken(rec);
		avail_changed(t);
		walk_reset(t);
		break;
	case TRACE_swap_alloc_failed:
		left_cached(t);
		alloc_failed(t, rec);
		walk_reset(t);
		break;
	case TRACE_swap_avail_del:
	case TRACE_swap_avail_add:
		avail_changed(t);
		break;
	case TRACE_swapon_published:
	case TRACE_swapoff_writeok_cleared:
		RAW_ADD(active_changes, 1);
		break;
	case TRACE_swap_cache_frozen:
		lookup_frozen(t, rec);
		break;
	case TRACE_swap_cache_found:
		t->frozen_spins = 0;
		break;
	case TRACE_swapoff_round:
		swapoff_round(t, rec);
		break;
	case TRACE_swap_reclaim_done:
		reclaim_done(rec);
		break;
	default:
		break;
	}
}

#endif /* CHECK_ON */
