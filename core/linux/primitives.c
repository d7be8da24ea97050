// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tracepoints without a line in the tree: what its primitives (shim/hooks.h) tell, as events of
 * kernel/trace_events.def.
 *
 * Built without instrumentation: nothing here may order tasks in the eyes of TSan.
 */
#include <check/ghost.h>
#include <mm/mm.h>
#include <swap/swap.h>
#include "hooks.h"

void tree_mm_drained(struct list_head *entry)
{
	struct mm_struct *mm = list_entry(entry, struct mm_struct, mmlist);

	trace_mm_unlisted(mm->id);
	mm_assert_no_entries(mm);
}

static unsigned int list_flags(const struct swap_info_struct *si, const struct list_head *head)
{
	if (head == &si->free_clusters)
		return CLUSTER_FLAG_FREE;
	if (head == &si->full_clusters)
		return CLUSTER_FLAG_FULL;
	if (head == &si->discard_clusters)
		return CLUSTER_FLAG_DISCARD;
	if (head >= &si->nonfull_clusters[0] && head < &si->nonfull_clusters[SWAP_NR_ORDERS])
		return CLUSTER_FLAG_NONFULL;
	if (head >= &si->frag_clusters[0] && head < &si->frag_clusters[SWAP_NR_ORDERS])
		return CLUSTER_FLAG_FRAG;
	return CLUSTER_FLAG_NONE;
}

/* The cluster whose ->list it is; NULL: it is of something else. */
static struct swap_cluster_info *cluster_of(struct list_head *entry)
{
#ifdef CHECK_ON
	struct swap_cluster_info *ci = list_entry(entry, struct swap_cluster_info, list);
	const struct ghost_device *dev = ghost_device_of(ci);

	/* there may be other lists in it */
	return dev && ((unsigned long)ci - (unsigned long)dev->begin) % sizeof(*ci) == 0 ? ci : NULL;
#else
	return NULL;
#endif
}

/* Is it on none of its device's lists? A task may have it on a list of its own. */
static bool is_private(const struct swap_cluster_info *ci)
{
#ifdef CHECK_ON
	struct ghost_device *dev = ghost_device_of(ci);

	return dev && RAW(ghost_cluster(dev, ci)->list) == CLUSTER_FLAG_NONE;
#else
	return false;
#endif
}

void tree_list_del(struct list_head *entry)
{
	struct swap_cluster_info *ci = cluster_of(entry);
	struct tree_stack *s = tree_stack_of_task();
	struct tree_frame *f = s->depth ? &s->frames[s->depth - 1] : NULL;
	bool discards = f && f->fn == FN_swap_do_scheduled_discard;

	if (ci && discards)
		tree_claims_listed(f->claims);
	if (!ci || is_private(ci))
		return;
	if (discards) {
		trace_swap_cluster_discard_unlinked(si_of(ci), ci);
		return;
	}
	trace_swap_cluster_isolated(si_of(ci), ci, ci->flags);
}

void tree_list_add(struct list_head *entry, struct list_head *head)
{
	struct swap_cluster_info *ci = cluster_of(entry);
	const struct swap_info_struct *si = ci ? si_of(ci) : NULL;

	if (!si)
		return;
	if (list_flags(si, head) == CLUSTER_FLAG_NONE) {
		tree_list_del(entry);
		return;
	}
	if (tree_frame_of(FN_swap_cluster_populate) && list_flags(si, head) == CLUSTER_FLAG_FREE &&
	    tree_frame_of(FN_swap_cluster_populate)->args[1] == (unsigned long)ci)
		trace_swap_table_putback(si, ci);
	trace_swap_cluster_moved(si, ci, list_flags(si, head), ci->flags);
}

/* TSan does not see it. */
bool tree_list_empty(const struct list_head *head)
{
	return RAW(head->next) == head;
}

void tree_contended(struct swap_cluster_info *ci)
{
	trace_swap_cluster_contended(si_of(ci), ci);
}

void tree_lock_released(spinlock_t *lock)
{
	struct swap_cluster_info *ci = container_of(lock, struct swap_cluster_info, lock);
	struct tree_frame *f;

	if ((f = tree_frame_of(FN_swap_extend_table_alloc)) && f->args[1] == (unsigned long)ci) {
		/* before it is released: did ours get attached? */
		if (f->local[0] && (unsigned long)RAW(ci->extend_table) == f->local[0])
			trace_swap_extend_attached(si_of(ci), ci,
						   offset_of(si_of(ci), ci, f->args[2]));
		return;
	}
	f = tree_frame_of(FN_cluster_reclaim_range);
	if (f && f->args[1] == (unsigned long)ci)
		trace_swap_reclaim_unlocked(si_of(ci), ci, f->args[2],
					    1UL << (unsigned int)f->args[3]);
	else if (tree_frame_of(FN_swap_dup_entries_cluster))
		trace_swap_extend_unlocked(si_of(ci), ci,
					   tree_frame_of(FN_swap_dup_entries_cluster)->args[1]);
}

static bool usable(const struct swap_cluster_info *ci, unsigned int order)
{
	return ci->flags <= CLUSTER_FLAG_USABLE && RAW(ci->table) &&
	       (!order || !ci->count || ci->order == order);
}

