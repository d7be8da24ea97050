// SPDX-License-Identifier: GPL-2.0-only
/*
 * What userspace and hibernation are told of swap, compared with what there is (INV-G17, INV-G18, RESULT).
 *
 * Built without instrumentation.
 */
#include <stdio.h>
#include <string.h>
#include <kernel/blkdev.h>
#include <machine/machine.h>
#include "ghost.h"

#ifdef CHECK_ON

#define KIB_SHIFT (PAGE_SHIFT - 10)

static long usage_of(const struct ghost_device *dev)
{
	return RAW(dev->si->inuse_pages.counter) & SWAP_USAGE_COUNTER_MASK;
}

static unsigned long came;	/* devices, by any task; raw atomic */
static unsigned long changes;	/* of what sysinfo() tells, by any task; raw atomic */
static unsigned long switches;	/* of devices, on or off, by any task; raw atomic */

void told_reset(void)
{
	came = changes = switches = 0;
}

/* Controlled machine only: has no other task a spinlock? */
static bool others_unlocked(void)
{
	const struct task_struct *t;
	unsigned int i;

	for (i = 0; check_exact && i < machine_nr_tasks(); i++) {
		t = machine_task(i);
		if (t && t != current && t->atomic_depth)
			return false;
	}
	return check_exact;
}

void check_first_begin(struct check_first *f, int first)
{
	f->settled = others_unlocked();
	f->switches = RAW(switches);
	f->first = first;
}

void check_first_end(const struct check_first *f, int first, int told)
{
	if (told != first && first == f->first && f->settled && others_unlocked() && RAW(switches) == f->switches)
		CHECK_FAIL("RESULT", "find_first_swap() returns %d, but all the time the first device that is on is %d",
			   told, first);
}

/* Pages of the devices that are on, and slots in use of those that are going. */
struct swap_sums {
	long total, free;
};

/*
 * What sysinfo() should tell. Return: false if another task may be changing that: it has a spinlock, or the counters
 * do not agree. If nobody is, that they do not is INV-G1's and INV-G2's.
 */
static bool swap_sums(struct swap_sums *sums)
{
	long pages = 0, usage = 0, going = 0;
	const struct ghost_device *dev;
	unsigned int i;

	if (!others_unlocked())
		return false;
	for (i = 0; check_exact && i < MAX_SWAPFILES; i++) {
		dev = ghost_device_at(i);
		if (!dev)
			continue;
		usage += usage_of(dev);
		if (RAW(dev->si->flags) & SWP_WRITEOK)
			pages += RAW(dev->si->pages);
		else
			going += usage_of(dev);
	}
	*sums = (struct swap_sums){ pages + going, pages - usage + going };
	return check_exact && RAW(total_swap_pages) == pages && RAW(nr_swap_pages.counter) == pages - usage;
}

static void told_sysinfo_begin(struct ghost_task *t)
{
	struct swap_sums sums;
	const struct ghost_device *dev;
	unsigned int type;

	t->sysinfo.came = RAW(came);
	t->sysinfo.changes = RAW(changes);
	t->sysinfo.settled = swap_sums(&sums);
	t->sysinfo.pages = 0;
	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		t->sysinfo.pages += dev ? RAW(dev->si->pages) : 0;
	}
}

/* A device that is being swapped off counts with the slots in use, which are no more than it has. */
static void told_sysinfo(struct ghost_task *t, const struct trace_record *rec)
{
	unsigned long total = rec->mm_sysinfo.total, left = rec->mm_sysinfo.free;
	struct swap_sums sums;

	if (left > total)
		CHECK_FAIL("INV-G17", "sysinfo() tells of %lu pages, %ld of them are free", total, (long)left);
	if (total > t->sysinfo.pages && RAW(came) == t->sysinfo.came)
		CHECK_FAIL("INV-G17", "sysinfo() tells of %lu pages, but all devices have %lu", total,
			   t->sysinfo.pages);
	if (!t->sysinfo.settled || !swap_sums(&sums) || RAW(changes) != t->sysinfo.changes)
		return;
	if ((long)total != sums.total || (long)left != sums.free)
		CHECK_FAIL("INV-G17", "sysinfo() tells of %lu pages, %lu of them free, but there are %ld and %ld, and "
			   "no other task was changing that", total, left, sums.total, sums.free);
}

