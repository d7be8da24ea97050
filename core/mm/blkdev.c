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
#define OTHERS 0x07e5UL			/* of whoever had the device before */
#define UNREADABLE 0xbadcUL

struct bdev {
	struct block_device bdev;
	struct bdev_options options;
	unsigned long nr_blocks;
	unsigned long nr_chunks;
	unsigned long **chunks;		/* each set once, by release */
	bool unsure;			/* a discard failed: what was to be discarded may be there */
	bool swapped;			/* by the file system; the claim of the file orders its changes */
};

/* unique while devices live, which is all that is asked of it */
static atomic_t last_dev;

static struct bdev *to_bdev(const struct block_device *bdev)
{
	return container_of((struct block_device *)bdev, struct bdev, bdev);
}

const struct bdev_options *bdev_options(const struct block_device *bdev)
{
	return &to_bdev(bdev)->options;
}

/* The block's word; NULL if nothing near was ever written and @create is false. */
static unsigned long *bdev_word(struct bdev *bdev, unsigned long block, bool create)
{
	unsigned long **chunkp, *chunk, *new;

	if (!bdev->chunks)
		return NULL;
	VM_BUG_ON(block >= bdev->nr_blocks);
	chunkp = &bdev->chunks[block / CHUNK_SLOTS];
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
	return chunk ? chunk + block % CHUNK_SLOTS : NULL;
}

struct block_device *bdev_create(const struct bdev_options *options)
{
	struct bdev *bdev = __kmalloc_tagged(sizeof(*bdev), GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL,
					     ALLOC_OTHER, ALLOC_TYPE_DEVICE);
	unsigned long block;

	if (!bdev)
		return NULL;
	bdev->options = *options;
	bdev->bdev.bd_dev = atomic_inc_return(&last_dev);
	if (!bdev->options.last_page)
		bdev->options.last_page = options->pages - 1;
	bdev->nr_blocks = bdev_nr_blocks(&bdev->bdev);
	bdev->nr_chunks = DIV_ROUND_UP(bdev->nr_blocks, CHUNK_SLOTS);
	if (options->no_content)
		return &bdev->bdev;
	bdev->chunks = __kmalloc_tagged(bdev->nr_chunks * sizeof(*bdev->chunks),
					GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL, ALLOC_OTHER,
					ALLOC_TYPE_DEVICE);
	if (!bdev->chunks) {
		kfree(bdev);
		return NULL;
	}
	for (block = 0; options->discard && block < bdev->nr_blocks; block++)
		*bdev_word(bdev, block, true) = OTHERS;
	return &bdev->bdev;
}

void bdev_destroy(struct block_device *block)
{
	struct bdev *bdev = to_bdev(block);
	unsigned long i;

	if (bdev->swapped)
		harness_fail("IO-FILE", CODE_SITE, "all devices are off, but a file is still said to be swapped to");
	for (i = 0; bdev->chunks && i < bdev->nr_chunks; i++)
		if (bdev->chunks[i])
			kfree(bdev->chunks[i]);
	kfree(bdev->chunks);
	kfree(bdev);
}

/* The device takes its time. */
static void bdev_delay(void)
{
	might_sleep();
	machine_point(POINT_IO, NULL);
	cond_resched();
}

/* A folio under I/O stays in the cache where it is: is that I/O on its slots? */
static void bdev_check_block(struct block_device *bdev, unsigned long block, struct folio *folio,
			     unsigned int nr)
{
	unsigned long slot = swp_offset(folio->swap);
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (block + i != bdev_block(bdev, slot + i))
			harness_fail("IO-BLOCK", CODE_SITE,
				     "I/O on block %lu for slot %lu (page %u of %u), which is block %lu",
				     block + i, slot + i, i, nr,
				     bdev_block(bdev, slot + i));
}

/* What was written is what is in memory still: checksums and mirrors rely on that. */
static void bdev_check_stable(struct bdev *bdev, unsigned long block, struct folio *folio, unsigned int nr)
{
	unsigned long *word;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		word = bdev_word(bdev, block + i, false);
		if (word && *word != folio_content(folio, i))
			harness_fail("IO-STABLE", CODE_SITE,
				     "page %u of %u, slot %lu: %lx was written, now there is %lx", i, nr,
				     swp_offset(folio->swap) + i, *word, folio_content(folio, i));
	}
}

/* Only a store makes zeroes of a folio that has been looked at for them. */
static void bdev_check_zero(struct folio *folio, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (folio_content(folio, i) != CONTENT_ZERO)
			return;
	/* Order: acquire; pairs with store() */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (__atomic_load_n(&folio->flags, __ATOMIC_RELAXED) & BIT(PG_dirty))
		return;
	harness_fail("IO-ZERO", CODE_SITE, "a folio of %u pages of zeroes is written to slot %lu", nr,
		     swp_offset(folio->swap));
}

int bdev_write(struct block_device *bdev, unsigned long block, struct folio *folio)
{
	unsigned int i, nr = folio_nr_pages(folio);
	unsigned long *word;

	bdev_check_block(bdev, block, folio, nr);
	bdev_check_zero(folio, nr);
	bdev_delay();
	if (should_fail_alloc(ALLOC_IO))
		return -EIO;
	for (i = 0; i < nr; i++) {
		word = bdev_word(to_bdev(bdev), block + i, true);
		if (!word)
			continue;
		machine_store(word);
		*word = folio_content(folio, i);
	}
	bdev_delay();
	if (bdev_stable_writes(bdev))
		bdev_check_stable(to_bdev(bdev), block, folio, nr);
	return 0;
}

