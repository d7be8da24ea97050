// SPDX-License-Identifier: GPL-2.0-only
/*
 * The block layer below the tree's mm/page_io.c, over the devices of core/mm (shim/bio.h), and the
 * content of pages as its source sees it.
 */
#undef folio_put
#undef folio_alloc
#undef migrate_folio
#include <mm/mm.h>
#include <mm/mm_view.h>
#include "hooks.h"

#undef current
#undef kfree
#define current get_current()

/* --- memory ------------------------------------------------------------------------------------- */

unsigned int tree_noio_save(void)
{
	return tree_stack_of_task()->noio++;
}

void tree_noio_restore(unsigned int before)
{
	tree_stack_of_task()->noio = before;
}

/*
 * Not of reads: what is read ahead is allocated with __GFP_IO itself while its task collects locked folios.
 */
void tree_judge_gfp(gfp_t gfp)
{
	if (!(gfp & __GFP_IO) || tree_stack_of_task()->noio)
		return;
	/* allocations of slots wait for the discard of a cluster */
	if (tree_frame_of(FN_discard_swap_cluster))
		harness_fail("GFP", CODE_SITE, "a cluster is discarded with __GFP_IO");
	/* pages under writeback that are not submitted yet wait for it, and it may wait for them */
	if (tree_frame_of(FN_swap_writeout))
		harness_fail("GFP", CODE_SITE, "swap_writeout() allocates with __GFP_IO");
}

/* Who may not wait until another one is given back has none by choice, as if there were no memory for a folio. */
static void *pool_take(size_t size, gfp_t gfp)
{
	void *element;

	tree_judge_gfp(gfp);
	if (gfpflags_allow_blocking(gfp))
		might_sleep();
	else if (should_fail_alloc(ALLOC_FOLIO))
		return NULL;
	machine_mute();
	element = __kmalloc_tagged(size, __GFP_NOFAIL, ALLOC_OTHER, ALLOC_TYPE_MISC);
	machine_unmute();
	return element;
}

static void pool_give(void *element)
{
	machine_mute();
	kfree(element);
	machine_unmute();
}

/* An element knows its pool, from the word before it. */
#define ELEMENT_HEADER 16
static mempool_t **pool_of(void *element)
{
	return (mempool_t **)((char *)element - ELEMENT_HEADER);
}

mempool_t *mempool_create_kmalloc_pool(int min_nr, size_t size)
{
	mempool_t *pool = __kmalloc_tagged(sizeof(*pool), GFP_KERNEL, ALLOC_SWAPON, ALLOC_TYPE_MISC);

	if (!pool)
		return NULL;
	__atomic_store_n(&pool->size, size, __ATOMIC_RELAXED);
	__atomic_store_n(&pool->taken, 0, __ATOMIC_RELAXED);
	return pool;
}

void mempool_destroy(mempool_t *pool)
{
	if (!pool)
		return;
	if (RAW(pool->taken))
		harness_fail("SLAB", CODE_SITE, "a memory pool is destroyed, and %ld of its elements are in use",
			     RAW(pool->taken));
	kfree(pool);
}

void *mempool_alloc(mempool_t *pool, gfp_t gfp)
{
	char *element = pool_take(ELEMENT_HEADER + RAW(pool->size), gfp);

	if (!element)
		return NULL;
	element += ELEMENT_HEADER;
	*pool_of(element) = pool;
	RAW_ADD(pool->taken, 1);
	return element;
}

void mempool_free(void *element, mempool_t *pool)
{
	if (!element)
		return;
	if (*pool_of(element) != pool)
		harness_fail("SLAB", CODE_SITE, "an element goes back to another memory pool than it came from");
	RAW_ADD(pool->taken, -1);
	pool_give(pool_of(element));
}

struct bio *bio_alloc(struct block_device *bdev, unsigned short nr_vecs, unsigned int opf, gfp_t gfp)
{
	struct bio *bio = pool_take(sizeof(*bio), gfp);

	if (!bio)
		return NULL;
	bio_init(bio, bdev, &bio->bi_inline_vec, nr_vecs, opf);
	return bio;
}

void bio_put(struct bio *bio)
{
	pool_give(bio);
}

/* --- transfers ---------------------------------------------------------------------------------- */

static bool is_write(const struct bio *bio)
{
	return bio->bi_opf & REQ_OP_WRITE;
}

/* What is left of @bio behind the vectors before @bv, in bytes. */
#define vec_pages(bv) ((bv)->bv_len >> PAGE_SHIFT)
#define bio_for_each_vec(bv, left, bio)						\
	for ((bv) = (bio)->bi_io_vec, (left) = (bio)->bi_iter.bi_size; (left);	\
	     (left) -= (bv)->bv_len, (bv)++)

void tree_io_asked(const struct bio_vec *bv, bool write)
{
	struct folio *folio = bvec_folio(bv);

	if (!write) {
		tree_swapin_judge(tree_stack_of_task());
		tree_memsw_read(folio);
		trace_mm_fault_io(folio->swap, vec_pages(bv));
	}
	swap_io_folio(folio, write ? SWAP_IO_WRITE : SWAP_IO_READ);
}

void tree_io_request(bool write)
{
	swap_io_request(write ? SWAP_IO_WRITES : SWAP_IO_READS);
#if !API_NRSWP
	/* not counted by the tree */
	(count_vm_events)(write ? NRSWPOUT : NRSWPIN, 1);
#endif
}

#undef blkdev_issue_discard