static void told_swapcount_begin(struct ghost_task *t, const struct trace_record *rec)
{
	t->asks.entry = rec->mm_swapcount_enter.entry;
	t->asks.low = UINT_MAX;
	t->asks.high = 0;
	check_alone_begin(&t->asks.alone);
}

void told_swapcount_locked(struct ghost_task *t, struct ghost_device *dev, const struct swap_cluster_info *ci)
{
	unsigned long offset = swp_offset(t->asks.entry), word;
	unsigned int extra, count;

	if (dev->si->type != swp_type(t->asks.entry) || dev->begin + offset / SWAPFILE_CLUSTER != ci)
		return;
	word = slot_word(dev, offset, &extra);
	count = slot_count(word, extra);
	t->asks.low = min(t->asks.low, count);
	t->asks.high = max(t->asks.high, count);
}

static void told_swapcount(struct ghost_task *t, const struct trace_record *rec)
{
	unsigned int type = swp_type(t->asks.entry), low = t->asks.low, high = t->asks.high;
	unsigned long offset = swp_offset(t->asks.entry);
	long told = rec->mm_swapcount.count;

	t->asks.entry.val = 0;
	if (low > high && check_was_alone(&t->asks.alone))
		low = high = check_slot(type, offset).count;
	if (told < 1)
		CHECK_FAIL("INV-G18", "smaps tells that %ld PTEs have " OBJ_SLOT ", but this one has it", told, type,
			   offset);
	if (low <= high && (told < low || told > high))
		CHECK_FAIL("INV-G18", "smaps tells that %ld PTEs have " OBJ_SLOT ", but its count is %u", told, type,
			   offset, high);
}

void told_event(struct ghost_task *t, const struct trace_record *rec)
{
	bool switched = rec->id == TRACE_swapon_published || rec->id == TRACE_swapoff_writeok_cleared ||
			rec->id == TRACE_swapoff_reinserted;

	if (switched)
		RAW_ADD(switches, 1);
	if (switched || rec->id == TRACE_swap_range_alloc || rec->id == TRACE_swap_range_free)
		RAW_ADD(changes, 1);
	switch (rec->id) {
	case TRACE_swapon_resurrected:
	case TRACE_swapon_published:
		RAW_ADD(came, 1);
		break;
	case TRACE_mm_sysinfo_enter:
		told_sysinfo_begin(t);
		break;
	case TRACE_mm_sysinfo:
		told_sysinfo(t, rec);
		break;
	case TRACE_mm_swapcount_enter:
		told_swapcount_begin(t, rec);
		break;
	case TRACE_mm_swapcount:
		told_swapcount(t, rec);
		break;
	default:
		break;
	}
}

void check_told_begin(struct check_told *t)
{
	const struct ghost_device *dev;
	unsigned int type;

	check_alone_begin(&t->alone);
	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		t->usage[type] = dev ? usage_of(dev) : 0;
	}
	t->free = RAW(nr_swap_pages.counter);
}

/* A line of /proc/swaps. The name ends with the number of the block device. */
struct line {
	unsigned long dev, size, used;	/* KiB */
	char type[16];
	int prio;
};

static const char *next_line(const char *text, struct line *line)
{
	const char *end = strchr(text, '\n');

	if (!end)
		return NULL;
	if (sscanf(text, "/swap%lu %15s %lu %lu %d", &line->dev, line->type, &line->size, &line->used,
		   &line->prio) != 5) {
		CHECK_FAIL("INV-G17", "a line of /proc/swaps is \"%.*s\"", (int)(end - text), text);
		return NULL;
	}
	if (line->used > line->size)
		CHECK_FAIL("INV-G17", "/proc/swaps: a device has %lu KiB, and %lu of them are in use",
			   line->size, line->used);
	return end + 1;
}

