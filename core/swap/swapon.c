// SPDX-License-Identifier: GPL-2.0-only
/*
 * swapon (SPEC 14): a struct for the device, its clusters, and publication.
 */
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include "cluster.h"
#include "trace.h"

static void swap_info_init_once(struct swap_info_struct *p)
{
	spin_lock_init(&p->lock);
	lockdep_set_class(&p->lock, lock_class_swap_info);
	spin_lock_init(&p->global_cluster_lock);
	lockdep_set_class(&p->global_cluster_lock, lock_class_global_cluster);
	/* never again: a walk may hold a node of a former life as its next */
	plist_node_init(&p->list, 0);
	plist_node_init(&p->avail_list, 0);
	init_completion(&p->comp);
	INIT_WORK(&p->discard_work, swap_discard_work);
	INIT_WORK(&p->reclaim_work, swap_reclaim_work);
}

/*
 * Takes the first type that is not in use. A struct once published is never freed, since a
 * stale hint or entry may lead to it; it is reused, not zeroed. Locks are initialised once in
 * its lifetime: a task may hold them.
 */
static int alloc_swap_info(struct block_device *bdev, struct swap_info_struct **res)
{
	struct swap_info_struct *p, *defer;
	unsigned int type;
	int err = 0;

	p = kvzalloc(sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	percpu_ref_init(&p->users, swap_users_ref_free);
	swap_info_init_once(p);
	defer = p;

	spin_lock(&swap_lock);
	for (type = 0; type < nr_swapfiles; type++)
		if ((READ_ONCE(swap_info[type]->flags) & SWP_USED) && swap_info[type]->bdev == bdev)
			err = -EBUSY;
	for (type = 0; type < nr_swapfiles; type++)
		if (!(READ_ONCE(swap_info[type]->flags) & SWP_USED))
			break;
	if (!err && type >= MAX_SWAPFILES)
		err = -EPERM;
	if (err) {
		spin_unlock(&swap_lock);
		goto out_free;
	}
	if (type >= nr_swapfiles) {
		p->type = type;
		/* Order: publishes the struct; pairs with swap_type_to_info(). Relaxed is deliberately broken */
		if (mutant(PUBLISH_RELAXED))
			WRITE_ONCE(swap_info[type], p);
		else
			smp_store_release(&swap_info[type], p);
		nr_swapfiles++;
		defer = NULL;
	} else {
		p = swap_info[type];
	}
	p->bdev = bdev;
	WRITE_ONCE(p->flags, (unsigned long)SWP_USED);
	atomic_long_set(&p->inuse_pages, SWAP_USAGE_OFFLIST_BIT);
	spin_unlock(&swap_lock);
	/* a former life of the struct completed it */
	reinit_completion(&p->comp);
	*res = p;
out_free:
	if (defer) {
		percpu_ref_exit(&defer->users);
		kvfree(defer);
	}
	return err;
}

/* Marks one slot as not usable. Only before publication: no lock. */
static int swap_cluster_setup_bad_slot(struct swap_cluster_info *cluster_info,
				       unsigned long offset)
{
	struct swap_cluster_info *ci = cluster_info + offset / SWAPFILE_CLUSTER;
	unsigned int ci_off = offset % SWAPFILE_CLUSTER;
	struct swap_cluster_tables t;

	if (!ci->table) {
		if (swap_cluster_tables_alloc(&t, GFP_KERNEL | __GFP_NOMEMALLOC, true))
			return -ENOMEM;
		/* no event and no lock: it is not published yet */
		ci->memcg_table = t.memcg;
		rcu_assign_pointer(ci->table, t.table->entries);
	}
	/* listed twice in the header */
	if (swp_tb_is_bad(atomic_long_read(&ci->table[ci_off])))
		return -EINVAL;
	atomic_long_set(&ci->table[ci_off], SWP_TB_BAD);
	ci->count++;
	VM_BUG_ON(ci->count > SWAPFILE_CLUSTER);
	VM_BUG_ON(ci->flags);
	return 0;
}

static int setup_bad_slots(struct swap_info_struct *si, const struct bdev_swap_header *header,
			   struct swap_cluster_info *cluster_info, unsigned long maxpages)
{
	unsigned long offset;
	unsigned int i;
	int err;

	/* the header, the bad pages, and what lies beyond the end in the last cluster */
	err = swap_cluster_setup_bad_slot(cluster_info, 0);
	for (i = 0; !err && i < header->nr_badpages; i++) {
		if (header->badpages[i] >= maxpages)
			continue;
		err = swap_cluster_setup_bad_slot(cluster_info, header->badpages[i]);
	}
	for (offset = maxpages; !err && offset < round_up(maxpages, SWAPFILE_CLUSTER); offset++)
		err = swap_cluster_setup_bad_slot(cluster_info, offset);
	return err;
}

static void setup_cluster_lists(struct swap_info_struct *si,
				struct swap_cluster_info *cluster_info, unsigned long nr_clusters)
{
	struct swap_cluster_info *ci;
	unsigned long i;

	INIT_LIST_HEAD(&si->free_clusters);
	INIT_LIST_HEAD(&si->full_clusters);
	INIT_LIST_HEAD(&si->discard_clusters);
	for (i = 0; i < SWAP_NR_ORDERS_MAX; i++) {
		INIT_LIST_HEAD(&si->nonfull_clusters[i]);
		INIT_LIST_HEAD(&si->frag_clusters[i]);
	}
	for (i = 0; i < nr_clusters; i++) {
		ci = &cluster_info[i];
		if (ci->count) {
			ci->flags = CLUSTER_FLAG_NONFULL;
			list_add_tail(&ci->list, &si->nonfull_clusters[0]);
		} else {
			ci->flags = CLUSTER_FLAG_FREE;
			list_add_tail(&ci->list, &si->free_clusters);
		}
	}
}

static int setup_clusters(struct swap_info_struct *si, const struct bdev_swap_header *header,
			  unsigned long maxpages)
{
	unsigned long nr_clusters = DIV_ROUND_UP(maxpages, SWAPFILE_CLUSTER), i;
	struct swap_cluster_info *cluster_info;
	int err = -ENOMEM;

	cluster_info = __kmalloc_tagged(nr_clusters * sizeof(*cluster_info),
					GFP_KERNEL | __GFP_ZERO, ALLOC_SWAPON,
					ALLOC_TYPE_CLUSTER_INFO);
	if (!cluster_info)
		return err;
	for (i = 0; i < nr_clusters; i++) {
		spin_lock_init(&cluster_info[i].lock);
		lockdep_set_class(&cluster_info[i].lock, lock_class_cluster);
	}
	/* used if it turns out to be a rotating device */
	si->global_cluster = kzalloc(sizeof(*si->global_cluster), GFP_KERNEL);
	if (!si->global_cluster)
		goto err;
	err = setup_bad_slots(si, header, cluster_info, maxpages);
	if (err)
		goto err;
	setup_cluster_lists(si, cluster_info, nr_clusters);
	si->cluster_info = cluster_info;
	return 0;
err:
	free_swap_cluster_info(cluster_info, maxpages);
	kfree(si->global_cluster);
	si->global_cluster = NULL;
	return err;
}

/* How many pages can be used, by the header. Return: 0, -EINVAL. */
static int setup_swap_pages(struct swap_info_struct *si, const struct bdev_swap_header *header)
{
	unsigned long maxpages = min(header->last_page + 1, (unsigned long)UINT_MAX);
	unsigned long nr_good;
	unsigned int i;

	/* the last page counts from 0, and 0 is the header; a file has no bad pages */
	if (!header->last_page || (header->nr_badpages && !bdev_is_blkdev(si->bdev)))
		return -EINVAL;
	/* the device is shorter than its header says */
	if (maxpages > bdev_nr_pages(si->bdev) && !mutant(HEADER_BEYOND))
		return -EINVAL;
	nr_good = maxpages - 1;
	for (i = 0; i < header->nr_badpages; i++) {
		if (!header->badpages[i] || header->badpages[i] > header->last_page)
			return -EINVAL;
		if (header->badpages[i] < maxpages) {
			if (!nr_good)
				return -EINVAL;
			nr_good--;
		}
	}
	if (!nr_good)
		return -EINVAL;
	si->max = maxpages;
	si->pages = nr_good;
	return 0;
}

static unsigned long setup_flags(struct block_device *bdev, int swap_flags)
{
	unsigned long flags = SWP_USED | SWP_ACTIVATED;

	if (!bdev_rot(bdev))
		flags |= SWP_SOLIDSTATE;
	if (bdev_synchronous(bdev))
		flags |= SWP_SYNCHRONOUS_IO;
	if (bdev_stable_writes(bdev))
		flags |= SWP_STABLE_WRITES;
	if (bdev_is_blkdev(bdev))
		flags |= SWP_BLKDEV;
	if ((swap_flags & SWAP_FLAG_DISCARD) && bdev_max_discard_sectors(bdev)) {
		flags |= SWP_DISCARDABLE | SWP_AREA_DISCARD | SWP_PAGE_DISCARD;
		/* only at swapon, or only per cluster */
		if (swap_flags & SWAP_FLAG_DISCARD_ONCE)
			flags &= ~SWP_PAGE_DISCARD;
		else if (swap_flags & SWAP_FLAG_DISCARD_PAGES)
			flags &= ~SWP_AREA_DISCARD;
	}
	return flags;
}

/**
 * enable_swap_info - allow allocation from a device (again)
 * @si: with references live
 *
 * Context: takes swap_lock, si->lock, swap_avail_lock.
 */
void enable_swap_info(struct swap_info_struct *si)
{
	spin_lock(&swap_lock);
	spin_lock(&si->lock);
	atomic_long_add(si->pages, &nr_swap_pages);
	WRITE_ONCE(total_swap_pages, total_swap_pages + si->pages);
	plist_add(&si->list, &swap_active_head);
	add_to_avail_list(si, true);
	spin_unlock(&si->lock);
	spin_unlock(&swap_lock);
}

/**
 * swapon - start swapping to a device
 * @bdev: has a swap header
 * @swap_flags: SWAP_FLAG_*; without SWAP_FLAG_PREFER the priority is -1
 * @type: set to the device's type
 *
 * Context: may sleep. SPEC 14.
 * Return: 0; -EPERM no free type; -EBUSY in use already; -EINVAL bad header; -ENOMEM.
 */
int swapon(struct block_device *bdev, int swap_flags, unsigned int *type)
{
	struct bdev_swap_header header;
	struct swap_info_struct *si;
	int err;

	might_sleep();
	err = alloc_swap_info(bdev, &si);
	if (err)
		return err;
	err = bdev_read_swap_header(bdev, &header);
	if (err)
		goto bad_swap;
	err = setup_swap_pages(si, &header);
	if (err)
		goto bad_swap;
	err = setup_clusters(si, &header, si->max);
	if (err)
		goto bad_swap;
	fetch_or_relaxed(&si->flags, setup_flags(bdev, swap_flags));
	if (!(READ_ONCE(si->flags) & SWP_SOLIDSTATE))
		atomic_inc(&nr_rotate_swap);
	if (READ_ONCE(si->flags) & SWP_AREA_DISCARD)
		swap_discard_slots(si, 1, si->max - 1);

	mutex_lock(&swapon_mutex);
	si->prio = swap_flags & SWAP_FLAG_PREFER ? swap_flags & SWAP_FLAG_PRIO_MASK : -1;
	si->list.prio = -si->prio;
	si->avail_list.prio = -si->prio;
	si->shown = true;
	/*
	 * Live before WRITEOK: get_swap_device() may succeed a little earlier than
	 * allocation. Order: releases the fields set above, pairs with tryget.
	 */
	percpu_ref_resurrect(&si->users);
	enable_swap_info(si);
	mutex_unlock(&swapon_mutex);
	atomic_inc(&proc_poll_event);
	*type = si->type;
	return 0;

bad_swap:
	spin_lock(&swap_lock);
	si->max = 0;
	si->pages = 0;
	si->bdev = NULL;
	WRITE_ONCE(si->flags, 0UL);
	spin_unlock(&swap_lock);
	return err;
}
