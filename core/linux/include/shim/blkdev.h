/* SPDX-License-Identifier: GPL-2.0-only */
/* Block devices: the model's (core/mm/blkdev.c). */
#ifndef _SHIM_BLKDEV_H
#define _SHIM_BLKDEV_H

#include <kernel/blkdev.h>
#include <shim/fs.h>

struct block_device_operations {
	void (*swap_slot_free_notify)(struct block_device *bdev, unsigned long offset);
};
struct gendisk { const struct block_device_operations *fops; };

bool tree_is_zoned(const struct block_device *bdev);
#define bdev_is_zoned(b) tree_is_zoned(b)
int tree_issue_discard(struct block_device *bdev, sector_t sector, sector_t nr_sects, gfp_t gfp);
#ifdef TREE_SOURCE
#define blkdev_issue_discard(bdev, sector, nr_sects, gfp) tree_issue_discard(bdev, sector, nr_sects, gfp)
#endif
struct blk_plug { int unused; };
#define blk_start_plug(p) ((void)(p))
#define blk_finish_plug(p) ((void)(p))

#endif /* _SHIM_BLKDEV_H */
