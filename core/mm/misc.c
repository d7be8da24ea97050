// SPDX-License-Identifier: GPL-2.0-only
/* Readahead, lookups of any entry, and what only a harness does (spec 17.3, 20.2). */
#include <kernel/sched.h>
#include "mm.h"

/**
 * swap_readahead - read the neighbours of a slot into the swap cache
 * @type: the device's
 * @offset: the slot
 * @window: slots around it, a power of two; aligned
 *
 * Context: may sleep. Return: folios read, -ENOENT: no such device.
 */
int swap_readahead(unsigned int type, unsigned long offset, unsigned int window)
{
	unsigned long start = max(round_down(offset, (unsigned long)window), 1UL), i;
	struct swap_info_struct *si;
	struct folio *folio;
	bool from_device;
	int nr = 0;

	if (!window || (window & (window - 1)))
		return -EINVAL;
	si = get_swap_device(swp_entry(type, offset));
	if (!si)
		return -ENOENT;
	for (i = start; i < min(start + window, (unsigned long)si->max); i++) {
		folio = swapin_readfolio(swp_entry(type, i), 0, &from_device);
		if (!folio)
			continue;
		if (from_device) {
			trace_mm_readahead(si, NULL, i, 0);
			count_vm_events(PSWPIN_AHEAD, 1);
			nr++;
		}
		/* it stays in the cache, unmapped */
		folio_put(folio);
	}
	put_swap_device(si);
	return nr;
}

int swap_lookup(swp_entry_t entry)
{
	struct swap_info_struct *si = get_swap_device(entry);
	struct folio *folio;
	int found = 0;

	if (!si)
		return 0;
	folio = swap_cache_get_folio(entry);
	if (folio) {
		folio_lock(folio);
		found = folio_matches_swap_entry(folio, entry);
		folio_unlock(folio);
		folio_put(folio);
	}
	put_swap_device(si);
	return found;
}

void swap_hint_poke(unsigned int cpu, unsigned int from)
{
	struct percpu_swap_cluster hint;
	unsigned int order;

	/* each under its own local lock, one after the other */
	local_lock_on(&percpu_swap_cluster.lock, from);
	for (order = 0; order < SWAP_NR_ORDERS; order++) {
		hint.si[order] = this_cpu_read(percpu_swap_cluster.si[order]);
		hint.offset[order] = this_cpu_read(percpu_swap_cluster.offset[order]);
	}
	local_unlock_on(&percpu_swap_cluster.lock, from);

	local_lock_on(&percpu_swap_cluster.lock, cpu);
	for (order = 0; order < SWAP_NR_ORDERS; order++) {
		/* the device may have gone since: a hint must not name it then */
		if (!hint.si[order] || !get_swap_device_info(hint.si[order]))
			continue;
		if (hint.offset[order] < hint.si[order]->max) {
			this_cpu_write(percpu_swap_cluster.offset[order], hint.offset[order]);
			this_cpu_write(percpu_swap_cluster.si[order], hint.si[order]);
		}
		put_swap_device(hint.si[order]);
	}
	local_unlock_on(&percpu_swap_cluster.lock, cpu);
}
