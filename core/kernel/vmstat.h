/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters of events and of pages: relaxed, no scheduling points, no order. */
#ifndef _KERNEL_VMSTAT_H
#define _KERNEL_VMSTAT_H

#include <kernel/geometry.h>

enum vm_event_item {
	/* the kernel's; INV-G15 compares them with what devices and folios saw */
	PSWPIN,				/* pages read from a device */
	PSWPOUT,			/* pages written to a device */
	SWPIN_ZERO,			/* pages of zeroes that were not read */
	SWPOUT_ZERO,			/* ... not written */
	NRSWPIN,			/* requests to devices */
	NRSWPOUT,
	THP_SWPOUT,			/* folios as large as a PMD maps that were written */
	SWAP_RA,			/* pages read ahead, of a tree alone */
	SWAP_RA_HIT,			/* ... that were asked for later */
	NR_SWAP_IO_ITEMS,
	/* the harness's own */
	PGFAULT_SWAP = NR_SWAP_IO_ITEMS, /* swap faults that mapped something */
	PGFAULT_READ,			/* pages that they read from a device, and compared */
	PGFAULT_CACHED,			/* ... of which found the folio cached */
	PGACCESS,			/* loads compared, stores */
	PGCOW,
	PGRECLAIM,			/* folios freed by reclaim */
	PGFORK,
	PGUNUSE,			/* pages brought back by swapoff */
	NR_VM_EVENT_ITEMS,
};

extern unsigned long vm_event_states[NR_VM_EVENT_ITEMS];

static inline void count_vm_events(enum vm_event_item item, unsigned long delta)
{
	__atomic_fetch_add(&vm_event_states[item], delta, __ATOMIC_RELAXED);
}

static inline unsigned long vm_event(enum vm_event_item item)
{
	return __atomic_load_n(&vm_event_states[item], __ATOMIC_RELAXED);
}

/*
 * Of large folios, by order: /sys/kernel/mm/transparent_hugepage/hugepages-<size>/stats. INV-G15 compares SWPIN, SWPOUT
 * and ZSWPOUT with what devices and folios saw; the others are for trees to count.
 */
enum mthp_stat_item {
	MTHP_STAT_ZSWPOUT,
	MTHP_STAT_SWPIN,
	MTHP_STAT_SWPIN_FALLBACK,
	MTHP_STAT_SWPIN_FALLBACK_CHARGE,
	MTHP_STAT_SWPOUT,
	MTHP_STAT_SWPOUT_FALLBACK,
	MTHP_STAT_SPLIT,
	MTHP_STAT_SPLIT_FAILED,
	MTHP_STAT_SPLIT_DEFERRED,
	__MTHP_STAT_COUNT,
};

extern unsigned long mthp_stats[SWAP_NR_ORDERS_MAX][__MTHP_STAT_COUNT];

static inline void count_mthp_stat(int order, enum mthp_stat_item item)
{
	if (order > 0 && order < SWAP_NR_ORDERS_MAX)
		__atomic_fetch_add(&mthp_stats[order][item], 1, __ATOMIC_RELAXED);
}

static inline unsigned long mthp_stat(int order, enum mthp_stat_item item)
{
	return __atomic_load_n(&mthp_stats[order][item], __ATOMIC_RELAXED);
}

/* There is a single node, and its lruvec. */
enum node_stat_item {
	NR_FILE_PAGES,			/* those of the swap cache alone */
	NR_SWAPCACHE,
	NR_VM_NODE_STAT_ITEMS,
};

extern long vm_node_stat[NR_VM_NODE_STAT_ITEMS];

struct folio;

static inline void node_stat_mod_folio(struct folio *folio, enum node_stat_item item, long nr)
{
	__atomic_fetch_add(&vm_node_stat[item], nr, __ATOMIC_RELAXED);
}

/* Of the node and of the folio's cgroup. */
void lruvec_stat_mod_folio(struct folio *folio, enum node_stat_item item, long nr);

static inline long node_page_state(enum node_stat_item item)
{
	return __atomic_load_n(&vm_node_stat[item], __ATOMIC_RELAXED);
}

#endif /* _KERNEL_VMSTAT_H */
