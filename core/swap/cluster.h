/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside core/swap: clusters, their lists and locks (SPEC 5, 7). */
#ifndef _SWAP_CLUSTER_H
#define _SWAP_CLUSTER_H

#include <kernel/memcontrol.h>
#include <kernel/mutant.h>
#include <kernel/sched.h>
#include <kernel/vmstat.h>
#include "swap_table.h"

static inline bool cluster_is_empty(struct swap_cluster_info *ci)
{
	return ci->count == 0;
}

static inline bool cluster_table_is_alloced(struct swap_cluster_info *ci)
{
	/* written without the lock: ordered, or TSan would report that and not what comes of it */
	if (mutant(UPSTREAM_PUBLISH_UNLOCKED))
		return rcu_dereference_check(ci->table, lockdep_is_held(&ci->lock));
	return rcu_dereference_protected(ci->table, lockdep_is_held(&ci->lock));
}

/* ci->lock held. Order 0 may use any cluster: it steals (SPEC 5.4). */
static inline bool cluster_is_usable(struct swap_cluster_info *ci, int order)
{
	if (unlikely(ci->flags > CLUSTER_FLAG_USABLE))
		return false;
	if (!cluster_table_is_alloced(ci))
		return false;
	if (!order)
		return true;
	return cluster_is_empty(ci) || order == ci->order;
}

static inline unsigned int cluster_index(struct swap_info_struct *si,
					 struct swap_cluster_info *ci)
{
	return ci - si->cluster_info;
}

static inline unsigned int cluster_offset(struct swap_info_struct *si,
					  struct swap_cluster_info *ci)
{
	return cluster_index(si, ci) * SWAPFILE_CLUSTER;
}

static inline struct swap_cluster_info *
__swap_offset_to_cluster(struct swap_info_struct *si, unsigned long offset)
{
	VM_WARN_ON_ONCE(percpu_ref_is_zero(&si->users));
	VM_WARN_ON_ONCE(offset >= round_up((unsigned long)si->max, SWAPFILE_CLUSTER));
	return &si->cluster_info[offset / SWAPFILE_CLUSTER];
}

static inline struct swap_info_struct *__swap_entry_to_info(swp_entry_t entry)
{
	struct swap_info_struct *si = swap_type_to_info(swp_type(entry));

	VM_WARN_ON_ONCE(!si || percpu_ref_is_zero(&si->users));
	return si;
}

static inline struct swap_cluster_info *__swap_entry_to_cluster(swp_entry_t entry)
{
	return __swap_offset_to_cluster(__swap_entry_to_info(entry), swp_offset(entry));
}

/* The rotating-device lock; unconditional for the analysis, as for a reader. */
static inline void global_cluster_lock(struct swap_info_struct *si)
	__acquires(si->global_cluster_lock) __no_context_analysis
{
	if (!(READ_ONCE(si->flags) & SWP_SOLIDSTATE))
		spin_lock(&si->global_cluster_lock);
}

static inline void global_cluster_unlock(struct swap_info_struct *si)
	__releases(si->global_cluster_lock) __no_context_analysis
{
	if (!(READ_ONCE(si->flags) & SWP_SOLIDSTATE))
		spin_unlock(&si->global_cluster_lock);
}

/* cluster.c; swap_cluster_lock()'s caller goes on with cluster_locked(ci) */
void swap_users_ref_free(struct percpu_ref *ref);
struct swap_cluster_info *swap_cluster_lock(struct swap_info_struct *si, unsigned long offset);
struct swap_cluster_info *isolate_lock_cluster(struct swap_info_struct *si,
					       struct list_head *list, int order);
void move_cluster(struct swap_info_struct *si, struct swap_cluster_info *ci,
		  struct list_head *list, enum swap_cluster_flags new_flags)
	__must_hold(ci->lock);
void __free_cluster(struct swap_info_struct *si, struct swap_cluster_info *ci)
	__must_hold(ci->lock);
void free_cluster(struct swap_info_struct *si, struct swap_cluster_info *ci)
	__must_hold(ci->lock);
void partial_free_cluster(struct swap_info_struct *si, struct swap_cluster_info *ci)
	__must_hold(ci->lock);
void relocate_cluster(struct swap_info_struct *si, struct swap_cluster_info *ci)
	__must_hold(ci->lock);

