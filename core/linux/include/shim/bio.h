/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The block layer below mm/page_io.c: bios on the devices of core/mm, memory pools, and the calls of
 * page_io.c to memory cgroups, pressure stall and delay accounting.
 *
 * A submitted bio is a work item: it is transferred in a separate task, which then calls bi_end_io,
 * so that all of it interleaves with the task that submitted it. submit_bio_wait() transfers
 * in the caller. A transfer fails by a choice of the machine, and then its whole bio has failed.
 *
 * More lenient than the kernel: a bio is neither split, merged nor reordered within
 * itself; it waits for no request; a completion interrupts no task, though it may not sleep, and in_task()
 * is false in it; pools are never empty; who is throttled does not wait.
 */
#ifndef _SHIM_BIO_H
#define _SHIM_BIO_H

#include <kernel/blkdev.h>
#include <kernel/workqueue.h>
#include <shim/page.h>
#include <shim/state.h>

typedef unsigned int blk_opf_t;
#define REQ_OP_READ 0u
#define REQ_OP_WRITE 1u
#define REQ_SWAP 2u
#define READ 0
#define WRITE 1

typedef unsigned char blk_status_t;
#define BLK_STS_IOERR ((blk_status_t)10)

struct bio_vec {
	struct page *bv_page;
	unsigned int bv_len, bv_offset;
};

struct bio {
	struct block_device *bi_bdev;
	unsigned int bi_opf;
	blk_status_t bi_status;
	struct {
		sector_t bi_sector;
		unsigned int bi_size;
	} bi_iter;
	void (*bi_end_io)(struct bio *bio);
	struct bio_vec *bi_io_vec;
	struct bio_vec bi_inline_vec;		/* of bio_alloc() */
	struct work_struct bi_work;
};

static inline struct folio *bvec_folio(const struct bio_vec *bv)
{
	return (page_folio)(bv->bv_page);
}

static inline void bvec_set_folio(struct bio_vec *bv, struct folio *folio, size_t len, size_t offset)
{
	bv->bv_page = (folio_page)(folio, offset >> PAGE_SHIFT);
	bv->bv_len = len;
	bv->bv_offset = 0;
}

static inline void bio_init(struct bio *bio, struct block_device *bdev, struct bio_vec *table,
			    unsigned short max_vecs, unsigned int opf)
{
	memset(bio, 0, sizeof(*bio));
	bio->bi_bdev = bdev;
	bio->bi_opf = opf;
	bio->bi_io_vec = table;
}

static inline void bio_uninit(struct bio *bio)
{
	bio->bi_io_vec = NULL;
}

/* One vector is all that is ever asked for. Never fails. */
struct bio *bio_alloc(struct block_device *bdev, unsigned short nr_vecs, unsigned int opf, gfp_t gfp);
void bio_put(struct bio *bio);

static inline void bio_add_folio_nofail(struct bio *bio, struct folio *folio, size_t len, size_t offset)
{
	bvec_set_folio(bio->bi_io_vec, folio, len, offset);
	bio->bi_iter.bi_size = len;
}

static inline struct folio *bio_first_folio_all(struct bio *bio)
{
	return bvec_folio(bio->bi_io_vec);
}

#define bio_dev(bio) ((bio)->bi_bdev->bd_dev)
#define MAJOR(dev) ((unsigned int)(dev) >> 20)
#define MINOR(dev) ((unsigned int)(dev) & 0xfffffu)

/**
 * submit_bio - begin a transfer
 * @bio: bi_end_io is set; it belongs to the block layer until that is called
 *
 * It takes over the locks of folios that are read. Context: any. The transfer may be over on return.
 */
void submit_bio(struct bio *bio);

/* Transfers, and sets bi_status to the result; does not call bi_end_io. May sleep. */
int submit_bio_wait(struct bio *bio);

/* --- I/O through a file system ------------------------------------------------------------------- */

struct kiocb {
	struct file *ki_filp;
	loff_t ki_pos;
	void (*ki_complete)(struct kiocb *iocb, long ret);
	/* fs.c's, which allocates no request of its own */
	const struct bio_vec *ki_bvec;
	size_t ki_count;
	bool ki_write;
	struct work_struct ki_work;
};

struct iov_iter {
	const struct bio_vec *bvec;
	unsigned int data_source, nr_segs;
	size_t count;
};

