/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What userspace is told of swap: the lines of /proc/swaps, and the numbers of sysinfo(). The core
 * says what is in them, core/mm reads. More lenient than the kernel: what does not fit into the reader's buffer
 * is lost.
 */
#ifndef _KERNEL_SEQ_FILE_H
#define _KERNEL_SEQ_FILE_H

#include <kernel/types.h>

struct seq_operations;

/* An open file, and what was read of it. */
struct seq_file {
	char *buf;
	size_t size, count;
	const struct seq_operations *op;
	int poll_event;
};

/* One read(): start at the line *@pos, show and next for each line, stop. Locks are held from start to stop. */
struct seq_operations {
	void *(*start)(struct seq_file *m, loff_t *pos);
	void (*stop)(struct seq_file *m, void *v);
	void *(*next)(struct seq_file *m, void *v, loff_t *pos);
	int (*show)(struct seq_file *m, void *v);
};

#define SEQ_START_TOKEN ((void *)1)	/* the heading */

void seq_puts(struct seq_file *m, const char *s);
void seq_printf(struct seq_file *m, const char *fmt, ...) __printf(2, 3);

struct sysinfo {
	unsigned long totalswap, freeswap;	/* pages */
};

#endif /* _KERNEL_SEQ_FILE_H */
