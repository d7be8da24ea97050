// SPDX-License-Identifier: GPL-2.0-only
/* Operations on devices, slots and images. Built without instrumentation, see world.c. */
#include <check/check.h>
#include <kernel/sched.h>
#include <kernel/world.h>
#include <mm/mm.h>
#include "ops.h"

static int device_type(unsigned int index)
{
	return index < world.spec->nr_devices ? world.devices[index].type : -1;
}

/* As get_swap_device() looks at it. */
static bool slot_exists(unsigned int type, unsigned long offset)
{
	return swp_entry(type, offset).val && check_slot(type, offset).exists;
}

/*
 * Of a device that has no type yet: as a task that finds the type of the next device in a damaged PTE, while
 * that device is published. With memory that is not weak there is nothing to be seen.
 */
static int lookup_damaged(const struct op *op)
{
	struct swap_info_struct *si;
	unsigned int i, type = 0;

	for (i = 0; i < world.spec->nr_devices; i++)
		type = max(type, (unsigned int)(device_type(i) + 1));
	si = type < MAX_SWAPFILES ? get_swap_device(swp_entry(type, op->args[1])) : NULL;
	if (!si)
		return -ENODEV;
	put_swap_device(si);
	return 0;
}

/* Of a type that no device can have: as a task that finds it in a PTE whose bits have flipped. */
static void lookup_corrupt(const struct op *op)
{
	unsigned int type = MAX_SWAPFILES + machine_random((1U << (BITS_PER_LONG - SWP_TYPE_SHIFT)) - MAX_SWAPFILES);

	if (get_swap_device(swp_entry(type, op->args[1])))
		harness_fail("RESULT", CODE_SITE, "get_swap_device() finds a device of type %u", type);
}

/*
 * A late reader: neither the folio nor the slot is known to be in use. What comes back is
 * locked and compared with the entry, as every lookup's result must be.
 */
int op_lookup(unsigned int task, const struct op *op)
{
	int type = device_type(op->args[0]), want;
	struct swap_info_struct *si;
	struct check_alone alone;
	unsigned int i;

	if (!machine_random(16))
		lookup_corrupt(op);
	if (type < 0)
		return machine_is_weak() ? lookup_damaged(op) : -ENODEV;
	check_alone_begin(&alone);
	want = slot_exists(type, op->args[1]) ? 0 : -ENODEV;
	si = get_swap_device(swp_entry(type, op->args[1]));
	check_alone_end(&alone, "lookup", si ? 0 : -ENODEV, want);
	if (!si)
		return -ENODEV;
	/* not held: each lookup must do with its own */
	put_swap_device(si);
	for (i = 0; i < op->nr; i++)
		swap_lookup(swp_entry(type, op->args[1] + i));
	return 0;
}

/* As a fork does that had to allocate the table and comes back late: the slot may have changed in any way since. */
int op_extend(unsigned int task, const struct op *op)
{
	int type = device_type(op->args[0]), err = 0;
	struct check_alone alone;
	unsigned int i;

	if (type < 0)
		return -ENODEV;
	check_alone_begin(&alone);
	for (i = 0; i < op->nr && !err; i++)
		err = swap_retry_table_alloc(swp_entry(type, op->args[1] + i),
					     GFP_KERNEL | __GFP_NOMEMALLOC);
	check_alone_end(&alone, "extend", err, 0);
	return err;
}

/* How many folios readahead has to read, if no other task disturbs it: one a slot that is out. */
static int slots_out(unsigned int type, unsigned long offset, unsigned int window)
{
	unsigned long start = max(round_down(offset, (unsigned long)window), 1UL), i;
	struct check_slot slot;
	int nr = 0;

	if (!slot_exists(type, offset))
		return -ENOENT;
	for (i = start; i < start + window; i++) {
		slot = check_slot(type, i);
		nr += slot.count && !slot.cached;
	}
	return nr;
}

int op_readahead(unsigned int task, const struct op *op)
{
	unsigned int window = 1U << (31 - __builtin_clz(op->window));
	int type = device_type(op->args[0]), ret, want;
	struct check_alone alone;

	if (type < 0)
		return -ENODEV;
	check_alone_begin(&alone);
	want = slots_out(type, op->args[1], window);
	ret = swap_readahead(type, op->args[1], window);
	/* its own reclaim may have made one that was cached into one that is out */
	if (ret < 0 || want < 0 || !check_uncached(&alone))
		check_alone_end(&alone, "readahead", ret, want);
	return ret;
}

int op_hint(unsigned int task, const struct op *op)
{
	swap_hint_poke(op->args[0] % nr_cpu_ids(), op->args[1] % nr_cpu_ids());
	return 0;
}

int op_swapon(unsigned int task, const struct op *op)
{
	return world_device_on(op->args[0]);
}

