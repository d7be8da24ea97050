// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files that swapon and swapoff open, one for each device, named by its address: their headers, where they have
 * their blocks, and what swapon says of them.
 */
#include <stdarg.h>
#include <linux/swap.h>
#include <kernel/slab.h>
#include <mm/mm.h>
#include <shim/blkdev.h>
#include "hooks.h"

#define TREE_OPENS_MAX 129		/* each task is at a swapon of a file that is on */
struct tree_file {
	struct block_device *bdev;
	int claimed;			/* a block device by O_EXCL */
	struct file *opens[TREE_OPENS_MAX];	/* by O_EXCL: of the swapon that succeeded, and of those that try */
	struct inode inode;
	unsigned long hole;		/* of the running swapon, see bmap(): its place + 1, or 0 */
	struct address_space mapping;
	struct dentry dentry;
	struct filename filename;
	char name[5];
};

#define TREE_FILES_MAX 64
static struct tree_file *files[TREE_FILES_MAX];
static struct mutex files_mutex = { .dep = { .class = lock_class_machine } };

/* Something that swapon was told lets it do nothing but fail. */
static void refused(const char *why)
{
	tree_stack_of_task()->refused = why;
}

bool tree_is_zoned(const struct block_device *bdev)
{
	struct tree_stack *s = tree_stack_of_task();

	/* once in each swapon */
	if (!s->zoned)
		s->zoned = should_fail_alloc(ALLOC_REFUSED) ? 1 : -1;
	if (s->zoned > 0)
		refused("is zoned");
	return s->zoned > 0;
}

/* A block device, whose inode is the block layer's, is never encrypted: files are often, to make up for it. */
static int flaw_of(const struct inode *inode)
{
	static const int flaws[] = {
		FLAW_UNLINKED, FLAW_CANT_MOUNT, FLAW_LARGE_BLOCKS, FLAW_ENCRYPTED, FLAW_ENCRYPTED, FLAW_ENCRYPTED,
	};

	if (!should_fail_alloc(ALLOC_REFUSED))
		return -1;
	return flaws[machine_random(S_ISREG(inode->i_mode) ? ARRAY_SIZE(flaws) : 3)];
}

/* By choice something is wrong with a device that swapon opens, one thing in each swapon. */
bool tree_file_is(const struct inode *inode, enum tree_flaw flaw)
{
	static const char *const whys[] = {
		[FLAW_UNLINKED] = "has been removed", [FLAW_CANT_MOUNT] = "is being removed",
		[FLAW_ENCRYPTED] = "is encrypted", [FLAW_LARGE_BLOCKS] = "has blocks larger than a page",
	};
	struct tree_stack *s = tree_stack_of_task();

	if (!s->flaw)
		s->flaw = flaw_of(inode);
	if (s->flaw != (int)flaw)
		return false;
	refused(whys[flaw]);
	return true;
}

/*
 * Where a file has its blocks. By choice one of them is nowhere, in each swapon another: the file has a hole
 * there, or the file system cannot tell. Or the hole is behind the last one, which stands for a file of which no
 * block is where a page could begin.
 */
int bmap(struct inode *inode, sector_t *block)
{
	struct tree_file *f = container_of(inode, struct tree_file, inode);
	unsigned long place = *block, nr = bdev_file_blocks(inode->bdev);

	if (!place)
		f->hole = !should_fail_alloc(ALLOC_REFUSED) ? 0 : machine_random(4) ? 1 + machine_random(nr) : nr + 1;
	*block = bdev_file_block(inode->bdev, place);
	if (f->hole == nr + 1) {
		refused("has no page");
		*block = (place << BDEV_BLOCK_BITS) + 1;
	}
	if (f->hole != place + 1)
		return 0;
	refused("has a hole");
	if (place % 2)
		return -ENOMEM;
	*block = 0;
	return 0;
}

int tree_read_folio(struct file *file, struct folio *folio)
{
	return 0;
}

static const struct address_space_operations file_aops = { .read_folio = tree_read_folio };
static const struct block_device_operations disk_fops = { .swap_slot_free_notify = tree_told_driver };
static struct gendisk disk = { .fops = &disk_fops };

static struct tree_file *file_of(struct block_device *bdev)
{
	struct tree_file *f;
	unsigned int i;

