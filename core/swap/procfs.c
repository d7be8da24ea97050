// SPDX-License-Identifier: GPL-2.0-only
/* What userspace is told (SPEC 10): /proc/swaps and the numbers of sysinfo(). */
#include <kernel/blkdev.h>
#include <kernel/mutex.h>
#include <kernel/seq_file.h>
#include "cluster.h"
#include "trace.h"

#define KIB_SHIFT (PAGE_SHIFT - 10)

/**
 * si_swapinfo - how much swap there is, and how much of it is free
 * @val: filled in; pages
 *
 * The slots in use of a device that is being swapped off count as swap that is there and in use.
 * An allocation that passed the WRITEOK gate takes slots after the usage of such a device was read: then
 * nr_swap_pages is lower than it should be, maybe below what was added to it.
 * Context: takes swap_lock.
 */
void si_swapinfo(struct sysinfo *val)
{
	long going = 0, free;
	unsigned int type;

	spin_lock(&swap_lock);
	for (type = 0; type < nr_swapfiles; type++) {
		unsigned long flags = READ_ONCE(swap_info[type]->flags);

		if ((flags & (SWP_USED | SWP_WRITEOK)) == SWP_USED)
			going += swap_usage_in_pages(swap_info[type]);
	}
	trace_swap_sysinfo_used();
	free = atomic_long_read(&nr_swap_pages) + going;
	val->freeswap = mutant(UPSTREAM_SWAPINFO_WRAPS) ? free : max(free, 0L);
	val->totalswap = total_swap_pages + going;
	spin_unlock(&swap_lock);
}

/* The first device from @type on that has a line. */
static struct swap_info_struct *shown_from(unsigned int type)
{
	struct swap_info_struct *si;

	while ((si = swap_type_to_info(type)) && !si->shown)
		type++;
	return si;
}

/* Line 0 is the heading. Devices that came or went between two reads shift the others. */
static void *swaps_start(struct seq_file *m, loff_t *pos)
	__acquires(swapon_mutex)
{
	struct swap_info_struct *si;
	loff_t line;

	mutex_lock(&swapon_mutex);
	if (!*pos)
		return SEQ_START_TOKEN;
	si = shown_from(0);
	for (line = 1; si && line < *pos; line++)
		si = shown_from(si->type + 1);
	return si;
}

static void *swaps_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct swap_info_struct *si = v;

	++*pos;
	return shown_from(v == SEQ_START_TOKEN ? 0 : si->type + 1);
}

static void swaps_stop(struct seq_file *m, void *v)
	__releases(swapon_mutex)
{
	mutex_unlock(&swapon_mutex);
}

static int swaps_show(struct seq_file *m, void *v)
{
	struct swap_info_struct *si = v;

	if (v == SEQ_START_TOKEN)
		seq_puts(m, "Filename\tType\tSize\tUsed\tPriority\n");
	else
		seq_printf(m, "/swap%lu\t%s\t%lu\t%lu\t%d\n", (unsigned long)si->bdev->bd_dev,
			   bdev_is_blkdev(si->bdev) ? "partition" : "file",
			   (unsigned long)si->pages << KIB_SHIFT,
			   (unsigned long)swap_usage_in_pages(si) << KIB_SHIFT, si->prio);
	return 0;
}

void swaps_open(struct seq_file *m)
{
	static const struct seq_operations op = {
		.start = swaps_start, .stop = swaps_stop, .next = swaps_next, .show = swaps_show,
	};

	m->op = &op;
	m->poll_event = atomic_read(&proc_poll_event);
}

bool swaps_changed(struct seq_file *m)
{
	int event = atomic_read(&proc_poll_event);
	bool changed = event != m->poll_event;

	m->poll_event = event;
	return changed;
}