static const struct ghost_device *device_of(const struct line *line)
{
	const struct ghost_device *dev;
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		if (dev && swap_bdev(dev->si) && swap_bdev(dev->si)->bd_dev == line->dev)
			return dev;
	}
	return NULL;
}

static void check_line(const struct check_told *t, const struct line *line, u32 *seen)
{
	const struct ghost_device *dev = device_of(line);
	const char *type;
	unsigned int nr;

	if (!dev) {
		CHECK_FAIL("INV-G17", "/proc/swaps has a device that is not on");
		return;
	}
	nr = dev->si->type;
	if (*seen & BIT(nr))
		CHECK_FAIL("INV-G17", "/proc/swaps has " OBJ_DEVICE " twice", nr);
	*seen |= BIT(nr);
	type = bdev_is_blkdev(swap_bdev(dev->si)) ? "partition" : "file";
	if (strcmp(line->type, type))
		CHECK_FAIL("INV-G17", "/proc/swaps: " OBJ_DEVICE " is a %s, but it is a %s", nr, line->type, type);
	if (line->size != (unsigned long)RAW(dev->si->pages) << KIB_SHIFT)
		CHECK_FAIL("INV-G17", "/proc/swaps: " OBJ_DEVICE " has %lu KiB, but it has %lu", nr, line->size,
			   (unsigned long)RAW(dev->si->pages) << KIB_SHIFT);
	if (line->used > (unsigned long)t->usage[nr] << KIB_SHIFT ||
	    line->used < (unsigned long)usage_of(dev) << KIB_SHIFT)
		CHECK_FAIL("INV-G17", "/proc/swaps: of " OBJ_DEVICE " %lu KiB are in use, but there are %lu", nr,
			   line->used, (unsigned long)usage_of(dev) << KIB_SHIFT);
	if (line->prio != RAW(dev->si->prio))
		CHECK_FAIL("INV-G17", "/proc/swaps: " OBJ_DEVICE " has priority %d, but it has %d", nr, line->prio,
			   RAW(dev->si->prio));
}

static void check_all_seen(u32 seen)
{
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES; type++)
		if (ghost_device_at(type) && !(seen & BIT(type)))
			CHECK_FAIL("INV-G17", "/proc/swaps does not have " OBJ_DEVICE ", which is on", type);
}

static void check_sysinfo(const struct check_told *t, const struct sysinfo *info)
{
	/* whether the count itself is right is INV-G1's */
	long left = max(RAW(nr_swap_pages.counter), 0L), before = max(t->free, 0L);

	if (info->totalswap != (unsigned long)RAW(total_swap_pages))
		CHECK_FAIL("INV-G17", "sysinfo() tells of %lu pages, but there are %ld", info->totalswap,
			   RAW(total_swap_pages));
	if ((long)info->freeswap < before || (long)info->freeswap > left)
		CHECK_FAIL("INV-G17", "sysinfo() tells of %ld free pages, but there are %ld",
			   (long)info->freeswap, left);
}

void check_told_end(const struct check_told *t, const char *swaps, const struct sysinfo *info)
{
	bool alone = check_was_alone(&t->alone);
	struct line line;
	u32 seen = 0;

	swaps = strchr(swaps, '\n');
	if (!swaps) {
		CHECK_FAIL("INV-G17", "/proc/swaps has no heading");
		return;
	}
	for (swaps++; (swaps = next_line(swaps, &line)); )
		if (alone)
			check_line(t, &line, &seen);
	if (!alone)
		return;
	check_all_seen(seen);
	check_sysinfo(t, info);
}

#endif /* CHECK_ON */
