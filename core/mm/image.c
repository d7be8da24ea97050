// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hibernation images: the slots of one device that an image writer holds (kernel/power/swap.c),
 * as extents. The kernel has one image at a time; here each task may have its own, and the first
 * on a device pins it for all.
 */
#include <kernel/mutant.h>
#include <kernel/mutex.h>
#include <kernel/slab.h>
#include "mm.h"

/* [start, end], both inclusive */
struct swap_map_extent {
	struct list_head list;
	unsigned long start, end;
};

struct swap_image {
	struct block_device *bdev;
	int type;
	struct image_room room;
	unsigned long nr_slots;
	struct list_head extents;	/* sorted */
};

static struct mutex system_transition_mutex;
static struct {
	dev_t bd_dev;
	unsigned int nr;
} pins[MAX_SWAPFILES];			/* system_transition_mutex; by type */
static unsigned int nr_begun;		/* images of which the device was looked for; system_transition_mutex */

void images_init(void)
{
	mutex_init(&system_transition_mutex);
	lockdep_set_class(&system_transition_mutex, lock_class_system_transition_mutex);
	__builtin_memset(pins, 0, sizeof(pins));
	nr_begun = 0;
}

/* Return: the device's type; negative: it is not on. */
static int image_pin(struct block_device *bdev)
{
	int type;

	mutex_lock(&system_transition_mutex);
	for (type = 0; type < MAX_SWAPFILES; type++)
		if (pins[type].nr && pins[type].bd_dev == bdev->bd_dev)
			goto out;
	/* "resume_offset": the block of the first page; of every second image one first where no area begins */
	if (nr_begun++ % 2 && pin_hibernation_swap_type(bdev->bd_dev, bdev_block(bdev, 0) + 1) >= 0)
		harness_fail("RESULT", CODE_SITE, "a device is pinned for an image at a block where none begins");
	type = pin_hibernation_swap_type(bdev->bd_dev, bdev_block(bdev, 0));
	if (type >= 0)
		pins[type].bd_dev = bdev->bd_dev;
out:
	if (type >= 0)
		pins[type].nr++;
	mutex_unlock(&system_transition_mutex);
	return type;
}

static void image_unpin(int type)
{
	mutex_lock(&system_transition_mutex);
	if (!--pins[type].nr)
		unpin_hibernation_swap_type(type);
	mutex_unlock(&system_transition_mutex);
}

/* As its writer asks before it begins. */
static void ask_room(struct swap_image *image)
{
	image->room.free = count_swap_pages(image->type, 1);
	image->room.pages = count_swap_pages(image->type, 0);
	if (image->room.free > image->room.pages)
		harness_fail("RESULT", CODE_SITE, OBJ_DEVICE ": count_swap_pages() says %u of %u pages are free",
			     image->type, image->room.free, image->room.pages);
}

/* The image's page is written there, past the swap code. */
static void check_block(const struct swap_image *image, unsigned long offset)
{
	sector_t block = swapdev_block(image->type, offset), right = bdev_block(image->bdev, offset);

	if (block != right)
		harness_fail("IO-BLOCK", CODE_SITE, OBJ_SLOT ": swapdev_block() says block %llu, it is at %llu",
			     image->type, offset, (unsigned long long)block, (unsigned long long)right);
}

/**
 * swap_image_create - an image without slots, on a device
 * @bdev: the device, which it pins: swapoff fails with -EBUSY
 *
 * Context: may sleep. Return: the image; NULL: the device is not on, or no memory.
 */
struct swap_image *swap_image_create(struct block_device *bdev)
{
	struct swap_image *image = kzalloc(sizeof(*image), GFP_KERNEL);

	if (!image)
		return NULL;
	INIT_LIST_HEAD(&image->extents);
	image->bdev = bdev;
	image->type = image_pin(bdev);
	if (image->type < 0) {
		kfree(image);
		return NULL;
	}
	ask_room(image);
	return image;
}

unsigned long swap_image_nr_slots(const struct swap_image *image)
{
	return image->nr_slots;
}

int swap_image_type(const struct swap_image *image)
{
	return image->type;
}

struct image_room swap_image_room(const struct swap_image *image)
{
	return image->room;
}

static void image_insert(struct swap_image *image, unsigned long offset,
			 struct swap_map_extent *new)
{
	struct swap_map_extent *ext, *next;

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
	struct swap_map_extent *new = kzalloc(sizeof(*new), GFP_KERNEL);

	if (!new)
		return -ENOMEM;
	*entry = swap_alloc_hibernation_slot(image->type);
	if (!entry->val) {
		kfree(new);
		return -ENOSPC;
	}
	trace_swap_hib_alloc(*entry);
	check_block(image, swp_offset(*entry));
	image_insert(image, swp_offset(*entry), new);
	image->nr_slots++;
	return 0;
}

/* Frees every slot of the image, and the image. Context: may sleep. */
void swap_image_free(struct swap_image *image)
{
	struct swap_map_extent *ext, *next;
	unsigned long offset, end, nr_freed = 0;
	swp_entry_t entry;

	list_for_each_entry_safe(ext, next, &image->extents, list) {
		end = ext->end;
		/* deliberately broken: an inclusive extent taken for an exclusive one */
		if (mutant(HIB_EXTENT_END))
			end--;
		for (offset = ext->start; offset <= end; offset++, nr_freed++) {
			entry = swp_entry(image->type, offset);
			trace_swap_hib_free(entry);
			swap_free_hibernation_slot(entry);
		}
		list_del(&ext->list);
		kfree(ext);
	}
	trace_swap_image_freed(image->nr_slots, nr_freed);
	image_unpin(image->type);
	kfree(image);
}
