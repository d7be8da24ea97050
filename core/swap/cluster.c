// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cluster life cycle: locks, lists, isolation (SPEC 5).
 *
 * Every insertion is at the tail of a list and every scan starts at its head, so lists
 * rotate. flags name the list; they are written with ci->lock held, the list itself changes
 * under si->lock inside.
 */
#include "cluster.h"
#include "trace.h"

/**
 * swap_cluster_lock - lock the cluster of a slot
 * @si: with a reference not yet drained
 * @offset: slot of the device, 0..max-1
 *
 * Context: no cluster lock, swap_lock or si->lock held.
 * Return: the cluster, locked; it may have any flags.
 */
struct swap_cluster_info *swap_cluster_lock(struct swap_info_struct *si, unsigned long offset)
	__no_context_analysis
{
	struct swap_cluster_info *ci = __swap_offset_to_cluster(si, offset);

	spin_lock(&ci->lock);
	return ci;
}

static struct swap_cluster_info *__swap_cluster_get(const struct folio *folio)
{
	VM_WARN_ON_ONCE_FOLIO(!folio_test_locked(folio), folio);
	VM_WARN_ON_ONCE_FOLIO(!folio_test_swapcache(folio), folio);
	return __swap_entry_to_cluster(folio->swap);
}

/**
 * swap_cluster_get_and_lock - lock the cluster of a cached folio
 * @folio: locked and in the swap cache, which pins its device
 *
 * Context: no cluster lock held. Return: the cluster, locked.
 */
struct swap_cluster_info *swap_cluster_get_and_lock(const struct folio *folio)
	__no_context_analysis
{
	struct swap_cluster_info *ci = __swap_cluster_get(folio);

	spin_lock(&ci->lock);
	return ci;
}

/* As swap_cluster_get_and_lock(), with irqs off: for callers that update memcg statistics. */
struct swap_cluster_info *swap_cluster_get_and_lock_irq(const struct folio *folio)
	__no_context_analysis
{
	struct swap_cluster_info *ci = __swap_cluster_get(folio);

	spin_lock_irq(&ci->lock);
	return ci;
}

void swap_cluster_unlock(struct swap_cluster_info *ci)
{
	spin_unlock(&ci->lock);
}

void swap_cluster_unlock_irq(struct swap_cluster_info *ci)
{
	spin_unlock_irq(&ci->lock);
}

/**
 * move_cluster - put a cluster at the tail of a list
 * @si: its device
 * @ci: on a list that its flags name, or on none (NONE)
 * @list: one of the device's lists
 * @new_flags: the flags that name @list
 *
 * Context: ci->lock held; takes si->lock. SPEC 5.2.
 */
void move_cluster(struct swap_info_struct *si, struct swap_cluster_info *ci,
		  struct list_head *list, enum swap_cluster_flags new_flags)
{
	lockdep_assert_held(&ci->lock);
	VM_WARN_ON_ONCE(ci->flags == new_flags);

	spin_lock(&si->lock);
	if (ci->flags == CLUSTER_FLAG_NONE)
		list_add_tail(&ci->list, list);
	else
		list_move_tail(&ci->list, list);
	trace_swap_cluster_moved(si, ci, new_flags, ci->flags);
	spin_unlock(&si->lock);
	ci->flags = new_flags;
}

/* Empty, nothing left to discard: the table goes, the cluster becomes FREE. */
void __free_cluster(struct swap_info_struct *si, struct swap_cluster_info *ci)
{
	swap_cluster_free_table(ci);
	move_cluster(si, ci, &si->free_clusters, CLUSTER_FLAG_FREE);
	ci->order = 0;
}

/**
 * free_cluster - the cluster became empty
 * @si: its device
 * @ci: count 0, not FREE already
 *
 * Context: ci->lock held. SPEC 5.2.
 */
void free_cluster(struct swap_info_struct *si, struct swap_cluster_info *ci)
{
	lockdep_assert_held(&ci->lock);
	VM_BUG_ON(ci->count != 0);
	VM_BUG_ON(ci->flags == CLUSTER_FLAG_FREE);

	/* a device that is going away is not worth discarding */
	if ((READ_ONCE(si->flags) & (SWP_WRITEOK | SWP_PAGE_DISCARD)) ==
	    (SWP_WRITEOK | SWP_PAGE_DISCARD)) {
		swap_cluster_schedule_discard(si, ci);
		return;
	}
	__free_cluster(si, ci);
}