int bdev_read(struct block_device *bdev, unsigned long block, struct folio *folio)
{
	unsigned int i, nr = folio_nr_pages(folio);
	unsigned long *word;

	bdev_check_block(bdev, block, folio, nr);
	bdev_delay();
	/* nothing was stored: nothing can be compared, so such a device must not be read */
	VM_BUG_ON(to_bdev(bdev)->options.no_content);
	if (should_fail_alloc(ALLOC_IO_READ)) {
		/* what was transferred until then is of no use */
		for (i = 0; i < nr; i++)
			folio_set_content(folio, i, UNREADABLE);
		return -EIO;
	}
	for (i = 0; i < nr; i++) {
		word = bdev_word(to_bdev(bdev), block + i, false);
		folio_set_content(folio, i, word ? machine_seen(word, *word) : 0);
	}
	bdev_delay();
	return 0;
}

/* Does the device discard at all, and is it the swap area's, and none of it the header? */
static void bdev_check_discard(const struct bdev *bdev, unsigned long block, unsigned long end)
{
	unsigned long i;

	if (!bdev_max_discard_sectors(&bdev->bdev))
		harness_fail("IO-BLOCK", CODE_SITE, "a discard, but the device takes none");
	for (i = block; i < end; i++)
		if (!bdev_page(&bdev->bdev, i))
			harness_fail("IO-BLOCK", CODE_SITE,
				     "a discard of %lu blocks from %lu on: block %lu is %s", end - block,
				     block, i, i == bdev_block(&bdev->bdev, 0) ? "the header" :
				     i < bdev->nr_blocks ? "not the swap file's" : "beyond the device");
}

int blkdev_issue_discard(struct block_device *block, sector_t sector, sector_t nr_sects, gfp_t gfp)
{
	unsigned long i = sector >> (PAGE_SHIFT - SECTOR_SHIFT), end, *word;
	struct bdev *bdev = to_bdev(block);

	end = i + (nr_sects >> (PAGE_SHIFT - SECTOR_SHIFT));
	bdev_check_discard(bdev, i, end);
	bdev_delay();
	if (!bdev->chunks)
		return 0;
	for (; i < end; i++) {
		word = bdev_word(bdev, i, false);
		if (word)
			*word = DISCARDED;
		else
			/* nothing in this chunk */
			i = round_up(i + 1, CHUNK_SLOTS) - 1;
	}
	bdev_delay();
	return 0;
}

void bdev_file_swapped(struct block_device *block, bool swapped)
{
	struct bdev *bdev = to_bdev(block);

	if (bdev->swapped == swapped)
		harness_fail("IO-FILE", CODE_SITE, "a file is said to be swapped to%s, as before",
			     swapped ? "" : " no longer");
	__atomic_store_n(&bdev->swapped, swapped, __ATOMIC_RELAXED);
}

void bdev_file_io(const struct block_device *block)
{
	if (!bdev_is_fs(block))
		harness_fail("IO-FILE", CODE_SITE, "a file system is to do the I/O of a device that does its own");
	if (!__atomic_load_n(&to_bdev(block)->swapped, __ATOMIC_RELAXED))
		harness_fail("IO-FILE", CODE_SITE, "a file system is to do I/O of a file that is not swapped to");
}

bool bdev_is_fs(const struct block_device *bdev)
{
	return to_bdev(bdev)->options.fs;
}

/* A file system that does the I/O itself, as over a network, shows no device that could do any of these. */

bool bdev_rot(const struct block_device *bdev)
{
	return to_bdev(bdev)->options.rotating || bdev_is_fs(bdev);
}

bool bdev_max_discard_sectors(const struct block_device *bdev)
{
	return to_bdev(bdev)->options.discard && !bdev_is_fs(bdev);
}

bool bdev_synchronous(const struct block_device *bdev)
{
	return to_bdev(bdev)->options.synchronous && !bdev_is_fs(bdev);
}

bool bdev_stable_writes(const struct block_device *bdev)
{
	return to_bdev(bdev)->options.stable_writes && !bdev_is_fs(bdev);
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

unsigned long bdev_nr_slots(const struct block_device *bdev)
{
	const struct bdev_options *options = &to_bdev(bdev)->options;
	unsigned long nr = min(options->last_page, bdev_mapped_pages(bdev) - 1);
	unsigned int i, j;

	for (i = 0; i < options->nr_badpages; i++) {
		for (j = 0; j < i && options->badpages[j] != options->badpages[i]; j++)
			;
		nr -= j == i && options->badpages[i] <= options->last_page;
	}
	return nr;
}

unsigned long bdev_nr_pages(const struct block_device *bdev)
{
	return to_bdev(bdev)->options.pages;
}

unsigned long bdev_content(struct block_device *bdev, unsigned long offset)
{
	unsigned long *word = bdev_word(to_bdev(bdev), bdev_block(bdev, offset), false);

	return word ? *word : 0;
}

bool bdev_slot_written(struct block_device *bdev, unsigned long offset)
{
	unsigned long content = bdev_content(bdev, offset);

	return content && content != DISCARDED && !__atomic_load_n(&to_bdev(bdev)->unsure, __ATOMIC_RELAXED);
}

void bdev_discard_failed(struct block_device *bdev)
{
	__atomic_store_n(&to_bdev(bdev)->unsure, true, __ATOMIC_RELAXED);
}
