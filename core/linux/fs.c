// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file system that does the I/O of its swap files itself, as NFS does: mm/page_io.c hands it what to
 * transfer, in pages that follow each other in the file. A work item transfers them, or, by choice, the task
 * itself. If a page fails, the transfer ends before it, and so is short.
 *
 * As with NFS, what calls ki_complete is a task, not an interrupt. Each folio is of one page, since only block
 * devices have large ones.
 */
#undef folio_put
#undef folio_alloc
#undef migrate_folio
#include <mm/mm.h>
#include <mm/mm_view.h>
#include "hooks.h"

static void for_each_vec(struct kiocb *iocb, void (*fn)(const struct bio_vec *bv))
{
	const struct bio_vec *bv = iocb->ki_bvec;
	size_t done;

	for (done = 0; done < iocb->ki_count; done += bv++->bv_len)
		fn(bv);
}

static void read_asked(const struct bio_vec *bv)
{
	tree_io_asked(bv, false);
}

static void write_asked(const struct bio_vec *bv)
{
	tree_io_asked(bv, true);
}

static void read_done(const struct bio_vec *bv)
{
	swap_io_folio(bvec_folio(bv), SWAP_IO_READ_DONE);
}

static void write_done(const struct bio_vec *bv)
{
	swap_io_folio(bvec_folio(bv), SWAP_IO_WRITE_DONE);
}

/* Return: bytes, -EIO if there are none. May sleep. */
static long file_transfer(struct kiocb *iocb)
{
	struct block_device *bdev = iocb->ki_filp->bdev;
	const struct bio_vec *bv = iocb->ki_bvec;
	size_t done = 0;
	int err;

	bdev_file_io(bdev);
	for (; done < iocb->ki_count; done += bv++->bv_len) {
		struct folio *folio = bvec_folio(bv);
		unsigned long block = bdev_block(bdev, (iocb->ki_pos + done) >> PAGE_SHIFT);

		if (iocb->ki_write)
			trace_mm_write_io(folio->swap, bv->bv_len >> PAGE_SHIFT);
		err = iocb->ki_write ? bdev_write(bdev, block, folio) : bdev_read(bdev, block, folio);
		if (err)
			return done ? (long)done : err;
	}
	for_each_vec(iocb, iocb->ki_write ? write_done : read_done);
	return done;
}

static void hand_over(const struct bio_vec *bv)
{
	lock_hand_over(bvec_folio(bv), lock_class_folio, CODE_SITE);
}

static void take_over(const struct bio_vec *bv)
{
	lock_take_over(bvec_folio(bv), lock_class_folio, CODE_SITE);
}

static void file_work(struct work_struct *work)
{
	struct kiocb *iocb = container_of(work, struct kiocb, ki_work);

	if (!iocb->ki_write)
		for_each_vec(iocb, take_over);
	iocb->ki_complete(iocb, file_transfer(iocb));
}

/* Return: bytes or an error, and the caller completes it; -EIOCBQUEUED: it is under way. */
static int file_swap_rw(struct kiocb *iocb, struct iov_iter *iter)
{
	iocb->ki_bvec = iter->bvec;
	iocb->ki_count = iter->count;
	iocb->ki_write = iter->data_source == ITER_SOURCE;
	tree_io_request(iocb->ki_write);
	for_each_vec(iocb, iocb->ki_write ? write_asked : read_asked);
	if (!machine_random(4))
		return file_transfer(iocb);
	if (!iocb->ki_write)
		for_each_vec(iocb, hand_over);
	INIT_WORK(&iocb->ki_work, file_work);
	schedule_work(&iocb->ki_work);
	/* it may be over before the caller goes on */
	machine_point(POINT_IO, NULL);
	return -EIOCBQUEUED;
}

#if API_SWAP_IO_CTX
static void file_submit(struct swap_io_ctx *ctx, int rw)
{
	struct kiocb *iocb = &ctx->sio->iocb;
	struct iov_iter iter;
	int ret;

	swap_fs_prepare_rw(ctx, rw, &iter);
	ret = file_swap_rw(iocb, &iter);
	if (ret != -EIOCBQUEUED)
		iocb->ki_complete(iocb, ret);
}

static void file_submit_write(struct swap_io_ctx *ctx)
{
	file_submit(ctx, WRITE);
}

static void file_submit_read(struct swap_io_ctx *ctx)
{
	file_submit(ctx, READ);
}

static const struct swap_ops file_swap_ops = {
	.submit_write = file_submit_write,
	.submit_read = file_submit_read,
	.can_merge = swap_fs_can_merge,
};
#endif

static int file_swap_activate(struct swap_info_struct *si, struct file *file, sector_t *span)
{
	int ret;

	if (should_fail_alloc(ALLOC_SWAPON))
		return -ENOMEM;
	*span = si->pages;
#if API_SWAP_IO_CTX
	ret = swap_fs_activate(si, &file_swap_ops);
#else
	si->flags |= SWP_FS_OPS;
	ret = add_swap_extent(si, 0, si->max, 0);
#endif
	if (ret >= 0)
		bdev_file_swapped(file->bdev, true);
	return ret;
}

static void file_swap_deactivate(struct file *file)
{
	bdev_file_swapped(file->bdev, false);
}

const struct address_space_operations tree_fs_aops = {
	.read_folio = tree_read_folio,
	.swap_activate = file_swap_activate,
	.swap_deactivate = file_swap_deactivate,
#if !API_SWAP_IO_CTX
	.swap_rw = file_swap_rw,
#endif
};
