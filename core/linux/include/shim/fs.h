/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files: as much as swapon and swapoff need to open a device of the model, whose address stands
 * for its path. More lenient than the kernel: a write-back writes nothing, but may fail.
 */
#ifndef _SHIM_FS_H
#define _SHIM_FS_H

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <kernel/mutex.h>
#include <kernel/types.h>

struct block_device;
struct folio;
struct file;
struct iov_iter;
struct kiocb;
struct swap_info_struct;
struct address_space;

struct address_space_operations {
	bool (*dirty_folio)(struct address_space *mapping, struct folio *folio);
	int (*tree_migrate_folio)(struct address_space *mapping, struct folio *dst,
				  struct folio *src, int mode);
	int (*read_folio)(struct file *file, struct folio *folio);
	int (*swap_activate)(struct swap_info_struct *si, struct file *file, sector_t *span);
	void (*swap_deactivate)(struct file *file);
	int (*swap_rw)(struct kiocb *iocb, struct iov_iter *iter);	/* 7.2 */
};

/* Of a file system that does its swap files' I/O: core/linux/fs.c. */
int tree_read_folio(struct file *file, struct folio *folio);
extern const struct address_space_operations tree_fs_aops;

struct super_block { struct block_device *s_bdev; };

struct inode {
	unsigned int i_mode, i_flags, i_blkbits;
	struct rw_semaphore i_rwsem;
	unsigned long size;
	struct super_block *i_sb, sb;
	struct block_device *bdev;
};

struct address_space {
	struct inode *host;
	const struct address_space_operations *a_ops;
};

struct dentry { struct inode *d_inode; };

struct file {
	struct address_space *f_mapping;
	struct { struct dentry *dentry; } f_path;
	bool excl;
	int refs;
	struct block_device *bdev;
	void *private_data;
};

struct filename {
	const char *name;
	struct block_device *bdev;
};

struct filename *tree_filename(const char *specialfile);
/* CLASS(filename, name)(specialfile): it is file.c's, and stays */
typedef struct filename *class_filename_t;
#define class_filename_constructor(specialfile) tree_filename(specialfile)
static inline void class_filename_destructor(struct filename **name) { }

#ifndef O_LARGEFILE
#define O_LARGEFILE 0
#endif
struct file *file_open_name(struct filename *name, int flags, int mode);
int filp_close(struct file *file, void *id);
struct file *get_file(struct file *file);
void fput(struct file *file);
struct folio *read_mapping_folio(struct address_space *mapping, pgoff_t index, struct file *file);
int bmap(struct inode *inode, sector_t *block);
void *kmap_local_folio(struct folio *folio, size_t offset);
void kunmap_local(const void *addr);
void folio_release_kmap(struct folio *folio, void *addr);

#define S_SWAPFILE 1
#define IS_SWAPFILE(i) ((i)->i_flags & S_SWAPFILE)
/* By choice; 0: none of them. */
enum tree_flaw { FLAW_UNLINKED = 1, FLAW_CANT_MOUNT, FLAW_ENCRYPTED, FLAW_LARGE_BLOCKS };
bool tree_file_is(const struct inode *inode, enum tree_flaw flaw);
#define IS_ENCRYPTED(i) tree_file_is(i, FLAW_ENCRYPTED)
#define inode_lock(i) down_write(&(i)->i_rwsem)
#define inode_unlock(i) up_write(&(i)->i_rwsem)
int inode_drain_writes(struct inode *inode);
#define i_size_read(i) ((loff_t)(i)->size)
#define d_unlinked(d) tree_file_is((d)->d_inode, FLAW_UNLINKED)
#define cant_mount(d) tree_file_is((d)->d_inode, FLAW_CANT_MOUNT)
#define mapping_min_folio_order(m) ((unsigned int)tree_file_is((m)->host, FLAW_LARGE_BLOCKS))
#define mapping_set_no_writeback_tags(m) ((void)(m))
#define I_BDEV(i) ((i)->bdev)

#endif /* _SHIM_FS_H */
