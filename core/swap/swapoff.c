// SPDX-License-Identifier: GPL-2.0-only
/*
 * swapoff (SPEC 15): stop allocation, bring everything back, wait out every user, tear down.
 */
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include "cluster.h"
#include "trace.h"

/*
 * Passes through every cluster lock. Whoever had passed the WRITEOK test under one of them
 * has taken its slots by now; whoever comes later sees WRITEOK clear. A task that sleeps for
 * a table is not waited for: it fails the test later.
 */
static void wait_for_allocation(struct swap_info_struct *si)
{
	unsigned long offset;
	struct swap_cluster_info *ci;

	if (mutant(NO_ALLOC_BARRIER))
		return;
	BUG_ON(READ_ONCE(si->flags) & SWP_WRITEOK);
	for (offset = 0; offset < si->max; offset += SWAPFILE_CLUSTER) {
		ci = swap_cluster_lock(si, offset);
		cluster_locked(ci);
		swap_cluster_unlock(ci);
	}
}

/* The next slot behind @prev that is in use, 0 if there is none. Lockless. */
static unsigned long find_next_to_unuse(struct swap_info_struct *si, unsigned long prev)
{
	unsigned long i, swp_tb;

	for (i = prev + 1; i < si->max; i++) {
		swp_tb = swap_table_get(__swap_offset_to_cluster(si, i), i % SWAPFILE_CLUSTER);
		if (!swp_tb_is_null(swp_tb) && !swp_tb_is_bad(swp_tb))
			return i;
		if (!(i % SWAPFILE_CLUSTER))
			cond_resched();
	}
	return 0;
}

/* Frees the slots of folios that are only cached. */
static void unuse_cached(struct swap_info_struct *si)
{
	struct folio *folio;
	unsigned long i = 0;

	while (swap_usage_in_pages(si) && (i = find_next_to_unuse(si, i))) {
		folio = swap_cache_get_folio(swp_entry(si->type, i));
		if (!folio)
			continue;
		/*
		 * It may be any folio by now: folio_free_swap() works on what it is. The
		 * slot is looked at again in the next round.
		 */
		folio_lock(folio);
		folio_wait_writeback(folio);
		folio_free_swap(folio);
		folio_unlock(folio);
		folio_put(folio);
	}
}

/*
 * Until usage is 0. Slots that cannot be brought back keep it going until a signal, by design.
 */
static int try_to_unuse(struct swap_info_struct *si)
{
	unsigned long round = 0;
	int err;

	while (atomic_long_read_acquire(&si->inuse_pages) & SWAP_USAGE_COUNTER_MASK) {
		trace_swapoff_round(si, ++round, swap_usage_in_pages(si));
		err = unuse_mms(si);
		if (err)
			return err;
		unuse_cached(si);
		if (swap_usage_in_pages(si) && signal_pending())
			return -EINTR;
		cond_resched();
	}
	/*
	 * Order: everything that was cleaned up before the last decrement is visible to the
	 * teardown; pairs with the release in swap_usage_sub().
	 */
	smp_mb();
	return 0;
}

static void flush_percpu_swap_cluster(struct swap_info_struct *si)
{
	struct swap_info_struct **pcp_si;
	unsigned int cpu, i;

	if (mutant(HINT_KEPT))
		return;
	for_each_possible_cpu(cpu) {
		pcp_si = per_cpu_ptr(&percpu_swap_cluster, cpu)->si;
		/* The offset stays, stale: without a device it says nothing. */
		for (i = 0; i < SWAP_NR_ORDERS; i++)
			if (cmpxchg(&pcp_si[i], si, NULL) == si)
				trace_swapoff_hint_cleared(si, cpu, i);
	}
}

/**
 * free_swap_cluster_info - free a device's cluster array
 * @cluster_info: no longer, or not yet, reachable; may be NULL
 * @maxpages: slots of the device
 *
 * Clusters with unusable slots still have a table; nothing else may.
 * Context: takes each ci->lock: whoever was still inside a section is out then.
 */
void free_swap_cluster_info(struct swap_cluster_info *cluster_info, unsigned long maxpages)
{
	unsigned long i, nr_clusters = DIV_ROUND_UP(maxpages, SWAPFILE_CLUSTER);
	struct swap_cluster_info *ci;
	unsigned int ci_off, nr_bad;
	unsigned long swp_tb;

	if (!cluster_info)
		return;
	for (i = 0; i < nr_clusters; i++) {
		ci = cluster_info + i;
		spin_lock(&ci->lock);
		if (cluster_table_is_alloced(ci)) {
			nr_bad = 0;
			for (ci_off = 0; ci_off < SWAPFILE_CLUSTER; ci_off++) {
				swp_tb = __swap_table_xchg(ci, ci_off, null_to_swp_tb());
				if (swp_tb_is_bad(swp_tb))
					nr_bad++;
				else
					VM_WARN_ON_ONCE(!swp_tb_is_null(swp_tb));
			}
			VM_WARN_ON_ONCE(nr_bad != ci->count);
			ci->count = 0;
			trace_swapoff_cluster_freed(ci);
			swap_cluster_free_table(ci);
		} else {
			trace_swapoff_cluster_freed(ci);
		}
		spin_unlock(&ci->lock);
	}
	kvfree(cluster_info);
}

