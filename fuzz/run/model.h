/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A sequential reference model: what one task's operations do, as plain arrays, written from the
 * specification and not from the core. The core is free to choose slots and folios; the model
 * checks what must not change: the owners of a slot, and the sums of the counters.
 *
 * "content" is what an owner's page holds, one word; two owners share a page exactly while they
 * have the same word. 0: nothing is mapped there.
 */
#ifndef _FUZZ_RUN_MODEL_H
#define _FUZZ_RUN_MODEL_H

#include <fuzz/program/program.h>

#define MODEL_PAGES_MAX 64		/* of an address space; larger programs are not compared */

/**
 * model_begin - compare the next run with the model
 * @prog: of one task and at most MODEL_PAGES_MAX pages, kept by the caller
 * @determined: the default decides everything, so that results can be predicted, too
 */
void model_begin(const struct program *prog, bool determined);

/* For program_after_op(). A difference fails the run: MODEL-... in core/check/checks.def. */
void model_after_op(unsigned int task, const struct op *op, int ret);

/* --- inside the model --------------------------------------------------------------------- */

/* The state of the core as seen from outside, model_look.c. */
struct seen_page {
	bool mapped, present;
	bool quiet;			/* present, a single page that no worker uses */
	u64 content;
	unsigned int type, offset;	/* of the slot, if it is not present */
};

struct seen {
	struct seen_page pages[WORLD_SPACES_MAX][MODEL_PAGES_MAX];
	bool exists[WORLD_SPACES_MAX];
	bool settled;			/* no worker is in the middle of something */
	long used[WORLD_DEVICES_MAX];	/* slots that are not free */
	long images[WORLD_DEVICES_MAX];	/* slots with one count more than PTEs account for */
	long free_pages;		/* of memory */
};

struct model {
	const struct program *prog;
	bool determined;
	u64 content[WORLD_SPACES_MAX][MODEL_PAGES_MAX];
	bool exists[WORLD_SPACES_MAX];
	bool on[WORLD_DEVICES_MAX];
	int image;			/* swap type of the image; -1: there is none */
	long image_min, image_max;	/* its slots */
};

/* Reads the spaces, and after the model's update the devices, slots and counters. */
void model_look(const struct model *m, struct seen *seen);
void model_check_devices(const struct model *m, struct seen *seen);
/* Slots of a device that can be used. */
long model_device_pages(unsigned int index);
/* The first slot behind its last one. */
unsigned long model_device_end(const struct model *m, unsigned int index);

#endif /* _FUZZ_RUN_MODEL_H */
