// SPDX-License-Identifier: GPL-2.0-only
/* Where the pages of a device are on it: a swap file is in pieces, and has blocks that are in no page. */
#include "mm.h"

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
	const struct bdev_options *options = bdev_options(block);
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

unsigned long bdev_mapped_pages(const struct block_device *bdev)
{
	const struct bdev_options *options = bdev_options(bdev);
	unsigned long nr = options->pages;

	while (is_cut(options) && nr > 1 && blocks_of(options, nr) > options->pages << BDEV_BLOCK_BITS)
		nr--;
	return nr;
}

unsigned long bdev_file_block(const struct block_device *bdev, unsigned long block)
{
	const struct bdev_options *options = bdev_options(bdev);
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
	const struct bdev_options *options = bdev_options(bdev);

	if (!odd_blocks(options) || is_cut(options))
		return options->pages << BDEV_BLOCK_BITS;
	return blocks_of(options, options->pages) + (options->pages % 2 << BDEV_BLOCK_BITS);
}

unsigned int bdev_extents(const struct block_device *bdev, unsigned long *span)
{
	unsigned long page, block, last = bdev_block(bdev, 0), lowest = -1UL, highest = 0;
	unsigned int nr = 1;

	for (page = 1; page < bdev_mapped_pages(bdev); page++) {
		block = bdev_block(bdev, page);
		nr += block != last + 1;
		last = block;
		lowest = min(lowest, block);
		highest = max(highest, block);
	}
	*span = highest - lowest + 1;
	return nr;
}

unsigned long bdev_page(const struct block_device *bdev, unsigned long block)
{
	const struct bdev_options *options = bdev_options(bdev);
	unsigned long nr = EXTENT_PAGES(options), page = block, piece;

	if (in_pieces(options)) {
		for (page = piece = 0; piece < nr_pieces(options); piece++)
			if (block - piece_block(options, piece) < nr)
				page = piece * nr + block - piece_block(options, piece);
	}
	return page < options->pages ? page : 0;
}

unsigned long bdev_nr_blocks(const struct block_device *bdev)
{
	const struct bdev_options *options = bdev_options(bdev);

	if (!in_pieces(options))
		return options->pages;
	return (round_up(nr_pieces(options), 4) + 1) * (EXTENT_PAGES(options) + 1);
}