/* Steps 6 to 8: the device is no longer in use. */
static void swapoff_teardown(struct swap_info_struct *p)
{
	struct swap_sequential_cluster *global_cluster;
	struct swap_cluster_info *cluster_info;
	unsigned int maxpages;

	if (!(READ_ONCE(p->flags) & SWP_SOLIDSTATE))
		atomic_dec(&nr_rotate_swap);

	mutex_lock(&swapon_mutex);
	spin_lock(&swap_lock);
	spin_lock(&p->lock);
	maxpages = p->max;
	cluster_info = p->cluster_info;
	global_cluster = p->global_cluster;
	p->max = 0;
	p->pages = 0;
	p->shown = false;
	p->cluster_info = NULL;
	p->global_cluster = NULL;
	spin_unlock(&p->lock);
	spin_unlock(&swap_lock);
	mutex_unlock(&swapon_mutex);

	kfree(global_cluster);
	free_swap_cluster_info(cluster_info, maxpages);

	/* From here on the type may be reused. */
	spin_lock(&swap_lock);
	trace_swapoff_done(p);
	p->bdev = NULL;
	WRITE_ONCE(p->flags, 0UL);
	spin_unlock(&swap_lock);
}

/* The active device of that type, or NULL. */
static struct swap_info_struct *swapoff_find(unsigned int type) __must_hold(swap_lock)
{
	struct swap_info_struct *p;

	plist_for_each_entry(p, &swap_active_head, list)
		if ((READ_ONCE(p->flags) & SWP_WRITEOK) && p->type == type)
			return p;
	return NULL;
}

/*
 * Without a device in use no mm has a swap entry. (Not: without usage left. On another live
 * device a task may be between its allocation and its place on the list.)
 */
static void drain_mmlist(const struct swap_info_struct *p)
{
	unsigned int type;
	bool drained = true;

	spin_lock(&swap_lock);
	for (type = 0; type < nr_swapfiles; type++)
		if (mutant(UPSTREAM_MMLIST_DRAINED) ? swap_usage_in_pages(swap_info[type]) != 0 :
		    (READ_ONCE(swap_info[type]->flags) & SWP_USED) != 0)
			drained = false;
	if (drained) {
		trace_swapoff_drain(p);
		mmlist_drain();
	}
	spin_unlock(&swap_lock);
}

/**
 * swapoff - stop swapping to a device
 * @type: its type
 *
 * Context: may sleep, for long. SPEC 15.
 * Return: 0; -EINVAL not active; -EBUSY pinned for hibernation; -ENOMEM or -EINTR: the device
 *	is active again.
 */
int swapoff(unsigned int type)
{
	struct swap_info_struct *p;
	int err;

	might_sleep();
	spin_lock(&swap_lock);
	p = swapoff_find(type);
	if (!p) {
		spin_unlock(&swap_lock);
		return -EINVAL;
	}
	/* deliberately broken under the mutant: an image's slots have no other reference */
	if ((READ_ONCE(p->flags) & SWP_HIBERNATION) && !mutant(HIB_UNPINNED)) {
		spin_unlock(&swap_lock);
		trace_swapoff_pinned(p);
		return -EBUSY;
	}
	spin_lock(&p->lock);
	del_from_avail_list(p, true);
	plist_del(&p->list, &swap_active_head);
	atomic_long_sub(p->pages, &nr_swap_pages);
	WRITE_ONCE(total_swap_pages, total_swap_pages - p->pages);
	trace_swapoff_writeok_cleared(p);
	spin_unlock(&p->lock);
	spin_unlock(&swap_lock);

	wait_for_allocation(p);

	err = try_to_unuse(p);
	if (err) {
		trace_swapoff_reinserted(p, -err);
		/* deliberately broken: the device stays half off, for ever */
		if (!mutant(NOT_REENABLED))
			enable_swap_info(p);
		return err;
	}

	/*
	 * The reclaim worker has no reference, and looks slots up between its locks: it must be
	 * through while there is one. WRITEOK is clear, so it is not queued again.
	 */
	if (!mutant(UPSTREAM_WORKER_LATE))
		flush_work(&p->reclaim_work);

	/*
	 * Whoever has a reference goes on using the device until it puts it; whoever is in an
	 * RCU or spinlock section may still get one.
	 */
	percpu_ref_kill(&p->users);
	synchronize_rcu();
	wait_for_completion(&p->comp);

	/* They hold no reference. WRITEOK is clear: freed clusters bypass discard. */
	flush_work(&p->discard_work);
	flush_work(&p->reclaim_work);
	flush_percpu_swap_cluster(p);
	swapoff_teardown(p);
	drain_mmlist(p);
	atomic_inc(&proc_poll_event);
	return 0;
}