/* Two tasks may be at it at once: the core has to sort that out. */
void world_swap_pages(long *total, long *left)
{
	*total = __atomic_load_n(&total_swap_pages, __ATOMIC_RELAXED);
	*left = __atomic_load_n(&nr_swap_pages.counter, __ATOMIC_RELAXED);
}

int op_swapoff(unsigned int task, const struct op *op)
{
	struct check_device check;
	struct seq_file swaps;
	bool image = false;
	unsigned int i;
	int ret;

	world_swaps_open(&swaps);
	if (!world_device_is_on(op->args[0]))
		return -ENODEV;
	for (i = 0; i < WORLD_TASKS_MAX; i++)
		image |= world.images[i] != NULL;
	check_device_begin(&check);
	signal_after(op->signal);
	ret = swapoff(world.devices[op->args[0]].type);
	signal_after(0);
	check_swapoff_end(&check, ret, op->signal || image);
	if (ret == -EBUSY && !__atomic_load_n(&world.nr_images, __ATOMIC_RELAXED))
		harness_fail("RESULT", CODE_SITE, "swapoff returns %d (busy), but there was never an image", ret);
	check_polled(&check, ret, world_swaps_changed(&swaps));
	return ret;
}

/* No point: the lowest type of a block device that is on. */
static int first_swap(void)
{
	const struct swap_info_struct *si;
	int type;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		si = __atomic_load_n(&swap_info[type], __ATOMIC_ACQUIRE);
		if (si && (__atomic_load_n(&si->flags, __ATOMIC_RELAXED) & SWP_WRITEOK) &&
		    __atomic_load_n(&si->bdev, __ATOMIC_RELAXED))
			return type;
	}
	return -ENODEV;
}

/* No image can be on the device that is named: what would the kernel take without a name? */
static int hib_without_device(void)
{
	struct check_first check;
	dev_t device;
	int told;

	check_first_begin(&check, first_swap());
	told = find_first_swap(&device);
	check_first_end(&check, first_swap(), told);
	return -ENODEV;
}

/* An image on another device than its writer names would overwrite what is there. */
static struct swap_image *image_begin(struct block_device *bdev)
{
	struct swap_info_struct *si;
	struct check_alone alone;
	struct swap_image *image;
	struct check_room room;

	__atomic_fetch_add(&world.nr_images, 1, __ATOMIC_RELAXED);
	check_alone_begin(&alone);
	image = swap_image_create(bdev);
	check_alone_end(&alone, "hib_alloc", image ? 0 : -ENOMEM, 0);
	if (!image)
		return NULL;
	si = __atomic_load_n(&swap_info[swap_image_type(image)], __ATOMIC_ACQUIRE);
	if (!si || swap_bdev(si) != bdev)
		harness_fail("RESULT", CODE_SITE, "an image is on " OBJ_DEVICE ", which is not the one it was asked "
			     "for", swap_image_type(image));
	room = check_room(swap_image_type(image));
	check_alone_end(&alone, "count_swap_pages", swap_image_room(image).pages, room.pages);
	check_alone_end(&alone, "count_swap_pages of free ones", swap_image_room(image).free, room.free);
	return image;
}

static int image_add(struct swap_image *image)
{
	struct check_alone alone;
	swp_entry_t entry;
	int ret;

	check_alone_begin(&alone);
	ret = swap_image_add_slot(image, &entry);
	check_image_slot(&alone, swap_image_type(image), ret);
	return ret;
}

static int image_write(unsigned int task, const struct op *op)
{
	unsigned int i;
	int ret = 0;

	if (!world.images[task])
		world.images[task] = image_begin(world.devices[op->args[0]].bdev);
	if (!world.images[task])
		return -ENOMEM;
	for (i = 0; i < op->nr && !ret; i++)
		ret = image_add(world.images[task]);
	return ret;
}

int op_hib_alloc(unsigned int task, const struct op *op)
{
	int ret;

	/* an image is found by its block device, which the swap file of such a file system has not */
	if (!world.images[task] &&
	    (bdev_is_fs(world.devices[op->args[0]].bdev) || !world_device_is_on(op->args[0])))
		return hib_without_device();
	/* a user who writes it asks for one at a time (SNAPSHOT_ALLOC_SWAP_PAGE), also before storage is suspended */
	if (op->nr > 1)
		pm_restrict_gfp_mask();
	ret = image_write(task, op);
	pm_restore_gfp_mask();
	return ret;
}

/* A user looks. */
int op_swaps(unsigned int task, const struct op *op)
{
	struct check_told told;
	struct sysinfo info;
	char swaps[1024];

	check_told_begin(&told);
	swaps_read(swaps, sizeof(swaps), op->nr);
	swap_sysinfo(&info);
	check_told_end(&told, swaps, &info);
	op_read_smaps();
	return 0;
}

int op_hib_free(unsigned int task, const struct op *op)
{
	struct swap_image *image = world.images[task];

	if (!image)
		return -ENOENT;
	world.images[task] = NULL;
	swap_image_free(image);
	return 0;
}
