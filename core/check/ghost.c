// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ghost devices and tasks: found by address, created at swapon and at a task's first event.
 *
 * Built without instrumentation.
 */
#include <stdlib.h>
#include <machine/machine.h>
#include "ghost.h"

#ifdef CHECK_ON

#define GHOST_TASKS_MAX 4096

/* live[type]: the device's present life, published whole, NULL while it is off */
static struct ghost_device *live[MAX_SWAPFILES];
static struct ghost_device *devices;		/* every life, newest first */
static struct ghost_task *tasks[GHOST_TASKS_MAX];
static unsigned int nr_tasks;
static struct ghost_task no_task;		/* events outside of any task */
static size_t bytes_total;

size_t ghost_bytes(void)
{
	return RAW(bytes_total);
}

static void *ghost_alloc(size_t n, size_t size, size_t *bytes)
{
	void *p = calloc(n, size);

	if (!p)
		CHECK_FAIL("SETUP", "no memory for ghost state");
	*bytes += n * size;
	RAW_ADD(bytes_total, n * size);
	return p;
}

/* A new task. Its struct may be that of a task that is gone, whose ghost it inherits. */
static noinline struct ghost_task *ghost_task_new(struct task_struct *owner)
{
	unsigned int i, nr = RAW(nr_tasks);
	size_t bytes = 0;

	for (i = 0; i < nr; i++)
		if (ghost_task_at(i) && tasks[i]->owner == owner)
			goto out;
	i = RAW_ADD(nr_tasks, 1);
	if (i >= GHOST_TASKS_MAX)
		CHECK_FAIL("SETUP", "more than %u tasks in one run", GHOST_TASKS_MAX);
	if (!tasks[i])
		__atomic_store_n(&tasks[i], ghost_alloc(1, sizeof(*tasks[i]), &bytes),
				 __ATOMIC_RELEASE);
	tasks[i]->owner = owner;
out:
	owner->ghost = tasks[i];
	return tasks[i];
}

struct ghost_task *ghost_task(void)
{
	struct task_struct *owner = current;
	struct ghost_task *t;

	if (unlikely(!owner))
		return &no_task;
	t = owner->ghost;
	if (likely(t && t->owner == owner))
		return t;
	return ghost_task_new(owner);
}

struct ghost_task *ghost_task_at(unsigned int i)
{
	if (i == RAW(nr_tasks))
		return &no_task;
	return i < RAW(nr_tasks) ? __atomic_load_n(&tasks[i], __ATOMIC_ACQUIRE) : NULL;
}

struct ghost_device *ghost_device_at(unsigned int type)
{
	return __atomic_load_n(&live[type], __ATOMIC_ACQUIRE);
}

struct ghost_device *ghost_device(const struct swap_info_struct *si)
{
	struct ghost_device *dev;
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		if (dev && dev->si == si)
			return dev;
	}
	return NULL;
}

/* The device whose array the cluster lies in. Ranges are immutable: none is seen half-made. */
struct ghost_device *ghost_device_of(const struct swap_cluster_info *ci)
{
	struct ghost_device *dev;
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		if (dev && ci >= dev->begin && ci < dev->end)
			return dev;
	}
	return NULL;
}

/* What the words say before any task can use them. */
static void learn_bad_slots(struct ghost_device *dev)
{
	unsigned long nr, slots = (unsigned long)dev->nr_clusters * SWAPFILE_CLUSTER;
	const atomic_long_t *table;

	for (nr = 0; nr < slots; nr++) {
		table = RAW(dev->begin[nr / SWAPFILE_CLUSTER].table);
		if (table && swp_tb_is_bad(RAW(table[nr % SWAPFILE_CLUSTER].counter)))
			dev->bad[nr / BITS_PER_LONG] |= BIT(nr % BITS_PER_LONG);
	}
}

/* swapon set the lists up before publication, without events. */
static void learn_list(struct ghost_device *dev, const struct list_head *head, unsigned int flags,
		       unsigned int order)
{
	const struct list_head *node;
	unsigned int nr = 0;

	for (node = head->next; node != head && nr <= dev->nr_clusters; node = node->next, nr++) {
		const struct swap_cluster_info *ci =
			list_entry(node, struct swap_cluster_info, list);

		if (ci < dev->begin || ci >= dev->end) {
			CHECK_FAIL("INV-L1", OBJ_DEVICE ": a list has a node of another device",
				   dev->si->type);
			return;
		}
		if (SWAP_POLICY && node != head->next &&
		    ci < list_entry(node->prev, struct swap_cluster_info, list))
			CHECK_FAIL("PROG-12", OBJ_DEVICE ": swapon lists cluster %u before cluster %u", dev->si->type,
				   ghost_index(dev, list_entry(node->prev, struct swap_cluster_info, list)),
				   ghost_index(dev, ci));
		ghost_cluster(dev, ci)->list = flags;
		ghost_cluster(dev, ci)->list_order = order;
	}
}

