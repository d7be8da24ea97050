// SPDX-License-Identifier: GPL-2.0-only
/* Reads what the kernel tells of swap, as free(1) and swapon(8) do. */
#include "mm.h"

void swaps_read(char *buf, size_t size, unsigned int lines)
{
	struct seq_file m = { .buf = buf, .size = size };
	loff_t pos = 0;
	unsigned int i;
	void *v;

	buf[0] = 0;
	swaps_open(&m);
	do {
		v = m.op->start(&m, &pos);
		for (i = 0; v && i < lines; i++) {
			m.op->show(&m, v);
			v = m.op->next(&m, v, &pos);
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