void tree_lock_taken(spinlock_t *lock)
{
	struct swap_cluster_info *ci = container_of(lock, struct swap_cluster_info, lock);
	struct tree_stack *s = tree_stack_of_task();
	struct tree_frame *f = s->depth ? &s->frames[s->depth - 1] : NULL;

	if (!f)
		return;
	switch (f->fn) {
	case FN_cluster_reclaim_range:
		trace_swap_reclaim_relocked(si_of(ci), ci, usable(ci, f->args[3]), ci->flags);
		break;
	case FN_swap_do_scheduled_discard:
		trace_swap_cluster_discard_done(si_of(ci), ci);
		break;
	case FN_swap_cluster_populate:
		if (lock == &((struct swap_cluster_info *)f->args[1])->lock)
			trace_swap_table_relocked((void *)f->args[0], ci, current->cpu, f->local[0]);
		break;
	case FN___swap_cache_alloc:
		/* for the second time: the folio is there and will be added */
		if (f->local[0]++ == 1)
			trace_swap_cache_add_enter((swp_entry_t){ f->args[1] }, (void *)f->local[1]);
		break;
	default:
		break;
	}
}

/* Before it looks for slots; a second time, if it has discarded clusters for them. */
void tree_local_locked(void)
{
	struct tree_frame *f = tree_frame_of(FN_folio_alloc_swap), *populate = tree_frame_of(FN_swap_cluster_populate);

	/* not after a sleep for a table in it; it may be in one itself, if memory for that is reclaimed */
	if (f && (!populate || populate < f) && f->local[0]++)
		trace_swap_alloc_discard_retry();
}

void tree_populate_unlocked(void)
{
	struct tree_frame *f = tree_frame_of(FN_swap_cluster_populate);

	if (!f)
		return;
	f->local[0] = current->cpu;
	trace_swap_table_atomic_failed((void *)f->args[0], (void *)f->args[1]);
	trace_swap_table_unlocked((void *)f->args[0], (void *)f->args[1], current->cpu);
}

void tree_populate_slept(void)
{
	struct tree_frame *f = tree_frame_of(FN_swap_cluster_populate);
	void *table;

	if (!f)
		return;
	/* it may not be the cluster's yet */
	table = RAW(((struct swap_cluster_info *)f->args[1])->table);
	trace_swap_table_slept((void *)f->args[0], (void *)f->args[1], current->cpu,
			       table ? table : (void *)f->local[1]);
}

void tree_table_assigned(struct swap_cluster_info *ci, void *table)
{
	struct tree_frame *f = tree_frame_of(FN_swap_cluster_populate);

	if (f)
		f->local[1] = (unsigned long)table;
	if (table)
		trace_swap_table_published(ci, table);
	else
		trace_swap_table_freed(ci, RAW(ci->table));
}

void tree_table_indexed(unsigned int word)
{
	tree_stack_of_task()->word = word;
}

void tree_table_loaded(struct swap_cluster_info *ci, const void *table)
{
	if (table)
		trace_swap_table_loaded(ci, table, tree_stack_of_task()->word);
	else
		trace_swap_table_reader_none(ci);
}

void tree_cluster_freed(struct swap_cluster_info *ci)
{
	tree_stack_of_task()->torn_down = true;
	trace_swapoff_cluster_freed(ci);
}

void tree_hint_unusable(struct swap_cluster_info *ci)
{
	struct tree_frame *f = tree_frame_of(FN_swap_alloc_fast);

	trace_swap_alloc_fast_unusable(si_of(ci), ci, f ? folio_order((void *)f->args[0]) : 0,
				       ci->flags);
}

void tree_folio_got(struct folio *folio, bool got)
{
	struct tree_frame *f = tree_frame_of(FN_swap_cache_get_folio);
	swp_entry_t entry = { f ? f->args[0] : 0 };
	const struct swap_info_struct *si = swap_trace_info(entry);
	const struct swap_cluster_info *ci = si ? ci_at(si, swp_offset(entry)) : NULL;

	if (got)
		trace_swap_cache_found(ci, entry, folio);
	else
		trace_swap_cache_frozen(ci, entry, folio);
}

void tree_folio_found(struct folio *folio)
{
	struct tree_frame *f = tree_frame_of(FN___try_to_reclaim_swap);

	tree_stack_of_task()->locked = 0;
	if (f)
		trace_swap_reclaim_lookup((void *)f->args[0], f->args[1], folio);
}

/* the lock is held over what is read here, and until the folio may leave the slots */
void tree_folio_locked(struct folio *folio)
{
	tree_stack_of_task()->locked = RAW(folio->swap.val) ? swp_offset(folio->swap) + 1 : 0;
}

void tree_reclaim_done(struct swap_info_struct *si, unsigned long offset, long result)
{
	unsigned long locked = tree_stack_of_task()->locked;

	if (locked && result)
		trace_swap_reclaim_done(si, offset, locked - 1, result);
}

void tree_extend_alloced(void *table)
{
	struct tree_frame *f = tree_frame_of(FN_swap_extend_table_alloc);

	if (f)
		f->local[0] = (unsigned long)table;
}

void tree_extend_freed(const void *table)
{
	struct tree_frame *f = tree_frame_of(FN_swap_extend_table_alloc);

	if (f && f->local[0] == (unsigned long)table)
		trace_swap_extend_unneeded(si_of((void *)f->args[1]), (void *)f->args[1],
					   offset_of(si_of((void *)f->args[1]), (void *)f->args[1], f->args[2]));
	else if ((f = tree_frame_of(FN___swap_cluster_put_entry)))
		trace_swap_extend_freed(si_of((void *)f->args[0]), (void *)f->args[0]);
}

void tree_charge_failed(void)
{
	struct tree_frame *f = tree_frame_of(FN_folio_alloc_swap);

	if (f)
		f->local[1] = 1;
}