/* RESULT: the slots of two devices would be the same places of one file. */
static void check_file_once(const struct swap_info_struct *si)
{
	const struct block_device *bdev = swap_bdev(si);
	const struct ghost_device *dev;
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		if (dev && bdev && swap_bdev(dev->si) == bdev)
			CHECK_FAIL("RESULT", "swapon of a file as " OBJ_DEVICE ", which is on as "
				   OBJ_DEVICE " already", si->type, type);
	}
}

/*
 * No task can change a list yet: WRITEOK is clear and no hint names the device. In
 * swapon_published, at the latest, swap_lock and si->lock are held.
 */
static void device_on(const struct swap_info_struct *si)
{
	struct ghost_device *dev;
	size_t bytes = 0, slots;
	unsigned int order;

	if (ghost_device(si) || !si->cluster_info || !si->max)
		return;
	check_file_once(si);
	dev = ghost_alloc(1, sizeof(*dev), &bytes);
	dev->si = si;
	dev->max = si->max;
	dev->nr_clusters = DIV_ROUND_UP(si->max, SWAPFILE_CLUSTER);
	dev->begin = si->cluster_info;
	dev->end = dev->begin + dev->nr_clusters;
	slots = (size_t)dev->nr_clusters * SWAPFILE_CLUSTER;
	bytes = 0;
	dev->clusters = ghost_alloc(dev->nr_clusters, sizeof(*dev->clusters), &bytes);
	dev->bad = ghost_alloc(BITS_TO_LONGS(slots), sizeof(long), &bytes);
	dev->hib = ghost_alloc(BITS_TO_LONGS(slots), sizeof(long), &bytes);
	dev->last_slots = ghost_alloc(slots, sizeof(*dev->last_slots), &bytes);
	dev->bytes = bytes;
	learn_bad_slots(dev);
	learn_list(dev, &si->free_clusters, CLUSTER_FLAG_FREE, 0);
	learn_list(dev, &si->full_clusters, CLUSTER_FLAG_FULL, 0);
	learn_list(dev, &si->discard_clusters, CLUSTER_FLAG_DISCARD, 0);
	for (order = 0; order < SWAP_NR_ORDERS_MAX; order++) {
		learn_list(dev, &si->nonfull_clusters[order], CLUSTER_FLAG_NONFULL, order);
		learn_list(dev, &si->frag_clusters[order], CLUSTER_FLAG_FRAG, order);
	}

	if (RAW(si->flags) & SWP_AREA_DISCARD)
		check_discarded(dev, 1, si->max);

	/* swapon of several devices may get here at once */
	dev->older = RAW(devices);
	while (!__atomic_compare_exchange_n(&devices, &dev->older, dev, false, __ATOMIC_RELEASE,
					    __ATOMIC_RELAXED))
		;
	__atomic_store_n(&live[si->type], dev, __ATOMIC_RELEASE);
}

static void device_free_arrays(struct ghost_device *dev)
{
	free(dev->clusters);
	free(dev->bad);
	free(dev->hib);
	free(dev->last_slots);
	RAW_ADD(bytes_total, -dev->bytes);
	dev->clusters = NULL;
	dev->bad = dev->hib = NULL;
	dev->last_slots = NULL;
}

/*
 * The last reference is gone and the work items are flushed: only swapoff is left. The
 * record stays, since a task may just be comparing its range.
 */
static void device_off(struct ghost_device *dev)
{
	claims_check_returned(dev);
	check_avail_gone(dev->si);
	if (dev->usage)
		BALANCE_FAIL(BALANCE_USAGE, dev->si->type, 0, "INV-G3",
			     OBJ_DEVICE " goes with %ld slots in use; usage: %s", dev->si->type,
			     dev->usage, last_text(&dev->last_usage));
	__atomic_store_n(&live[dev->si->type], NULL, __ATOMIC_RELEASE);
	device_free_arrays(dev);
}

