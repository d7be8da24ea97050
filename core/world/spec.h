/* SPDX-License-Identifier: GPL-2.0-only */
/* What a world is made of: geometry, devices, address spaces, memory. */
#ifndef _WORLD_SPEC_H
#define _WORLD_SPEC_H

#include <kernel/geometry.h>
#include <kernel/types.h>

#define WORLD_DEVICES_MAX 6
#define WORLD_BAD_MAX 8			/* bad slots of a device */
#define WORLD_SPACES_MAX 16
#define WORLD_PAGES_MAX 4096		/* of an address space */
#define WORLD_FOLIOS_MAX 16384
#define WORLD_DEVICE_PAGES_MAX 4096
#define WORLD_TASKS_MAX 128		/* that run operations */

/* What swapon is asked to discard. */
enum world_discard {
	WORLD_DISCARD_NONE,
	WORLD_DISCARD,			/* the whole device, and clusters as they empty */
	WORLD_DISCARD_ONCE,		/* the whole device */
	WORLD_DISCARD_PAGES,		/* clusters as they empty */
	NR_WORLD_DISCARDS,
};

struct world_device {
	u16 pages;			/* with the header, 2.. */
	short prio;			/* 0..32767; -1: none given */
	bool rotating, synchronous, stable, file;
	u8 discard;			/* enum world_discard */
	bool fs;			/* a file whose file system does its I/O */
	bool off;			/* not swapped on at the start */
	u16 short_by;			/* pages that the header names beyond the last one */
	u8 nr_bad;
	u16 bad[WORLD_BAD_MAX];		/* ascending, 1..pages-1 */
};

struct world_spec {
	struct geometry geometry;
	unsigned int pages;		/* of each address space */
	unsigned int spaces;		/* m0 .. exist at the start */
	unsigned int folios;		/* memory, in pages */
	unsigned int nr_devices;
	struct world_device devices[WORLD_DEVICES_MAX];
};

#endif /* _WORLD_SPEC_H */
