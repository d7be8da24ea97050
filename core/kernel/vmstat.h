/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters of events and of pages: relaxed, no scheduling points, no order. */
#ifndef _KERNEL_VMSTAT_H
#define _KERNEL_VMSTAT_H

#include <kernel/types.h>

enum vm_event_item {
	/* the kernel's; INV-G15 compares them with what devices and folios saw */
	PSWPIN,				/* pages read from a device */
	PSWPOUT,			/* pages written to a device */
	SWPIN_ZERO,			/* pages of zeroes that were not read */
	SWPOUT_ZERO,			/* ... not written */
	NRSWPIN,			/* requests to devices */
	NRSWPOUT,
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