/* Slots were freed, some are left: FULL, FRAG or NONE becomes NONFULL. ci->lock held. */
void partial_free_cluster(struct swap_info_struct *si, struct swap_cluster_info *ci)
{
	lockdep_assert_held(&ci->lock);
	VM_BUG_ON(!ci->count || ci->count == SWAPFILE_CLUSTER);

	if (ci->flags != CLUSTER_FLAG_NONFULL)
		move_cluster(si, ci, &si->nonfull_clusters[ci->order], CLUSTER_FLAG_NONFULL);
}

/**
 * relocate_cluster - after an allocation attempt, put the cluster where it belongs now
 * @si: its device
 * @ci: isolated, or found through a hint; ci->lock may have been dropped since
 *
 * Context: ci->lock held. SPEC 5.2.
 */
void relocate_cluster(struct swap_info_struct *si, struct swap_cluster_info *ci)
{
	lockdep_assert_held(&ci->lock);

	/* the discarder frees it */
	if (ci->flags == CLUSTER_FLAG_DISCARD)
		return;

	if (!ci->count) {
		/*
		 * Without a table the cluster is free, or another task isolated it meanwhile
		 * and is sleeping for its table: not ours to list. The caller dropped
		 * ci->lock (SPEC 8) or this could not be. See corpus/regress/README.md.
		 */
		if (!cluster_table_is_alloced(ci) && ci->flags != CLUSTER_FLAG_FREE &&
		    !mutant(UPSTREAM_RELOCATE_DANGLING))
			return;
		if (ci->flags != CLUSTER_FLAG_FREE || mutant(FREE_TWICE))
			free_cluster(si, ci);
	} else if (ci->count != SWAPFILE_CLUSTER) {
		if (ci->flags != CLUSTER_FLAG_FRAG)
			move_cluster(si, ci, &si->frag_clusters[ci->order], CLUSTER_FLAG_FRAG);
	} else {
		if (ci->flags != CLUSTER_FLAG_FULL)
			move_cluster(si, ci, &si->full_clusters, CLUSTER_FLAG_FULL);
	}
}

/**
 * isolate_lock_cluster - take the first cluster off a list whose lock is free
 * @si: pinned, or flushed before it goes
 * @list: one of the device's lists, not the discard list
 * @order: what the caller allocates (seed-v1 only)
 *
 * Contended clusters are skipped, since si->lock is inside ci->lock. The caller claims the
 * cluster until it re-lists it. SPEC 5.2.
 *
 * Context: for the free list local_lock and (rotating) global_cluster_lock held, and it may
 *	sleep, dropping both meanwhile: see swap_cluster_populate().
 * Return: the cluster, locked, flags NONE, with a table; NULL if the list is empty, every
 *	cluster was contended, or the table could not be allocated.
 */
struct swap_cluster_info *isolate_lock_cluster(struct swap_info_struct *si,
					       struct list_head *list, int order)
	__no_context_analysis
{
	struct swap_cluster_info *ci, *found = NULL;
	bool was_free = false;

	spin_lock(&si->lock);
	list_for_each_entry(ci, list, list) {
		if (!spin_trylock(&ci->lock))
			continue;

		/* on a list, and not on that of the discarder, who unlinks by himself */
		VM_BUG_ON(!ci->flags);
		VM_BUG_ON(ci->flags > CLUSTER_FLAG_USABLE && ci->flags != CLUSTER_FLAG_FULL);

		list_del(&ci->list);
		was_free = ci->flags == CLUSTER_FLAG_FREE;
		ci->flags = CLUSTER_FLAG_NONE;
		found = ci;
		break;
	}
	spin_unlock(&si->lock);

	/* whoever takes the tables away lists the cluster as free and empty */
	if (was_free && swap_table_v1())
		return swap_cluster_populate_v1(si, found, order);
	if (was_free)
		return swap_cluster_populate(si, found);
	return found;
}
