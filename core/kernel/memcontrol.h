/* SPDX-License-Identifier: GPL-2.0-only */
/* memcg as far as swap sees it (linux/memcontrol.h, linux/swap.h). In core/mm/memcg.c. */
#ifndef _KERNEL_MEMCONTROL_H
#define _KERNEL_MEMCONTROL_H

#include <kernel/folio.h>
#include <kernel/vmstat.h>

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

/* An event of a folio's cgroup. */
void count_memcg_folio_events(struct folio *folio, enum vm_event_item item, unsigned long nr);

/* What a folio is charged to, with a reference. NULL: nothing. */
struct obj_cgroup;
struct obj_cgroup *get_obj_cgroup_from_folio(struct folio *folio);
void obj_cgroup_put(struct obj_cgroup *objcg);
void count_objcg_events(struct obj_cgroup *objcg, enum vm_event_item item, unsigned long nr);

/* Charges a new folio for swap-in. Return: 0, -ENOMEM (site ALLOC_CHARGE_IN). */
int mem_cgroup_swapin_charge_folio(struct folio *folio, unsigned short id, struct mm_struct *mm,
				   gfp_t gfp);

#endif /* _KERNEL_MEMCONTROL_H */
