/* SPDX-License-Identifier: GPL-2.0-only */
/* A file in /proc: /proc/swaps is opened, read by kernel/seq_file.h, and polled by core/linux/procfs.c. */
#ifndef _SHIM_PROCFS_H
#define _SHIM_PROCFS_H

#include <sys/epoll.h>
#include <kernel/seq_file.h>
#include <shim/fs.h>

typedef unsigned int __poll_t;
typedef struct poll_table_struct poll_table;
#define poll_wait(file, queue, table) ((void)(table), tree_poll_waits(queue))
struct tree_wait_queue_head;
void tree_poll_waits(const struct tree_wait_queue_head *queue);

struct proc_ops {
	unsigned int proc_flags;
	int (*proc_open)(struct inode *inode, struct file *file);
	ssize_t (*proc_read)(struct file *file, char *buf, size_t size, loff_t *pos);
	loff_t (*proc_lseek)(struct file *file, loff_t offset, int whence);
	int (*proc_release)(struct inode *inode, struct file *file);
	__poll_t (*proc_poll)(struct file *file, poll_table *table);
};
#define PROC_ENTRY_PERMANENT 1
#define proc_create(name, mode, parent, ops) tree_proc_create(ops)
void tree_proc_create(const struct proc_ops *ops);

/* the harness reads as these would */
#define seq_read NULL
#define seq_lseek NULL
#define seq_release NULL
int seq_open(struct file *file, const struct seq_operations *op);
int seq_file_path(struct seq_file *m, struct file *file, const char *escaped);
#define file_inode(file) ((file)->f_mapping->host)

#endif /* _SHIM_PROCFS_H */