int tree_issue_discard(struct block_device *bdev, sector_t sector, sector_t nr_sects, gfp_t gfp)
{
	tree_judge_gfp(gfp);
	if (should_fail_alloc(ALLOC_REFUSED)) {
		bdev_discard_failed(bdev);
		return -EIO;
	}
	return blkdev_issue_discard(bdev, sector, nr_sects, gfp);
}

void tree_start_writeback(struct folio *folio)
{
	tree_written(folio);
	(folio_start_writeback)(folio);
}

static void bio_asked(const struct bio *bio)
{
	const struct bio_vec *bv;
	unsigned int left;

	might_sleep();
	if (is_write(bio) && !(bio->bi_opf & REQ_SWAP))
		harness_fail("IO-BLOCK", CODE_SITE, "a swap-out without REQ_SWAP, which may be throttled");
	tree_io_request(is_write(bio));
	bio_for_each_vec(bv, left, bio)
		tree_io_asked(bv, is_write(bio));
}

/* May sleep. */
static void bio_transfer(struct bio *bio)
{
	sector_t sector = bio->bi_iter.bi_sector;
	const struct bio_vec *bv;
	unsigned int left;

	bio_for_each_vec(bv, left, bio) {
		struct folio *folio = bvec_folio(bv);
		unsigned long block = sector >> (PAGE_SHIFT - SECTOR_SHIFT);

		if (is_write(bio))
			trace_mm_write_io(folio->swap, vec_pages(bv));
		if (is_write(bio) ? bdev_write(bio->bi_bdev, block, folio) :
		    bdev_read(bio->bi_bdev, block, folio))
			bio->bi_status = BLK_STS_IOERR;
		sector += bv->bv_len >> SECTOR_SHIFT;
	}
	if (bio->bi_status)
		return;
	bio_for_each_vec(bv, left, bio)
		swap_io_folio(bvec_folio(bv), is_write(bio) ? SWAP_IO_WRITE_DONE : SWAP_IO_READ_DONE);
}

int submit_bio_wait(struct bio *bio)
{
	bio_asked(bio);
	bio_transfer(bio);
	return bio->bi_status ? -EIO : 0;
}

static void bio_work(struct work_struct *work)
{
	struct bio *bio = container_of(work, struct bio, bi_work);
	const struct bio_vec *bv;
	unsigned int left;

	if (!is_write(bio))
		bio_for_each_vec(bv, left, bio)
			lock_take_over(bvec_folio(bv), lock_class_folio, CODE_SITE);
	bio_transfer(bio);
	irq_enter();
	bio->bi_end_io(bio);
	irq_exit();
}

void submit_bio(struct bio *bio)
{
	const struct bio_vec *bv;
	unsigned int left;

	bio_asked(bio);
	if (!is_write(bio))
		bio_for_each_vec(bv, left, bio)
			lock_hand_over(bvec_folio(bv), lock_class_folio, CODE_SITE);
	INIT_WORK(&bio->bi_work, bio_work);
	schedule_work(&bio->bi_work);
	/* it may be over before the caller goes on */
	machine_point(POINT_IO, NULL);
}

/* --- content ------------------------------------------------------------------------------------ */

#define PAGE_WORDS (PAGE_SIZE / sizeof(unsigned long))

/*
 * One page is mapped at a time, and nobody else runs in the thread meanwhile: fibers share it, which
 * TSan, for whom they are threads, need not know. Behind it is what nobody may take for the page's.
 */
static __thread struct {
	unsigned long words[PAGE_WORDS], behind;
	unsigned int used;			/* the word that is not zero, if there is any */
	bool mapped;
} view;

/* No page is mapped when a schedule begins. */
void tree_views_reset(void)
{
	__builtin_memset(&view, 0, sizeof(view));
}

/*
 * A page as its bytes: zeroes, but for one word if the page's content is not that of a page of zeroes;
 * which word that is depends on the content: mostly the last one, as in the kernel's experience.
 */
static __no_instrument void *tree_kmap_page(struct folio *folio, unsigned int page)
{
	unsigned long content, hash;

	if (page >> folio->_order)
		harness_fail("OOB", CODE_SITE, "page %u of a folio of order %u is mapped", page, folio->_order);
	/* as in the kernel's kmap_assert_nomap() */
	WARN_ON_ONCE(view.mapped);
	content = folio_content(folio, page);
	hash = content * 0x9e3779b97f4a7c15UL;
	/* with --warn=go there may be one that is mapped */
	view.words[view.used] = 0;
	view.mapped = true;
	view.behind = ~0UL;
	if (content != CONTENT_ZERO) {
		view.used = hash >> 62 ? PAGE_WORDS - 1 : (hash >> 32) % PAGE_WORDS;
		view.words[view.used] = content | 1;
	}
	return view.words;
}

/* A page of the swap header, which world.c made, is no folio of the model. */
void *kmap_local_folio(struct folio *folio, size_t offset)
{
	if (tree_is_table(folio))
		return (char *)folio + offset;
	return tree_kmap_page(folio, offset >> PAGE_SHIFT);
}

__no_instrument void kunmap_local(const void *addr)
{
	view.words[view.used] = 0;
	view.mapped = false;
}

void folio_zero_range(struct folio *folio, size_t start, size_t length)
{
	unsigned int page = start >> PAGE_SHIFT, end = (start + length) >> PAGE_SHIFT;

	tree_memsw_read(folio);
	trace_mm_read_zero(folio->swap, end - page);
	swap_io_pages(folio, end - page, SWAP_IO_ZERO_IN);
	for (; page < end; page++)
		folio_set_content(folio, page, CONTENT_ZERO);
}