	mutex_lock(&files_mutex);
	for (i = 0; i < TREE_FILES_MAX && (f = files[i]); i++)
		if (f->bdev == bdev)
			goto out;
	if (i == TREE_FILES_MAX)
		harness_fail("SETUP", CODE_SITE, "more than %u devices", TREE_FILES_MAX);
	f = __kmalloc_tagged(sizeof(*f), GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL, ALLOC_OTHER,
			     ALLOC_TYPE_DEVICE);
	f->bdev = bdev;
	bdev->bd_disk = &disk;
	f->mapping.host = &f->inode;
	f->mapping.a_ops = bdev_is_fs(bdev) ? &tree_fs_aops : &file_aops;
	f->inode.i_mode = bdev_is_blkdev(bdev) ? S_IFBLK : S_IFREG;
	f->inode.i_blkbits = PAGE_SHIFT - BDEV_BLOCK_BITS;
	f->inode.size = bdev_file_blocks(bdev) << f->inode.i_blkbits;
	f->inode.bdev = bdev;
	f->inode.sb.s_bdev = bdev_is_fs(bdev) ? NULL : bdev;
	f->inode.i_sb = &f->inode.sb;
	init_rwsem(&f->inode.i_rwsem);
	lockdep_set_class(&f->inode.i_rwsem, lock_class_i_rwsem);
	f->dentry.d_inode = &f->inode;
	f->filename.bdev = bdev;
	f->filename.name = memcpy(f->name, "swap", sizeof(f->name));
	files[i] = f;
out:
	mutex_unlock(&files_mutex);
	return f;
}

struct filename *tree_filename(const char *specialfile)
{
	return &file_of((struct block_device *)specialfile)->filename;
}

/* Notes that @f has @file open instead of @old; one of the two is NULL. */
static void file_opens(struct tree_file *f, struct file *old, struct file *file)
{
	unsigned int i;

	mutex_lock(&files_mutex);
	for (i = 0; i < TREE_OPENS_MAX && f->opens[i] != old; i++)
		;
	if (i == TREE_OPENS_MAX)
		harness_fail("SETUP", CODE_SITE, old ? "a file is closed that is not open" :
			     "more than %u swapons of a file", TREE_OPENS_MAX);
	__atomic_store_n(&f->opens[i], file, __ATOMIC_RELAXED);
	mutex_unlock(&files_mutex);
}

/* O_EXCL without O_CREAT means something for a block device only: nobody else may have claimed it. */
struct file *file_open_name(struct filename *name, int flags, int mode)
{
	struct tree_file *f = file_of(name->bdev);
	struct file *file;

	might_sleep();
	if ((flags & O_EXCL) && S_ISBLK(f->inode.i_mode) && cmpxchg(&f->claimed, 0, 1))
		return ERR_PTR(-EBUSY);
	file = kzalloc(sizeof(*file), __GFP_NOFAIL);
	file->bdev = name->bdev;
	file->f_mapping = &f->mapping;
	file->f_path.dentry = &f->dentry;
	file->refs = 1;
	file->excl = flags & O_EXCL;
	if (file->excl)
		file_opens(f, NULL, file);
	return file;
}

struct file *get_file(struct file *file)
{
	__atomic_add_fetch(&file->refs, 1, __ATOMIC_RELAXED);
	return file;
}

int filp_close(struct file *file, void *id)
{
	might_sleep();
	fput(file);
	return 0;
}

void fput(struct file *file)
{
	struct tree_file *f = file_of(file->bdev);

	if (__atomic_sub_fetch(&file->refs, 1, __ATOMIC_ACQ_REL))
		return;
	/* before the memory is used again; the tree does not name the file any more */
	if (file->excl) {
		file_opens(f, file, NULL);
		if (S_ISBLK(f->inode.i_mode))
			smp_store_release(&f->claimed, 0);
	}
	kfree(file);
}

static void swap_bytes(union swap_header *h)
{
	unsigned int i;

	for (i = 0; i < min(h->info.nr_badpages, (unsigned int)MAX_SWAP_BADPAGES); i++)
		swab32s(&h->info.badpages[i]);
	swab32s(&h->info.version);
	swab32s(&h->info.last_page);
	swab32s(&h->info.nr_badpages);
}

/* What else a first page may be. */
static void spoil(union swap_header *h)
{
	static const char *const whys[] = {
		"has no signature", "has a header of version 2", "has too many bad pages", "is empty",
		"has a header whose first page is bad", "has a bad page behind its end",
		"has a page that is bad twice", "has only bad pages",
	};
	unsigned int why = machine_random(ARRAY_SIZE(whys)), nr = h->info.nr_badpages, i;

	if (why == 7 && h->info.last_page > MAX_SWAP_BADPAGES)
		why = 6;
	switch (why) {
	case 0:
		h->magic.magic[9] = '3';
		break;
	case 1:
		h->info.version = 2;
		break;
	case 2:
		h->info.nr_badpages = 1U << 28;
		break;
	case 3:
		h->info.last_page = 0;
		break;
	case 7:
		for (i = 0; i < h->info.last_page; i++)
			h->info.badpages[i] = i + 1;
		h->info.nr_badpages = h->info.last_page;
		break;
	default:
		/* more than there are: the last ones make room */
		nr = min(nr, MAX_SWAP_BADPAGES - 2U);
		h->info.badpages[nr] = why == 4 ? 0 : why == 5 ? h->info.last_page + 1 : 1;
		h->info.badpages[nr + 1] = 1;
		h->info.nr_badpages = nr + 1 + (why == 6);
	}
	refused(whys[why]);
}

