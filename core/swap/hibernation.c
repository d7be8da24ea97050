// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hibernation: slots without folios, and the image that remembers them (spec 13).
 */
#include <kernel/slab.h>
#include "cluster.h"

/**
 * swap_alloc_hibernation_slot - one slot of a device, count 1, no folio
 * @type: the device's type
 *
 * Context: may sleep (the table allocation does).
 * Return: the entry; .val 0 if there is none.
 */
swp_entry_t swap_alloc_hibernation_slot(int type) __no_context_analysis
{
	struct swap_info_struct *si = swap_type_to_info(type);
	unsigned long pcp_offset, offset = SWAP_ENTRY_INVALID;
	struct swap_info_struct *pcp_si;
	struct swap_cluster_info *ci;
	swp_entry_t entry = { 0 };

	if (!si || !get_swap_device_info(si))
		return entry;
	if (!(READ_ONCE(si->flags) & SWP_WRITEOK))
		goto out;

	/* The local lock: table allocation expects it, and drops it when it sleeps. */
	local_lock(&percpu_swap_cluster.lock);
	pcp_si = this_cpu_read(percpu_swap_cluster.si[0]);
	pcp_offset = this_cpu_read(percpu_swap_cluster.offset[0]);
	if (pcp_si == si && pcp_offset) {
		ci = swap_cluster_lock(si, pcp_offset);
		if (cluster_is_usable(ci, 0))
			offset = alloc_swap_scan_cluster(si, ci, NULL, pcp_offset);
		else
			swap_cluster_unlock(ci);
	}
	if (!offset)
		offset = cluster_alloc_swap_entry(si, NULL);
	local_unlock(&percpu_swap_cluster.lock);

	if (offset) {
		entry = swp_entry(si->type, offset);
		/* deliberately broken: swap_range_alloc() did that */
		if (mutant(HIB_DOUBLE_DEC) || mutant(LATE_DEC))
			atomic_long_dec(&nr_swap_pages);
		trace_swap_hib_alloc(si, NULL, offset, 0);
	}
out:
	put_swap_device(si);
	return entry;
}

/**
 * swap_free_hibernation_slot - give a hibernation slot back
 * @entry: from swap_alloc_hibernation_slot()
 *
 * Readahead may have cached it, since it looks swapped out. Then the count goes and the slot
 * is freed with the folio, here if its lock is free. (Upstream frees the slot in any case,
 * which leaves a folio flagged as cached whose words are gone.)
 * Context: ci->lock not held.
 */
void swap_free_hibernation_slot(swp_entry_t entry)
{
	unsigned long offset = swp_offset(entry);
	unsigned int ci_off = swp_cluster_offset(entry);
	struct swap_info_struct *si;
	struct swap_cluster_info *ci;
	bool cached;

	si = get_swap_device(entry);
	if (WARN_ON(!si))
		return;
	ci = swap_cluster_lock(si, offset);
	cluster_locked(ci);
	/* deliberately broken: the helper takes the lock that is held */
	if (mutant(HIB_WARN_RELOCK))
		WARN_ON(!swp_swapcount(entry));
	cached = swp_tb_is_folio(__swap_table_get(ci, ci_off));
	trace_swap_hib_free(si, ci, offset, cached);
	__swap_cluster_put_entry(si, ci, ci_off);
	if (!cached || mutant(UPSTREAM_HIB_FREE_CACHED))
		__swap_cluster_free_entries(si, ci, ci_off, 1);
	swap_cluster_unlock(ci);

	__try_to_reclaim_swap(si, offset, TTRS_ANYWAY);
	put_swap_device(si);
}

/* [start, end], both inclusive */
struct swap_extent {
	struct list_head list;
	unsigned long start, end;
};

/* The slots of one hibernation image on one device: extents, sorted. One user at a time. */
struct swap_image {
	unsigned int type;
	unsigned long nr_slots;
	struct list_head extents;
};

struct swap_image *swap_image_create(unsigned int type)
{
	struct swap_image *image = kzalloc(sizeof(*image), GFP_KERNEL);

	if (!image)
		return NULL;
	image->type = type;
	INIT_LIST_HEAD(&image->extents);
	return image;
}

unsigned long swap_image_nr_slots(const struct swap_image *image)
{
	return image->nr_slots;
}

static void swap_image_insert(struct swap_image *image, unsigned long offset,
			      struct swap_extent *new)
{
	struct swap_extent *ext, *next;

	list_for_each_entry(ext, &image->extents, list) {
		/* handed out twice */
		VM_BUG_ON(offset >= ext->start && offset <= ext->end);
		if (offset + 1 == ext->start) {
			ext->start = offset;
			goto merged;
		}
		if (offset < ext->start)
			break;
		if (offset == ext->end + 1) {
			ext->end = offset;
			if (list_entry_is_head(next = list_next_entry(ext, list),
					       &image->extents, list))
				goto merged;
			VM_BUG_ON(next->start == offset);
			if (next->start == offset + 1) {
				ext->end = next->end;
				list_del(&next->list);
				kfree(next);
			}
			goto merged;
		}
	}
	new->start = new->end = offset;
	list_add_tail(&new->list, &ext->list);
	return;
merged:
	kfree(new);
}

/**
 * swap_image_add_slot - allocate a slot for an image
 * @image: the image
 * @entry: set to the slot
 *
 * Context: may sleep. Return: 0; -ENOSPC: no slot; -ENOMEM.
 */
int swap_image_add_slot(struct swap_image *image, swp_entry_t *entry)
{
	struct swap_extent *new = kzalloc(sizeof(*new), GFP_KERNEL);

	if (!new)
		return -ENOMEM;
	*entry = swap_alloc_hibernation_slot(image->type);
	if (!entry->val) {
		kfree(new);
		return -ENOSPC;
	}
	swap_image_insert(image, swp_offset(*entry), new);
	image->nr_slots++;
	return 0;
}

/* Frees every slot of the image, and the image. */
void swap_image_free(struct swap_image *image)
{
	struct swap_extent *ext, *next;
	unsigned long offset, end, nr_freed = 0;

	list_for_each_entry_safe(ext, next, &image->extents, list) {
		end = ext->end;
		/* deliberately broken: an inclusive extent taken for an exclusive one */
		if (mutant(HIB_EXTENT_END))
			end--;
		for (offset = ext->start; offset <= end; offset++, nr_freed++)
			swap_free_hibernation_slot(swp_entry(image->type, offset));
		list_del(&ext->list);
		kfree(ext);
	}
	trace_swap_image_freed(NULL, NULL, image->nr_slots, nr_freed);
	kfree(image);
}
