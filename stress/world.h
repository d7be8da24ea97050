/* SPDX-License-Identifier: GPL-2.0-only */
/* What the workers work on: devices, address spaces, images. */
#ifndef _STRESS_WORLD_H
#define _STRESS_WORLD_H

#include <mm/mm.h>
#include "stress.h"

/* Physical memory that the workload asks for, in pages. */
unsigned long world_memory(void);
/* Devices on, address spaces there and empty. Context: no worker runs. */
void world_start(void);
/* No allocation fails any more, no image is left. Context: as above. */
void world_calm(void);
/* All address spaces gone, all devices off and gone. Context: as above. */
void world_stop(void);

/* devices.c */
#define DEVICE_BAD_MAX 4

struct device {
	const struct device_spec *spec;
	struct block_device *bdev;
	unsigned long pages;		/* header included */
	unsigned int bad[DEVICE_BAD_MAX];
	/* relaxed */
	int type;			/* of the swap device it is or last was; -1: never on */
	bool on;
	bool busy;			/* somebody is at swapon or swapoff of it */
};
extern struct device devices[DEVICES_MAX];
extern unsigned int nr_devices;
extern unsigned long devices_pages;	/* of all together */

void devices_create(void);
void devices_destroy(void);
/* Return: 0; -EBUSY if it is on or somebody else is at it; what swapon() said. */
int device_on(struct device *dev);
/* May end by the caller's signal. Return: as above, of swapoff(). */
int device_off(struct device *dev);
int device_type(const struct device *dev);
/* How many are on. */
unsigned int devices_on(void);

/* An image on that device, owned by the worker. Return: 0, -ENODEV, -ENOMEM. */
int image_start(struct worker *w, struct device *dev);
void image_end(struct worker *w);

/*
 * spaces.c: a table of address spaces that the workers use together. space_get() keeps one
 * from going away under its user, not from being replaced in the table meanwhile.
 */
extern unsigned int nr_spaces;
extern unsigned long space_pages;	/* pages 0 .. space_pages - 1 can be mapped */

void spaces_create(void);
void spaces_destroy(void);
/* A random one; NULL if its place is empty. */
struct mm_struct *space_get(struct worker *w);
struct mm_struct *space_get_at(unsigned int index);
void space_put(struct mm_struct *mm);
/* Puts @mm (owned by the caller) at a random place; what was there goes away. */
void space_replace(struct worker *w, struct mm_struct *mm);

#endif /* _STRESS_WORLD_H */