/*
 * The first page of a device: the header that mkswap would have written, of every third number of pages
 * on a machine of the other byte order. By choice there is no memory for it, or it is no header.
 */
struct folio *read_mapping_folio(struct address_space *mapping, pgoff_t index, struct file *file)
{
	static const char no_memory[] = "has a header for which there was no memory";
	struct bdev_swap_header header;
	union swap_header *h;
	unsigned int i;

	might_sleep();
	if (should_fail_alloc(ALLOC_REFUSED)) {
		refused(no_memory);
		return ERR_PTR(-ENOMEM);
	}
	/* it may have been tried again */
	if (tree_stack_of_task()->refused == no_memory)
		tree_stack_of_task()->refused = NULL;
	h = kzalloc(PAGE_SIZE, __GFP_NOFAIL);
	bdev_read_swap_header(file->bdev, &header);
	memcpy(h->magic.magic, "SWAPSPACE2", 10);
	h->info.version = 1;
	h->info.last_page = header.last_page;
	h->info.nr_badpages = header.nr_badpages;
	for (i = 0; i < header.nr_badpages; i++)
		h->info.badpages[i] = header.badpages[i];
	if (should_fail_alloc(ALLOC_REFUSED))
		spoil(h);
	if (header.last_page % 3 == 2)
		swap_bytes(h);
	return (struct folio *)h;
}

void folio_release_kmap(struct folio *folio, void *addr)
{
	kfree(folio);
}

#define ADDING "Adding %uk swap on %s.  Priority:%d extents:%d across:%lluk "

static void check_adding(const char *name, int extents, unsigned long long span)
{
	unsigned long right_span;
	struct tree_file *f;
	int right = 1, i;

	for (i = 0; i < TREE_FILES_MAX && (f = RAW(files[i])) && f->name != name; i++)
		;
	if (i == TREE_FILES_MAX || !f)
		return;
	right_span = bdev_nr_pages(f->bdev) - 1;
	if (!bdev_is_blkdev(f->bdev) && !bdev_is_fs(f->bdev))
		right = bdev_extents(f->bdev, &right_span);
	right_span <<= PAGE_SHIFT - 10;
	if (extents != right || span != right_span)
		harness_fail("RESULT", CODE_SITE, "swapon says that it has added %d extents across %llu KiB, "
			     "but there are %d across %lu", extents, span, right, right_span);
}

/* A message: of swapon's the numbers are right. */
void tree_pr_info(const char *fmt, ...)
{
	const char *name;
	int extents;
	va_list args;

	if (strncmp(fmt, ADDING, sizeof(ADDING) - 1))
		return;
	va_start(args, fmt);
	va_arg(args, unsigned int);
	name = va_arg(args, const char *);
	va_arg(args, int);
	extents = va_arg(args, int);
	check_adding(name, extents, va_arg(args, unsigned long long));
	va_end(args);
}

/* The last step of swapon that can fail: what is dirty of the file is written first, and not made dirty again. */
int inode_drain_writes(struct inode *inode)
{
	might_sleep();
	if (should_fail_alloc(ALLOC_IO))
		return -ENOSPC;
	tree_stack_of_task()->drained |= IS_SWAPFILE(inode);
	return 0;
}

/*
 * Which device a type is: what a user knows by its path. The tree has no such function, and to
 * look without its locks is the harness's own doing.
 */
__no_instrument struct block_device *swap_bdev(const struct swap_info_struct *si)
{
	const struct file *file = RAW(si->swap_file);
	unsigned int i, k;

	if (RAW(si->bdev))
		return RAW(si->bdev);
	for (i = 0; file && i < TREE_FILES_MAX && RAW(files[i]); i++) {
		/* the others have a block device, and their own may be gone */
		if (RAW(files[i])->mapping.a_ops != &tree_fs_aops)
			continue;
		for (k = 0; k < TREE_OPENS_MAX; k++)
			if (RAW(RAW(files[i])->opens[k]) == file)
				return RAW(files[i])->bdev;
	}
	return NULL;
}

void tree_files_reset(void)
{
	memset(&files_mutex, 0, sizeof(files_mutex));
	files_mutex.dep.class = lock_class_machine;
	memset(files, 0, sizeof(files));
}

void tree_files_free(void)
{
	unsigned int i;

	for (i = 0; i < TREE_FILES_MAX && files[i]; i++)
		kfree(files[i]);
}
