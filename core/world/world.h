/* SPDX-License-Identifier: GPL-2.0-only */
/* The world that operations work on: devices, address spaces, images; set-up and tear-down. */
#ifndef _WORLD_WORLD_H
#define _WORLD_WORLD_H

#include <kernel/tracepoint.h>
#include <machine/machine.h>
#include <world/op.h>

struct block_device;
struct mm_struct;
struct seq_file;
struct swap_image;

struct swap_world {
	const struct world_spec *spec;
	struct mm_struct *spaces[WORLD_SPACES_MAX];
	struct {
		struct block_device *bdev;
		unsigned int bad[WORLD_BAD_MAX];
		int type;			/* its swap type, or the last one; -1: it was never on */
	} devices[WORLD_DEVICES_MAX];
	struct swap_image *images[WORLD_TASKS_MAX];	/* each its task's own */
	unsigned int nr_images;		/* that were ever begun; raw atomic */
};
extern struct swap_world world;

/**
 * world_up - start the machine and build a world on it
 * @spec: what it is made of; kept by the caller. Its geometry becomes the core's
 * @config: of the machine
 * @probe: sees every trace event from the start on; or NULL
 *
 * Context: no machine runs. A spec that cannot be built fails the run (SETUP).
 */
void world_up(const struct world_spec *spec, const struct machine_config *config,
	      trace_probe_fn probe);

/* All tasks have ended: from now on no allocation fails, and queued work runs. May sleep. */
void world_rest(void);

/**
 * world_down - tear the world down by operations, and check that nothing is left
 *
 * Frees images and spaces and swaps devices off; anything left after that is a leak and fails the run.
 * The machine keeps running. Context: after world_rest(), no task but the caller's.
 */
void world_down(void);

/**
 * op_run - run one operation
 * @task: the task that runs it, 0..WORLD_TASKS_MAX - 1; each task has its own images
 * @op: valid for the world's spec
 *
 * The objects of the operation may be gone or in use by others. Context: a task that holds nothing;
 * may sleep. Return: 0 or a negative errno.
 */
int op_run(unsigned int task, const struct op *op);

/* The first swapped-out page of the space, searching from @page and wrapping around; else @page. */
unsigned int world_swapped_page(unsigned int space, unsigned int page);

/* Pages of swap in all, and those of them that are free: hints, read without a lock. */
void world_swap_pages(long *total, long *left);

/* Return: as swapon(). May sleep. */
int world_device_on(unsigned int index);
/* As far as it can be seen from outside; the type may belong to another device by now. */
bool world_device_is_on(unsigned int index);
/* Does swapon take its header? A file has no bad pages, all pages exist, and one of them can be used. */
bool world_header_good(const struct world_device *spec);
/* swaps_open() and swaps_changed() (kernel/world.h), while nobody else does anything. */
void world_swaps_open(struct seq_file *swaps);
bool world_swaps_changed(struct seq_file *swaps);

#endif /* _WORLD_WORLD_H */
