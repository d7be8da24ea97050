// SPDX-License-Identifier: GPL-2.0-only
/* Reads what the kernel tells of swap, as free(1), swapon(8) and smem(8) do. */
#include <kernel/sched.h>
#include "mm.h"

void swaps_read(char *buf, size_t size, unsigned int lines)
{
	struct seq_file m = { .buf = buf, .size = size };
	loff_t pos = 0, before;
	unsigned int i;
	void *v;

	buf[0] = 0;
	swaps_open(&m);
	do {
		v = m.op->start(&m, &pos);
		for (i = 0; v && i < lines; i++) {
			m.op->show(&m, v);
			before = pos;
			v = m.op->next(&m, v, &pos);
			/* also behind the last one: seq_read() complains */
			WARN_ON_ONCE(pos == before);
		}
		m.op->stop(&m, v);
	} while (v);
}

void swap_sysinfo(struct sysinfo *info)
{
	trace_mm_sysinfo_enter();
	si_swapinfo(info);
	trace_mm_sysinfo(info->totalswap, info->freeswap);
}

/* PTL held. */
static void tell_swapcount(swp_entry_t entry)
{
	trace_mm_swapcount_enter(entry);
	trace_mm_swapcount(entry, swp_swapcount(entry));
}

void smaps_read(struct mm_struct *mm)
{
	unsigned long va = 0, end;
	spinlock_t *ptl;
	pte_t pte;

	mmap_read_lock(mm);
	while (va < mm->nr_ptes) {
		end = min(mm->nr_ptes, ((va >> geometry.ptl_shift) + 1) << geometry.ptl_shift);
		ptl = pte_lockptr(mm, va);
		spin_lock(ptl);
		for (; va < end; va++) {
			pte = ptep_get(mm_ptep(mm, va));
			if (pte_is_swap(pte))
				tell_swapcount(softleaf_from_pte(pte));
		}
		spin_unlock(ptl);
	}
	mmap_read_unlock(mm);
}
