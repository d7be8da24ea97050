/* SPDX-License-Identifier: GPL-2.0-only */
/* memcg as far as swap sees it (linux/memcontrol.h, linux/swap.h). In core/mm/memcg.c. */
#ifndef _KERNEL_MEMCONTROL_H
#define _KERNEL_MEMCONTROL_H

#include <kernel/folio.h>

struct mm_struct;

/* Charges a folio's slots. Return: 0, -ENOMEM (site ALLOC_CHARGE). */
int __mem_cgroup_try_charge_swap(struct folio *folio);
static inline int mem_cgroup_try_charge_swap(struct folio *folio)
{
	return __mem_cgroup_try_charge_swap(folio);
}

void __mem_cgroup_uncharge_swap(unsigned short id, unsigned int nr_pages);
static inline void mem_cgroup_uncharge_swap(unsigned short id, unsigned int nr_pages)
{
	__mem_cgroup_uncharge_swap(id, nr_pages);
}

bool mem_cgroup_swap_full(struct folio *folio);

/* Charges a new folio for swap-in. Return: 0, -ENOMEM (site ALLOC_CHARGE_IN). */
int mem_cgroup_swapin_charge_folio(struct folio *folio, unsigned short id, struct mm_struct *mm,
				   gfp_t gfp);

#endif /* _KERNEL_MEMCONTROL_H */
