/* SPDX-License-Identifier: GPL-2.0-only */
/* Event counters: relaxed, no scheduling points, no order. */
#ifndef _KERNEL_VMSTAT_H
#define _KERNEL_VMSTAT_H

#include <kernel/types.h>

enum vm_event_item {
	PSWPIN,				/* pages read from a device by faults, and compared */
	PSWPIN_AHEAD,			/* pages read ahead */
	PSWPOUT,			/* pages written to a device */
	PGFAULT_SWAP,			/* swap faults that mapped something */
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

#endif /* _KERNEL_VMSTAT_H */
