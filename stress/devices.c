// SPDX-License-Identifier: GPL-2.0-only
/* The workload's devices, on and off, and the workers' images on them. */
#include <stdlib.h>
#include <swap/swap.h>
#include "world.h"

#define LOAD(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define STORE(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)

struct device devices[DEVICES_MAX];
unsigned int nr_devices;
unsigned long devices_pages;

/* Bad slots here and there, the same ones each time, and none twice. */
static void device_create(struct device *dev, const struct device_spec *spec)
{
	struct bdev_options bdev = {
		.rotating = spec->flags & DEVICE_ROTATING,
		.discard = spec->flags & DEVICE_DISCARD,
		.synchronous = spec->flags & DEVICE_SYNC,
		.stable_writes = spec->flags & DEVICE_STABLE,
		.swap_file = spec->flags & DEVICE_FILE,
		.nr_badpages = spec->nr_bad,
		.badpages = dev->bad,
	};
	unsigned int i;

	dev->spec = spec;
	dev->pages = (unsigned long)spec->eighths * SWAPFILE_CLUSTER / 8;
	for (i = 0; i < spec->nr_bad; i++)
		dev->bad[i] = 2 + (dev->pages - 3) * (i + 1) / (spec->nr_bad + 1);
	bdev.pages = dev->pages;
	dev->bdev = bdev_create(&bdev);
	dev->type = -1;
	devices_pages += dev->pages - 1 - spec->nr_bad;
}

void devices_create(void)
{
	const struct workload *load = options.workload;

	for (nr_devices = 0; nr_devices < DEVICES_MAX; nr_devices++) {
		if (!load->devices[nr_devices].eighths)
			break;
		device_create(&devices[nr_devices], &load->devices[nr_devices]);
		if (device_on(&devices[nr_devices]))
			abort();
	}
}

/* Takes the right to swap it on or off. */
static bool device_claim(struct device *dev)
{
	bool idle = false;

	return __atomic_compare_exchange_n(&dev->busy, &idle, true, false, __ATOMIC_RELAXED,
					   __ATOMIC_RELAXED);
}

static int swap_flags(const struct device_spec *spec)
{
	int flags = 0;

	if (spec->prio >= 0)
		flags |= SWAP_FLAG_PREFER | spec->prio;
	if (spec->flags & DEVICE_DISCARD)
		flags |= SWAP_FLAG_DISCARD;
	if (spec->flags & DEVICE_DISCARD_ONCE)
		flags |= SWAP_FLAG_DISCARD_ONCE;
	return flags;
}

int device_on(struct device *dev)
{
	unsigned int type;
	int ret = -EBUSY;

	if (!device_claim(dev))
		return -EBUSY;
	if (!LOAD(dev->on)) {
		ret = swapon(dev->bdev, swap_flags(dev->spec), &type);
		if (!ret) {
			STORE(dev->type, (int)type);
			STORE(dev->on, true);
		}
	}
	STORE(dev->busy, false);
	return ret;
}

int device_off(struct device *dev)
{
	int ret = -EBUSY;

	if (!device_claim(dev))
		return -EBUSY;
	if (LOAD(dev->on)) {
		ret = swapoff(LOAD(dev->type));
		if (!ret)
			STORE(dev->on, false);
	}
	STORE(dev->busy, false);
	return ret;
}

int device_type(const struct device *dev)
{
	return LOAD(dev->type);
}

unsigned int devices_on(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < nr_devices; i++)
		n += LOAD(devices[i].on);
	return n;
}

void devices_destroy(void)
{
	unsigned int i;

	for (i = 0; i < nr_devices; i++) {
		if (devices[i].on && device_off(&devices[i]))
			abort();
		bdev_destroy(devices[i].bdev);
	}
}

int image_start(struct worker *w, struct device *dev)
{
	if (!LOAD(dev->on))
		return -ENODEV;
	w->image = swap_image_create(dev->bdev);
	w->image_device = dev;
	return w->image ? 0 : -ENOMEM;
}

void image_end(struct worker *w)
{
	swap_image_free(w->image);
	w->image = NULL;
}
