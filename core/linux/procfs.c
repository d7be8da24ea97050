// SPDX-License-Identifier: GPL-2.0-only
/* /proc/swaps of the tree: opened and polled here, read by core/mm/procfs.c. */
#include <kernel/machine.h>
#include <kernel/world.h>
#include <linux/swap.h>
#include <shim/procfs.h>
#include <shim/blkdev.h>

static const struct proc_ops *swaps;

void tree_proc_create(const struct proc_ops *ops)
{
	swaps = ops;
}

int seq_open(struct file *file, const struct seq_operations *op)
{
	((struct seq_file *)file->private_data)->op = op;
	return 0;
}

/* The path ends with the number of the device, by which the checks know it. */
int seq_file_path(struct seq_file *m, struct file *file, const char *escaped)
{
	size_t begin = m->count;

	/* d_path() takes its time */
	machine_point(POINT_IO, NULL);
	seq_printf(m, "/swap%lu", (unsigned long)file->bdev->bd_dev);
	return m->count - begin;
}

void swaps_open(struct seq_file *m)
{
	struct file file = { .private_data = m };

	swaps->proc_open(NULL, &file);
}

bool swaps_changed(struct seq_file *m)
{
	struct file file = { .private_data = m };

	return swaps->proc_poll(&file, NULL) & EPOLLPRI;
}
