// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices: the global lists, usage counters, and references (SPEC 10, 16).
 */
#include <kernel/mutex.h>
#include <kernel/slab.h>
#include "cluster.h"

DEFINE_SPINLOCK(swap_lock);
DEFINE_SPINLOCK(swap_avail_lock);
DEFINE_MUTEX(swapon_mutex);
PLIST_HEAD(swap_active_head);
PLIST_HEAD(swap_avail_head);
struct swap_info_struct *swap_info[MAX_SWAPFILES];
unsigned int nr_swapfiles;
atomic_long_t nr_swap_pages;
long total_swap_pages;
atomic_t nr_rotate_swap;
atomic_t proc_poll_event;

int swapfile_init(void)
{
	plist_head_init(&swap_active_head);
	plist_head_init(&swap_avail_head);
	atomic_long_set(&nr_swap_pages, 0);
	WRITE_ONCE(total_swap_pages, 0);
	atomic_set(&nr_rotate_swap, 0);
	atomic_set(&proc_poll_event, 0);
	/* a world of its own: the structs of the one before are gone */
	while (nr_swapfiles)
		swap_info[--nr_swapfiles] = NULL;
	percpu_init();
	return swap_table_init();
}

void swapfile_exit(void)
{
	unsigned int type;

	for (type = 0; type < nr_swapfiles; type++) {
		WARN_ON(swap_info[type]->flags);
		percpu_ref_exit(&swap_info[type]->users);
		kvfree(swap_info[type]);
		swap_info[type] = NULL;
	}
	nr_swapfiles = 0;
	swap_table_exit();
}

/**
 * get_swap_device_info - pin a device that is known by its struct
 * @si: published once; may be off
 *
 * Context: any. Return: false once swapoff killed the reference (or before swapon).
 * Order: acquire; pairs with the resurrection at swapon: the device's fields are visible.
 */
bool get_swap_device_info(struct swap_info_struct *si)
{
	return percpu_ref_tryget_live(&si->users);
}

/**
 * get_swap_device - pin the device of an entry
 * @entry: any value; may be stale
 *
 * Says nothing about WRITEOK, nor that the slot is in use: whoever got the entry from a PTE
 * re-checks it under the PTL.
 * Context: any. Return: the device, or NULL.
 */
struct swap_info_struct *get_swap_device(swp_entry_t entry)
{
	struct swap_info_struct *si;

	if (!entry.val)
		return NULL;
	si = swap_type_to_info(swp_type(entry));
	if (!si)
		return NULL;
	if (!get_swap_device_info(si)) {
		trace_swap_device_get_failed(entry);
		return NULL;
	}
	/* max was set before the resurrection that tryget acquired */
	if (swp_offset(entry) >= si->max) {
		put_swap_device(si);
		return NULL;
	}
	return si;
}

/* Order: release; the last put after a kill acquires and completes swapoff's wait. */
void put_swap_device(struct swap_info_struct *si)
{
	percpu_ref_put(&si->users);
}

void swap_users_ref_free(struct percpu_ref *ref)
{
	struct swap_info_struct *si = container_of(ref, struct swap_info_struct, users);

	complete(&si->comp);
}

/**
 * del_from_avail_list - the device is full, or going away
 * @si: the device
 * @swapoff: unconditionally, and WRITEOK is cleared
 *
 * Context: takes swap_avail_lock; for swapoff si->lock (and swap_lock) held. SPEC 10.
 */
void del_from_avail_list(struct swap_info_struct *si, bool swapoff)
{
	long pages;

	spin_lock(&swap_avail_lock);
	if (swapoff) {
		lockdep_assert_held(&si->lock);
		fetch_andnot_relaxed(&si->flags, (unsigned long)SWP_WRITEOK);
		atomic_long_fetch_or_relaxed(SWAP_USAGE_OFFLIST_BIT, &si->inuse_pages);
	} else {
		/* A task may have freed a slot since: then it stays listed. */
		pages = si->pages;
		if (!atomic_long_try_cmpxchg(&si->inuse_pages, &pages,
					     pages | SWAP_USAGE_OFFLIST_BIT) &&
		    !mutant(FULL_BLIND))
			goto skip;
	}
	plist_del(&si->avail_list, &swap_avail_head);
	trace_swap_avail_del(si, swapoff);
skip:
	spin_unlock(&swap_avail_lock);
}

/**
 * add_to_avail_list - the device has free slots again, or is new
 * @si: the device
 * @swapon: WRITEOK is set first
 *
 * Context: takes swap_avail_lock; for swapon si->lock (and swap_lock) held. SPEC 10.
 */
void add_to_avail_list(struct swap_info_struct *si, bool swapon)
{
	long val;

	spin_lock(&swap_avail_lock);
	if (swapon) {
		lockdep_assert_held(&si->lock);
		fetch_or_relaxed(&si->flags, (unsigned long)SWP_WRITEOK);
	} else if (!(READ_ONCE(si->flags) & SWP_WRITEOK)) {
		goto skip;
	}
	if (!(atomic_long_read(&si->inuse_pages) & SWAP_USAGE_OFFLIST_BIT))
		goto skip;

	val = atomic_long_fetch_andnot_relaxed(SWAP_USAGE_OFFLIST_BIT, &si->inuse_pages);
	/*
	 * Full after all: the bit goes back, unless a slot is freed right now. Whoever fills
	 * it later sees the bit clear and takes the device off.
	 */
	if (!mutant(UPSTREAM_FULL_LISTED))
		val &= SWAP_USAGE_COUNTER_MASK;
	if (val == si->pages &&
	    atomic_long_try_cmpxchg(&si->inuse_pages, &val, val | SWAP_USAGE_OFFLIST_BIT))
		goto skip;
	plist_add(&si->avail_list, &swap_avail_head);
	trace_swap_avail_add(si, swapon);
skip:
	spin_unlock(&swap_avail_lock);
}

/* True if the device just became exactly full. */
static bool swap_usage_add(struct swap_info_struct *si, unsigned int nr)
{
	long val = atomic_long_add_return_relaxed(nr, &si->inuse_pages);

	/* equal only while the OFFLIST bit is clear */
	if (unlikely(val == si->pages)) {
		del_from_avail_list(si, false);
		return true;
	}
	return false;
}

/*
 * Order: release: what was cleaned up of the slots before is visible to try_to_unuse(), whose
 * last read of inuse_pages acquires (the kernel's write barrier in swap_range_free).
 */
static void swap_usage_sub(struct swap_info_struct *si, unsigned int nr)
{
	long val = atomic_long_sub_return_release(nr, &si->inuse_pages);

	if (unlikely(val & SWAP_USAGE_OFFLIST_BIT))
		add_to_avail_list(si, false);
}

/* Slots were taken. ci->lock held. SPEC 10. */
void swap_range_alloc(struct swap_info_struct *si, unsigned int nr)
{
	if (swap_usage_add(si, nr) && vm_swap_full())
		schedule_work(&si->reclaim_work);
	if (!mutant(LATE_DEC))
		atomic_long_sub(nr, &nr_swap_pages);
}

/* Slots were freed: their words are NULL. ci->lock held. SPEC 9.2. */
void swap_range_free(struct swap_info_struct *si, unsigned long offset, unsigned int nr)
{
	atomic_long_add(nr, &nr_swap_pages);
	swap_usage_sub(si, nr);
}