/* table.c */
int swap_table_init(void);
void swap_table_exit(void);
struct swap_table *swap_table_alloc(gfp_t gfp, enum alloc_site site);
void swap_table_free(struct swap_table *table);
void swap_cluster_free_table(struct swap_cluster_info *ci) __must_hold(ci->lock);
struct swap_cluster_tables {
	struct swap_table *table;
	struct swap_memcg_table *memcg;
};
int swap_cluster_tables_alloc(struct swap_cluster_tables *t, gfp_t gfp, bool swapon);
void swap_cluster_tables_free(struct swap_cluster_tables *t);
void swap_cluster_tables_publish(struct swap_cluster_info *ci, struct swap_cluster_tables *t)
	__must_hold(ci->lock);
struct swap_cluster_info *swap_cluster_populate(struct swap_info_struct *si,
						struct swap_cluster_info *ci);
/* table_v1.c: as posted in August 2025, if a mutant of it is on */
bool swap_table_v1(void);
struct swap_cluster_info *swap_cluster_populate_v1(struct swap_info_struct *si,
						   struct swap_cluster_info *ci, int order);

/* alloc.c; releases ci->lock */
unsigned int alloc_swap_scan_cluster(struct swap_info_struct *si, struct swap_cluster_info *ci,
				     struct folio *folio, unsigned long offset)
	__releases(ci->lock);
unsigned long cluster_alloc_swap_entry(struct swap_info_struct *si, struct folio *folio);

/* reclaim.c */
#define TTRS_ANYWAY	0x1
#define TTRS_UNMAPPED	0x2
#define TTRS_FULL	0x4
int __try_to_reclaim_swap(struct swap_info_struct *si, unsigned long offset, unsigned long flags);
bool cluster_reclaim_range(struct swap_info_struct *si, struct swap_cluster_info *ci,
			   unsigned long start, unsigned int order, bool *usable)
	__must_hold(ci->lock);
void swap_reclaim_full_clusters(struct swap_info_struct *si, bool force);
void swap_reclaim_work(struct work_struct *work);
bool folio_swapcache_freeable(struct folio *folio);

/* discard.c */
void swap_discard_slots(struct swap_info_struct *si, unsigned long start, unsigned long nr);
void swap_cluster_schedule_discard(struct swap_info_struct *si, struct swap_cluster_info *ci)
	__must_hold(ci->lock);
bool swap_do_scheduled_discard(struct swap_info_struct *si);
void swap_discard_work(struct work_struct *work);
bool swap_sync_discard(void);

/* entry.c, extend.c: counts; ci->lock held */
void __swap_cluster_free_entries(struct swap_info_struct *si, struct swap_cluster_info *ci,
				 unsigned int ci_off, unsigned int nr) __must_hold(ci->lock);
int __swap_cluster_dup_entry(struct swap_info_struct *si, struct swap_cluster_info *ci,
			     unsigned int ci_off) __must_hold(ci->lock);
void __swap_cluster_put_entry(struct swap_info_struct *si, struct swap_cluster_info *ci,
			      unsigned int ci_off) __must_hold(ci->lock);
int swap_dup_entries_cluster(struct swap_info_struct *si, unsigned long offset, unsigned int nr);
void swap_put_entries_cluster(struct swap_info_struct *si, unsigned long offset,
			      unsigned int nr, bool reclaim_cache);
int swap_extend_table_alloc(struct swap_info_struct *si, struct swap_cluster_info *ci,
			    unsigned int ci_off, gfp_t gfp);
void swap_extend_table_try_free(struct swap_info_struct *si, struct swap_cluster_info *ci)
	__must_hold(ci->lock);

/* device.c */
void swap_range_alloc(struct swap_info_struct *si, unsigned int nr);
void swap_range_free(struct swap_info_struct *si, unsigned long offset, unsigned int nr);
void add_to_avail_list(struct swap_info_struct *si, bool swapon);
void del_from_avail_list(struct swap_info_struct *si, bool swapoff);

/* swapon.c, shared with swapoff's reinsert and teardown */
void enable_swap_info(struct swap_info_struct *si);
void free_swap_cluster_info(struct swap_cluster_info *cluster_info, unsigned long maxpages);

#endif /* _SWAP_CLUSTER_H */
