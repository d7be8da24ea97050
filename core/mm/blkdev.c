// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that hold content: one word a slot, in chunks that exist once written to. The words
 * are plain memory: if two I/Os on a slot are not ordered by the swap cache, TSan says so.
 */
#include <kernel/sched.h>
#include <kernel/slab.h>
#include "mm.h"
#include "mm_view.h"

#define CHUNK_SLOTS 512
#define DISCARDED 0xd15cUL

struct bdev {
	struct block_device bdev;
	struct bdev_options options;
	unsigned long nr_chunks;
	unsigned long **chunks;		/* each set once, by release */
};

/* unique while devices live, which is all that is asked of it */
static atomic_t last_dev;

static struct bdev *to_bdev(const struct block_device *bdev)
{
	return container_of((struct block_device *)bdev, struct bdev, bdev);
}

struct block_device *bdev_create(const struct bdev_options *options)
{
	struct bdev *bdev = __kmalloc_tagged(sizeof(*bdev), GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL,
					     ALLOC_OTHER, ALLOC_TYPE_DEVICE);

	if (!bdev)
		return NULL;
	bdev->options = *options;
	bdev->bdev.bd_dev = atomic_inc_return(&last_dev);
	if (!bdev->options.last_page)
		bdev->options.last_page = options->pages - 1;
	bdev->nr_chunks = DIV_ROUND_UP(options->pages, CHUNK_SLOTS);
	if (options->no_content)
		return &bdev->bdev;
	bdev->chunks = __kmalloc_tagged(bdev->nr_chunks * sizeof(*bdev->chunks),
					GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL, ALLOC_OTHER,
					ALLOC_TYPE_DEVICE);
	if (!bdev->chunks) {
		kfree(bdev);
		return NULL;
	}
	return &bdev->bdev;
}

void bdev_destroy(struct block_device *block)
{
	struct bdev *bdev = to_bdev(block);
	unsigned long i;

	for (i = 0; bdev->chunks && i < bdev->nr_chunks; i++)
		if (bdev->chunks[i])
			kfree(bdev->chunks[i]);
	kfree(bdev->chunks);
	kfree(bdev);
}

/* The slot's word; NULL if nothing near was ever written and @create is false. */
static unsigned long *bdev_slot(struct bdev *bdev, unsigned long offset, bool create)
{
	unsigned long **chunkp, *chunk, *new;

	if (!bdev->chunks)
		return NULL;
	VM_BUG_ON(offset >= bdev->options.pages);
	chunkp = &bdev->chunks[offset / CHUNK_SLOTS];
	chunk = smp_load_acquire(chunkp);
	if (!chunk && create) {
		new = __kmalloc_tagged(CHUNK_SLOTS * sizeof(*new), __GFP_ZERO | __GFP_NOFAIL,
				       ALLOC_OTHER, ALLOC_TYPE_DEVICE);
		if (!cmpxchg(chunkp, NULL, new)) {
			chunk = new;
		} else {
			kfree(new);
			/* a failed cmpxchg orders nothing: the other's zeroes need an acquire */
			chunk = smp_load_acquire(chunkp);
		}
	}
	return chunk ? chunk + offset % CHUNK_SLOTS : NULL;
}

/* The device takes its time. */
static void bdev_delay(void)
{
	might_sleep();
	machine_point(POINT_IO, NULL);
	cond_resched();
}

int bdev_write(struct block_device *bdev, unsigned long offset, struct folio *folio)
{
	unsigned int i, nr = folio_nr_pages(folio);
	unsigned long *slot;

	bdev_delay();
	if (should_fail_alloc(ALLOC_IO))
		return -EIO;
	for (i = 0; i < nr; i++) {
		slot = bdev_slot(to_bdev(bdev), offset + i, true);
		if (slot)
			*slot = folio_content(folio, i);
	}
	bdev_delay();
	return 0;
}

int bdev_read(struct block_device *bdev, unsigned long offset, struct folio *folio)
{
	unsigned int i, nr = folio_nr_pages(folio);
	unsigned long *slot;

	bdev_delay();
	/* nothing was stored: nothing can be compared, so such a device must not be read */
	VM_BUG_ON(to_bdev(bdev)->options.no_content);
	for (i = 0; i < nr; i++) {
		slot = bdev_slot(to_bdev(bdev), offset + i, false);
		folio_set_content(folio, i, slot ? *slot : 0);
	}
	bdev_delay();
	return 0;
}

int blkdev_issue_discard(struct block_device *block, sector_t sector, sector_t nr_sects, gfp_t gfp)
{
	unsigned long i = sector >> (PAGE_SHIFT - SECTOR_SHIFT), end, *slot;
	struct bdev *bdev = to_bdev(block);

	bdev_delay();
	if (!bdev->chunks)
		return 0;
	end = min(i + (nr_sects >> (PAGE_SHIFT - SECTOR_SHIFT)), bdev->options.pages);
	for (; i < end; i++) {
		slot = bdev_slot(bdev, i, false);
		if (slot)
			*slot = DISCARDED;
		else
			/* nothing in this chunk */
			i = round_up(i + 1, CHUNK_SLOTS) - 1;
	}
	bdev_delay();
	return 0;
}

bool bdev_rot(const struct block_device *bdev)
{
	return to_bdev(bdev)->options.rotating;
}

bool bdev_max_discard_sectors(const struct block_device *bdev)
{
	return to_bdev(bdev)->options.discard;
}

bool bdev_synchronous(const struct block_device *bdev)
{
	return to_bdev(bdev)->options.synchronous;
}

bool bdev_stable_writes(const struct block_device *bdev)
{
	return to_bdev(bdev)->options.stable_writes;
}

bool bdev_is_blkdev(const struct block_device *bdev)
{
	return !to_bdev(bdev)->options.swap_file;
}

int bdev_read_swap_header(struct block_device *bdev, struct bdev_swap_header *header)
{
	header->last_page = to_bdev(bdev)->options.last_page;
	header->nr_badpages = to_bdev(bdev)->options.nr_badpages;
	header->badpages = to_bdev(bdev)->options.badpages;
	return 0;
}

unsigned long bdev_nr_pages(const struct block_device *bdev)
{
	return to_bdev(bdev)->options.pages;
}

unsigned long bdev_content(struct block_device *bdev, unsigned long offset)
{
	unsigned long *slot = bdev_slot(to_bdev(bdev), offset, false);

	return slot ? *slot : 0;
}
