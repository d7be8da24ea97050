/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the swap core needs of a backing device. core/mm implements it with devices that
 * really hold content (sparsely).
 */
#ifndef _KERNEL_BLKDEV_H
#define _KERNEL_BLKDEV_H

#include <kernel/gfp.h>

struct gendisk;

struct block_device {
	struct gendisk *bd_disk;	/* core/linux: for the tree's code */
	dev_t bd_dev;
};

/* The sectors' content is gone (poisoned). May sleep. Return: 0 */
int blkdev_issue_discard(struct block_device *bdev, sector_t sector, sector_t nr_sects, gfp_t gfp);

bool bdev_rot(const struct block_device *bdev);
bool bdev_max_discard_sectors(const struct block_device *bdev);	/* can it discard? */
bool bdev_synchronous(const struct block_device *bdev);
bool bdev_stable_writes(const struct block_device *bdev);
/* A block device (else a swap file): orders > 0 are possible. */
bool bdev_is_blkdev(const struct block_device *bdev);
/* Where the device has a page of a swap file: its block, in pages. Of a block device, the same. */
unsigned long bdev_block(const struct block_device *bdev, unsigned long page);

/* The swap header on the device (SPEC 14.2). */
struct bdev_swap_header {
	unsigned long last_page;
	unsigned int nr_badpages;
	const unsigned int *badpages;
};
/* Return: 0, -EINVAL if there is no valid signature */
int bdev_read_swap_header(struct block_device *bdev, struct bdev_swap_header *header);
unsigned long bdev_nr_pages(const struct block_device *bdev);

/* linux/fs.h, of a page that stays: it was not written, and is locked still */
#define AOP_WRITEPAGE_ACTIVATE 0x80000

#endif /* _KERNEL_BLKDEV_H */
