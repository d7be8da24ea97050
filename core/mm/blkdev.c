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

/*
 * A swap file that is in pieces: each EXTENT_PAGES of it lie together. The size decides in which order pieces are on
 * the disk. Of two of the first layout, and of four of the second, these are the first ones:
 *
 *	PIECES_SWAPPED    gap 1 gap 0
 *	PIECES_CONTINUED  gap 3 gap gap 0 2 gap 1	(2 continues 0, but comes behind 1)
 *	PIECES_BACKWARD   ... 2 1 0 gap gap gap ...	(where the last one ends the one before it begins)
 *
 * Nothing of the file is in a gap, but for odd blocks, see below.
 */
#define EXTENT_PAGES(options) max(3UL, (options)->pages / 8)
enum layout { PIECES_SWAPPED, PIECES_CONTINUED, PIECES_BACKWARD, NR_LAYOUTS };

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

static bool in_pieces(const struct bdev_options *options)
{
	return SWAP_FILE_EXTENTS && options->swap_file;
}

static enum layout layout_of(const struct bdev_options *options)
{
	return (options->pages / 2 + 1) % NR_LAYOUTS;
}

/* That of a page behind the last one is counted, too. */
static unsigned long nr_pieces(const struct bdev_options *options)
{
	return options->pages / EXTENT_PAGES(options) + 1;
}

/* Where a piece begins. */
static unsigned long piece_block(const struct bdev_options *options, unsigned long piece)
{
	static const unsigned char places[] = { 1, 3, 2, 0 };
	unsigned long nr = EXTENT_PAGES(options);

	switch (layout_of(options)) {
	case PIECES_CONTINUED:
		return (piece / 4 * 4 + places[piece % 4]) * (nr + 1) + 1 + !(piece % 4);
	case PIECES_BACKWARD:
		return (nr_pieces(options) - 1 - piece) * nr + 1;
	default:
		return (piece ^ 1) * (nr + 1) + 1;
	}
}

/* A block in a gap, of each piece another. */
static unsigned long gap_block(const struct bdev_options *options, unsigned long piece)
{
	unsigned long nr = EXTENT_PAGES(options);

	switch (layout_of(options)) {
	case PIECES_CONTINUED:
		return piece % 4 == 2 ? (piece - 1) * (nr + 1) + 1 : piece * (nr + 1);
	case PIECES_BACKWARD:
		return nr_pieces(options) * nr + 1 + piece;
	default:
		return piece * (nr + 1);
	}
}

unsigned long bdev_block(const struct block_device *block, unsigned long page)
{
	const struct bdev_options *options = &to_bdev(block)->options;
	unsigned long nr = EXTENT_PAGES(options);

	return in_pieces(options) ? piece_block(options, page / nr) + page % nr : page;
}

/*
 * Before each piece but the first there are blocks in a gap that swapon has to skip, fewer than a page has: of every
 * second piece they are not aligned, of the others they are, but the block behind them is elsewhere. A file with an
 * odd number of pages is a page longer than its header says. One with 8, 10, 12 or 14 above a multiple of 16 is just
 * as long as its header says: its last pages have no blocks, and swapon has to do with fewer, unless the file system
 * does the I/O. None of that where the header names pages that do not exist.
 */
#define PAGE_BLOCKS BIT(BDEV_BLOCK_BITS)

static unsigned long odd_blocks(const struct bdev_options *options)
{
	return in_pieces(options) && options->last_page < options->pages ? 1 + options->pages % (PAGE_BLOCKS - 1) : 0;
}

static bool is_cut(const struct bdev_options *options)
{
	return odd_blocks(options) && !options->fs && options->pages % 16 >= 8 && !(options->pages % 2);
}

/* From the first on, those in no page and those of @nr pages. */
static unsigned long blocks_of(const struct bdev_options *options, unsigned long nr)
{
	return (nr << BDEV_BLOCK_BITS) + (nr - 1) / EXTENT_PAGES(options) * odd_blocks(options);
}

/* The pages that have blocks. */
static unsigned long mapped_pages(const struct bdev_options *options)
{
	unsigned long nr = options->pages;

	while (is_cut(options) && nr > 1 && blocks_of(options, nr) > options->pages << BDEV_BLOCK_BITS)
		nr--;
	return nr;
}

unsigned long bdev_file_block(const struct block_device *bdev, unsigned long block)
{
	const struct bdev_options *options = &to_bdev(bdev)->options;
	unsigned long nr = EXTENT_PAGES(options), odd = odd_blocks(options), piece;

	piece = (block + odd) / ((nr << BDEV_BLOCK_BITS) + odd);
	if (odd && piece) {
		block = (block + odd) % ((nr << BDEV_BLOCK_BITS) + odd);
		if (block < odd)
			return (gap_block(options, piece) << BDEV_BLOCK_BITS) + piece % 2 * (PAGE_BLOCKS - odd) + block;
		block += (piece * nr << BDEV_BLOCK_BITS) - odd;
	}
	return (bdev_block(bdev, block >> BDEV_BLOCK_BITS) << BDEV_BLOCK_BITS) | (block & (PAGE_BLOCKS - 1));
}

unsigned long bdev_file_blocks(const struct block_device *bdev)
{
	const struct bdev_options *options = &to_bdev(bdev)->options;

	if (!odd_blocks(options) || is_cut(options))
		return options->pages << BDEV_BLOCK_BITS;
	return blocks_of(options, options->pages) + (options->pages % 2 << BDEV_BLOCK_BITS);
}

unsigned int bdev_extents(const struct block_device *bdev, unsigned long *span)
{
	unsigned long page, block, last = bdev_block(bdev, 0), lowest = -1UL, highest = 0;
	unsigned int nr = 1;

	for (page = 1; page < mapped_pages(&to_bdev(bdev)->options); page++) {
		block = bdev_block(bdev, page);
		nr += block != last + 1;
		last = block;
		lowest = min(lowest, block);
		highest = max(highest, block);
	}
	*span = highest - lowest + 1;
	return nr;
}

/* The other way round: the page whose block this is; 0, the header's, if it is no page's. */
static unsigned long bdev_page(const struct bdev *bdev, unsigned long block)
{
	unsigned long nr = EXTENT_PAGES(&bdev->options), page = block, piece;

	if (in_pieces(&bdev->options)) {
		for (page = piece = 0; piece < nr_pieces(&bdev->options); piece++)
			if (block - piece_block(&bdev->options, piece) < nr)
				page = piece * nr + block - piece_block(&bdev->options, piece);
	}
	return page < bdev->options.pages ? page : 0;
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
	bdev->nr_blocks = options->pages;
	if (in_pieces(options))
		bdev->nr_blocks = (round_up(nr_pieces(options), 4) + 1) * (EXTENT_PAGES(options) + 1);
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
		if (!bdev_page(bdev, i))
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
	unsigned long nr = min(options->last_page, mapped_pages(options) - 1);
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
