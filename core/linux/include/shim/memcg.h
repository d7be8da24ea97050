/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory cgroups: core/mm has a few, and charges that can be made to fail.
 * Absent: shmem, but for what its part in swapoff returns (world.c). zswap: zswap.c. The first version: memsw.c. What
 * the block layer knows of cgroups: blkcg.c. Who is told of slots that are free: told.c; of tags of pages: state.c.
 */
#ifndef _SHIM_MEMCG_H
#define _SHIM_MEMCG_H

#include <kernel/gfp.h>
#include <kernel/vmstat.h>
#include <shim/state.h>

struct mem_cgroup;
struct folio;
struct mm_struct;

int __mem_cgroup_try_charge_swap(struct folio *folio);
int mem_cgroup_swapin_charge_folio(struct folio *folio, unsigned short id, struct mm_struct *mm,
				   gfp_t gfp);

void count_memcg_folio_events(struct folio *folio, enum vm_event_item item, unsigned long nr);
struct obj_cgroup;
struct obj_cgroup *get_obj_cgroup_from_folio(struct folio *folio);
void obj_cgroup_put(struct obj_cgroup *objcg);
void count_objcg_events(struct obj_cgroup *objcg, enum vm_event_item item, unsigned long nr);

/* --- what the block layer knows of cgroups, all of which are in one hierarchy: blkcg.c ------------ */

struct cgroup { int id; };
struct cgroup_subsys_state { struct cgroup *cgroup; };
struct mem_cgroup { struct cgroup_subsys_state css; int swappiness; };
struct cgroup_subsys { int id; };
extern struct cgroup_subsys io_cgrp_subsys;
struct gendisk;
struct mem_cgroup *tree_folio_memcg(const struct folio *folio);
struct cgroup_subsys_state *tree_e_css(const struct cgroup *cgroup);
void tree_css_get(struct cgroup_subsys_state *css, long nr);
void tree_throttle(const struct gendisk *disk);
#define folio_memcg(folio) tree_folio_memcg(folio)
#define folio_memcg_charged(folio) (!!tree_folio_memcg(folio))
#define cgroup_e_css(cgroup, subsys) ((void)(subsys), tree_e_css(cgroup))
#define css_get(css) tree_css_get(css, 1)
#define css_tryget(css) (tree_css_get(css, 1), true)
#define css_put(css) tree_css_get(css, -1)
#define bio_associate_blkg_from_css(bio, css) ((void)(bio), (void)(css))
/* by choice */
#define blk_cgroup_congested() (!machine_random(4))
#define blkcg_schedule_throttle(disk, use_memdelay) tree_throttle(disk)

#define mem_cgroup_disabled() false
void __mem_cgroup_uncharge_swap(unsigned short id, unsigned int nr_pages);
#ifdef TREE_SOURCE
int tree_try_charge_swap(struct folio *folio);
#define __mem_cgroup_try_charge_swap tree_try_charge_swap
#endif
/* of the first version: memsw.c */
struct swap_cluster_info;
void tree_memsw_out(const struct folio *folio, const struct swap_cluster_info *ci);
void tree_memsw_in(const struct folio *folio);
/* Reclaim has taken the folio of @nr slots out of the cache. Context: ci->lock. */
void tree_memsw_left(const struct swap_cluster_info *ci, swp_entry_t entry, unsigned int nr);
#define __memcg1_swapout(folio, ci) tree_memsw_out(folio, ci)
#define memcg1_swapin(folio) tree_memsw_in(folio)
int folio_memcg_alloc_deferred(struct folio *folio);

void tree_told_zswap(swp_entry_t entry);
void tree_told_arch(unsigned int type, unsigned long offset);
void tree_told_arch_area(unsigned int type);
int tree_zswap_swapon(unsigned int type, unsigned long nr);
void tree_zswap_swapoff(unsigned int type);
#define zswap_invalidate(e) tree_told_zswap(e)
#define zswap_swapon(type, nr) tree_zswap_swapon(type, nr)
/* somebody switches it on and off; what it has, it keeps */
#define zswap_is_enabled() machine_random(2)
#define zswap_never_enabled() false
#define zswap_swapoff(type) tree_zswap_swapoff(type)
int tree_shmem_unuse(unsigned int type);
#define shmem_unuse(type) tree_shmem_unuse(type)
#define arch_swap_invalidate_page(type, offset) tree_told_arch(type, offset)
#define arch_swap_invalidate_area(type) tree_told_arch_area(type)
void tree_tags_restored(swp_entry_t entry, const struct folio *folio);
#define arch_swap_restore(e, folio) tree_tags_restored(e, folio)
#define folio_swap(e, folio) ((swp_entry_t){ round_down((e).val, folio_nr_pages(folio)) })

#endif /* _SHIM_MEMCG_H */