static void hib_event(struct ghost_device *dev, unsigned long offset, bool alloc)
{
	unsigned long bit = BIT(offset % BITS_PER_LONG), old;
	unsigned long *word = &dev->hib[offset / BITS_PER_LONG];

	if (offset >= dev->max) {
		CHECK_FAIL("PROG-6", OBJ_DEVICE ": hibernation slot %lu is beyond the end",
			   dev->si->type, offset);
		return;
	}
	if (alloc)
		old = __atomic_fetch_or(word, bit, __ATOMIC_RELAXED) & bit;
	else
		old = ~__atomic_fetch_and(word, ~bit, __ATOMIC_RELAXED) & bit;
	if (old)
		CHECK_FAIL("INV-G6", OBJ_DEVICE ": hibernation slot %lu was %s", dev->si->type, offset,
			   alloc ? "handed out twice" : "freed, but has no owner");
	RAW_ADD(dev->nr_hib, alloc ? 1 : -1);
}

/*
 * INV-W1. Read flags first: they are clear and `waited` is set only between the end of
 * wait_for_allocation, which cannot end while this ci->lock is held, and a reinsertion, which
 * resets `waited` before it sets WRITEOK.
 */
static void taken_event(struct ghost_device *dev, unsigned long offset)
{
	unsigned long flags = __atomic_load_n(&dev->si->flags, __ATOMIC_ACQUIRE);

	if (!(flags & SWP_WRITEOK) && RAW(dev->waited))
		CHECK_FAIL("INV-W1", OBJ_SLOT " is taken after swapoff has waited for "
			   "allocation", dev->si->type, offset);
}

/* INV-W2. Under ci->lock; the ghost of the device is gone already. */
static void torn_down(const struct swap_cluster_info *ci)
{
	if (ci->flags == CLUSTER_FLAG_DISCARD)
		CHECK_FAIL("INV-W2", "a cluster is freed while it waits for its discard");
}

void ghost_device_leaves(const struct swap_info_struct *si)
{
	struct ghost_device *dev = ghost_device(si);

	if (dev && current)
		__atomic_store_n(&dev->leaver, current->id + 1, __ATOMIC_RELAXED);
}

void ghost_device_event(struct ghost_task *t, const struct trace_record *rec)
{
	struct ghost_device *dev = rec->si ? ghost_device(rec->si) : NULL;

	if (rec->id == TRACE_swap_image_freed &&
	    rec->swap_image_freed.slots != rec->swap_image_freed.freed)
		CHECK_FAIL("INV-G6", "an image of %lu slots is gone, %lu slots were freed",
			   rec->swap_image_freed.slots, rec->swap_image_freed.freed);
	if (rec->id == TRACE_swapoff_cluster_freed)
		torn_down(rec->ci);
	if (!dev && rec->id != TRACE_swapon_resurrected && rec->id != TRACE_swapon_published)
		return;
	switch (rec->id) {
	case TRACE_swapon_resurrected:
	case TRACE_swapon_published:
		device_on(rec->si);
		break;
	case TRACE_swapoff_writeok_cleared:
		ghost_device_leaves(rec->si);
		break;
	case TRACE_swapoff_waited:
		__atomic_store_n(&dev->waited, true, __ATOMIC_RELAXED);
		break;
	case TRACE_swapoff_reinserted:
		__atomic_store_n(&dev->leaver, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&dev->waited, false, __ATOMIC_RELAXED);
		break;
	case TRACE_swapoff_flushed:
		device_off(dev);
		break;
	case TRACE_swap_range_alloc:
		RAW_ADD(dev->usage, rec->swap_range_alloc.nr);
		break;
	case TRACE_swap_range_free:
		RAW_ADD(dev->usage, -rec->swap_range_free.nr);
		break;
	case TRACE_swap_alloc_taken:
		taken_event(dev, rec->swap_alloc_taken.slot);
		break;
	case TRACE_swap_hib_alloc:
		hib_event(dev, swp_offset(rec->swap_hib_alloc.entry), true);
		break;
	case TRACE_swap_hib_free:
		hib_event(dev, swp_offset(rec->swap_hib_free.entry), false);
		break;
	default:
		break;
	}
}

void ghost_reset(void)
{
	struct ghost_device *dev;
	struct ghost_task *t;
	unsigned int i;

	for (i = 0; i < MAX_SWAPFILES; i++)
		live[i] = NULL;
	while ((dev = devices)) {
		devices = dev->older;
		if (dev->clusters)
			device_free_arrays(dev);
		RAW_ADD(bytes_total, -sizeof(*dev));
		free(dev);
	}
	/* kept: a task_struct may still point to its ghost */
	for (i = 0; (t = ghost_task_at(i)); i++)
		__builtin_memset(t, 0, sizeof(*t));
	nr_tasks = 0;
	balance_fails(BALANCE_NONE, 0, 0);
	last_of_pages = (struct last_change){ 0 };
}

#endif /* CHECK_ON */