#define ITER_SOURCE 1
#define ITER_DEST 0
#define EIOCBQUEUED 529

static inline void init_sync_kiocb(struct kiocb *iocb, struct file *file)
{
	memset(iocb, 0, sizeof(*iocb));
	iocb->ki_filp = file;
}

static inline void iov_iter_bvec(struct iov_iter *iter, unsigned int direction,
				 const struct bio_vec *bvec, unsigned long nr_segs, size_t count)
{
	*iter = (struct iov_iter){ bvec, direction, nr_segs, count };
}

/* For checks: a folio's transfer, or a request for some, gets to its device. */
void tree_io_asked(const struct bio_vec *bv, bool write);
void tree_io_request(bool write);
void tree_start_writeback(struct folio *folio);
bool tree_wants_written(void);
bool tree_zswap_store(struct folio *folio);
int tree_zswap_load(struct folio *folio);

/*
 * --- memory pools: what is taken counts as the machine's own, and is no scheduling point --------
 *
 * As in the kernel, who may sleep gets an element, and who may not (no __GFP_DIRECT_RECLAIM) perhaps NULL. To make a
 * pool may fail. It is a LEAK unless it is destroyed, or a variable names it at the end.
 */

typedef struct { size_t size; long taken; } mempool_t;
mempool_t *mempool_create_kmalloc_pool(int min_nr, size_t size);
void mempool_destroy(mempool_t *pool);
void *mempool_alloc(mempool_t *pool, gfp_t gfp);
void mempool_free(void *element, mempool_t *pool);

/* --- content: a page of the model is one word; see tree_kmap_page() ------------------------------ */

void folio_zero_range(struct folio *folio, size_t start, size_t length);

#ifdef TREE_SOURCE
#define folio_size(folio) (PAGE_SIZE << folio_order(folio))
/* what is set before a read stays: no scheduling point where the folio is locked */
static inline bool folio_test_workingset(const struct folio *folio)
{
	unsigned long flags = __atomic_load_n(&folio->flags, __ATOMIC_RELAXED);
	bool set;

	if (flags & BIT(PG_locked))
		return flags & BIT(PG_workingset);
	/* and elsewhere reclaim may set it at any time */
	if (!machine_random(4))
		__atomic_fetch_or((unsigned long *)&folio->flags, BIT(PG_workingset), __ATOMIC_RELAXED);
	set = test_bit(PG_workingset, &folio->flags);
	folio_used(folio);
	return set;
}
#define folio_start_writeback(folio) tree_start_writeback(folio)
#define folio_clear_reclaim(folio) ((void)(folio))
#define folio_test_pmd_mappable(folio) (folio_order(folio) >= HPAGE_PMD_ORDER)
#define set_page_dirty(page) folio_mark_dirty(page_folio(page))
#define ClearPageReclaim(page) ((void)(page))
#define end_page_writeback(page) folio_end_writeback(page_folio(page))

/* by choice; the cgroup, of which there is none here, is under RCU */
#define mem_cgroup_zswap_writeback_enabled(memcg)				\
	(__rcu_deref_check(rcu_read_lock_held(), #memcg, CODE_SITE), tree_wants_written())

#define delayacct_thrashing_start(in) ((void)(in), tree_state_add(STATE_THRASHING, 1))
#define delayacct_thrashing_end(in) ((void)(in), tree_state_add(STATE_THRASHING, -1))
#define delayacct_swapin_start() tree_state_add(STATE_SWAPIN, 1)
#define delayacct_swapin_end() tree_state_add(STATE_SWAPIN, -1)
#define psi_memstall_enter(flags) ((void)(flags), tree_state_add(STATE_STALL, 1))
#define psi_memstall_leave(flags) ((void)(flags), tree_state_add(STATE_STALL, -1))
#define get_task_struct(t) ((void)__atomic_fetch_add(&(t)->usage, 1, __ATOMIC_RELAXED))
#define put_task_struct(t) ((void)__atomic_fetch_sub(&(t)->usage, 1, __ATOMIC_RELAXED))
#define arch_prepare_to_swap(folio) tree_tags_saved(folio)

#define zswap_store(folio) tree_zswap_store(folio)
#define zswap_load(folio) tree_zswap_load(folio)
#define zswap_folio_swapin(folio) ((void)(folio))
#endif

#endif /* _SHIM_BIO_H */
