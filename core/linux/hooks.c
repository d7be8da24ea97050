// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tracepoints without a line in the tree: what primitives (shim/hooks.h) and functions
 * (events.def) of the tree tell, put together as the events of kernel/trace_events.def.
 *
 * Each task has a stack of the tree's functions that it is in, with their arguments. An event
 * that needs more than its primitive knows takes it from there.
 *
 * Built without instrumentation: nothing here may order tasks in the eyes of TSan.
 */
#include <stdlib.h>
#include <check/ghost.h>
#include <swap/swap.h>
#include "hooks.h"

#define TREE_TASKS_MAX 4096
#define TREE_DEPTH_MAX 48

struct tree_frame {
	enum tree_fn fn;
	unsigned int claims;		/* of the task when the function began */
	unsigned long args[6];
	unsigned long local[2];
};

struct tree_stack {
	unsigned int depth;
	struct tree_frame frames[TREE_DEPTH_MAX];
};

static struct tree_stack *stacks[TREE_TASKS_MAX];
static struct tree_stack no_stack;		/* outside of any task, and past the limits */
static unsigned long rounds[MAX_SWAPFILES];

static struct tree_stack *stack_of_task(void)
{
	struct task_struct *t = current;

	if (!t || t->id >= TREE_TASKS_MAX) {
		no_stack.depth = 0;
		return &no_stack;
	}
	if (unlikely(!stacks[t->id])) {
		stacks[t->id] = calloc(1, sizeof(struct tree_stack));
		if (!stacks[t->id])
			harness_fail("SETUP", CODE_SITE, "no memory for a task's functions");
	}
	return stacks[t->id];
}

void tree_hooks_reset(void)
{
	unsigned int i;

	for (i = 0; i < TREE_TASKS_MAX && stacks[i]; i++)
		stacks[i]->depth = 0;
	__builtin_memset(rounds, 0, sizeof(rounds));
}

/*
 * The innermost call of @fn that the task is in, or NULL. An argument that the function does
 * not use is not there: the compiler passes none.
 */
static struct tree_frame *frame_of(enum tree_fn fn)
{
	struct tree_stack *s = stack_of_task();
	unsigned int i = s->depth;

	while (i--)
		if (s->frames[i].fn == fn)
			return &s->frames[i];
	return NULL;
}

static const struct swap_info_struct *si_of(const struct swap_cluster_info *ci)
{
#ifdef CHECK_ON
	struct ghost_device *dev = ghost_device_of(ci);

	return dev ? dev->si : NULL;
#else
	return NULL;
#endif
}

static struct swap_cluster_info *ci_at(const struct swap_info_struct *si, unsigned long offset)
{
	return &si->cluster_info[offset / SWAPFILE_CLUSTER];
}

/* The slot's number on its device. */
static unsigned long offset_of(const struct swap_info_struct *si, const struct swap_cluster_info *ci,
			       unsigned int ci_off)
{
	return si ? (unsigned long)(ci - si->cluster_info) * SWAPFILE_CLUSTER + ci_off : ci_off;
}

static unsigned long count_of(const struct swap_cluster_info *ci, unsigned int ci_off)
{
	atomic_long_t *table = RAW(ci->table);
	unsigned int *extend = RAW(ci->extend_table);
	unsigned long word = table ? RAW(table[ci_off].counter) : 0;
	unsigned long count = (word & SWP_TB_COUNT_MASK) >> SWP_TB_COUNT_SHIFT;

	return count == SWP_TB_COUNT_MAX && extend ? RAW(extend[ci_off]) : count;
}

/* As trace_events.def has it: more than fits is the word's maximum + 1. */
static unsigned long count_shown(unsigned long count)
{
	return count > SWP_TB_COUNT_MAX ? SWP_TB_COUNT_MAX + 1UL : count;
}

/* --- claims: they belong to who called isolate_lock_cluster() ----------------------------- */

static unsigned int nr_claims(void)
{
#ifdef CHECK_ON
	return ghost_task()->nr_claims;
#else
	return 0;
#endif
}

static void claims_end(unsigned int keep)
{
#ifdef CHECK_ON
	struct ghost_task *t = ghost_task();
	const struct swap_cluster_info *ci;
	unsigned int before;

	while ((before = t->nr_claims) > keep) {
		ci = t->claims[before - 1];
		if (si_of(ci))
			trace_swap_cluster_unclaimed(si_of(ci), ci, 0, 0);
		if (t->nr_claims == before)
			t->nr_claims--;
	}
#endif
}

/* --- functions ------------------------------------------------------------------------------ */

static void entered_scan_list(const unsigned long *a)
{
	struct swap_info_struct *si = (void *)a[0];
	struct list_head *list = (void *)a[1];
	struct folio *folio = (void *)a[2];
	unsigned int order;

	if (folio && folio_order(folio))
		return;
	for (order = 1; order < SWAP_NR_ORDERS; order++)
		if (list == &si->nonfull_clusters[order] || list == &si->frag_clusters[order])
			trace_swap_alloc_steal(si, NULL, order, 0);
}

static void entered_range_alloc(const unsigned long *a)
{
	struct tree_frame *f = frame_of(FN___swap_cluster_alloc_entries);
	struct swap_info_struct *si = (void *)a[0];
	struct swap_cluster_info *ci = f ? (void *)f->args[1] : NULL;
	unsigned long offset = f ? offset_of(si, ci, f->args[3]) : 0;

	trace_swap_range_alloc(si, ci, a[1], 0);
	if (f)
		trace_swap_alloc_taken(si, ci, offset, a[1]);
}

static void entered_range_free(const unsigned long *a)
{
	struct swap_info_struct *si = (void *)a[0];
	struct swap_cluster_info *ci = ci_at(si, a[1]);

	trace_swap_entries_freed(si, ci, a[1], a[2]);
	trace_swap_range_free(si, ci, a[1], a[2]);
}

static void entered_replace(const unsigned long *a)
{
	struct swap_cluster_info *ci = (void *)a[0];
	struct folio *new = (void *)a[2];

	trace_swap_cache_replaced(si_of(ci), ci, swp_offset(new->swap), folio_pfn(new));
}

static void entered_try_to_reclaim(const struct tree_stack *s, const unsigned long *a)
{
	struct swap_info_struct *si = (void *)a[0];

	if (s->depth > 1 && s->frames[s->depth - 2].fn == FN_swap_reclaim_full_clusters)
		trace_swap_reclaim_full(si, ci_at(si, a[1]), a[1], 0);
}

static void entered(const struct tree_stack *s, struct tree_frame *f)
{
	const unsigned long *a = f->args;
	struct swap_info_struct *si = (void *)a[0];
	struct swap_cluster_info *ci = (void *)a[1];

	switch (f->fn) {
	case FN_isolate_lock_cluster:
		/* the caller is done with the cluster that it isolated before */
		claims_end(s->depth > 1 ? s->frames[s->depth - 2].claims : 0);
		f->claims = nr_claims();
		break;
	case FN_swap_cluster_populate:
		trace_swap_table_alloc_enter(si, ci, 0, 0);
		break;
	case FN_alloc_swap_scan_list:
		entered_scan_list(a);
		break;
	case FN_alloc_swap_scan_cluster:
		trace_swap_alloc_scan(si, ci, a[2] ? folio_order((void *)a[2]) : 0, a[3]);
		break;
	case FN___swap_cluster_alloc_entries:
		if (!(RAW(si->flags) & SWP_WRITEOK))
			trace_swap_alloc_gate(si, ci, 0, 0);
		break;
	case FN_swap_range_alloc:
		entered_range_alloc(a);
		break;
	case FN_swap_range_free:
		entered_range_free(a);
		break;
	case FN___try_to_reclaim_swap:
		entered_try_to_reclaim(s, a);
		break;
	case FN_cluster_alloc_swap_entry:
		if (frame_of(FN_swap_alloc_slow))
			trace_swap_alloc_slow_device(si, NULL, folio_order((void *)a[1]), 0);
		break;
	case FN_flush_percpu_swap_cluster:
		/* references are gone and the work items are flushed: swapoff is alone */
		trace_swapoff_flushed(si, NULL, 0, 0);
		break;
	case FN_swap_alloc_fast:
		if (frame_of(FN_folio_alloc_swap) && frame_of(FN_folio_alloc_swap)->local[0]++)
			trace_swap_alloc_discard_retry(NULL, NULL, 0, 0);
		break;
	case FN_swap_sync_discard:
		trace_swap_sync_discard_wait(NULL, NULL, 0, 0);
		break;
	case FN_swap_cluster_schedule_discard:
		trace_swap_discard_scheduled(si, ci, 0, 0);
		break;
	case FN_discard_swap_cluster:
		trace_swap_discard_issue(si, ci_at(si, a[1]), a[1], a[2]);
		break;
	case FN___swap_cluster_put_entry:
	case FN___swap_cluster_dup_entry:
		f->local[0] = count_of((void *)a[0], a[1]);
		break;
	case FN_reinsert_swap_info:
		trace_swapoff_reinserted(si, NULL, 0, 0);
		break;
	case FN_try_to_unuse:
		rounds[a[0] % MAX_SWAPFILES] = 0;
		break;
	case FN_unuse_mm:
		trace_mm_unuse_round(swap_info[a[1] % MAX_SWAPFILES], NULL,
				     ((struct mm_struct *)a[0])->id, 0);
		break;
	case FN_folio_alloc_swap:
		trace_swap_alloc_enter(NULL, NULL, folio_order((void *)a[0]), folio_pfn((void *)a[0]));
		break;
	case FN___swap_cache_do_del_folio:
		trace_swap_cache_deleted(si_of((void *)a[0]), (void *)a[0],
					 swp_offset((swp_entry_t){ a[2] }), folio_pfn((void *)a[1]));
		break;
	case FN___swap_cache_replace_folio:
		entered_replace(a);
		break;
	default:
		break;
	}
}

/* What put and dup did to the slot's count; a failed dup did nothing. */
static void left_count(const struct tree_stack *s, const struct tree_frame *f)
{
	const struct swap_cluster_info *ci = (void *)f->args[0];
	const struct swap_info_struct *si = si_of(ci);
	unsigned long count = count_of(ci, f->args[1]), offset = offset_of(si, ci, f->args[1]);

	if (count > f->local[0])
		trace_swap_entry_dup(si, ci, offset, count_shown(count));
	else if (count < f->local[0])
		trace_swap_entry_put(si, ci, offset, count_shown(count));
	if (f->fn == FN___swap_cluster_put_entry && s->depth > 1 &&
	    s->frames[s->depth - 2].fn == FN_swap_dup_entries_cluster)
		trace_swap_dup_rolled_back(si, ci, offset, 1);
}

static void left_populate(const struct tree_frame *f)
{
	const struct swap_info_struct *si = (void *)f->args[0];
	const struct swap_cluster_info *ci = (void *)f->args[1];

	trace_swap_table_alloc_leave(si, ci, __lock_is_held(&ci->lock) ? (unsigned long)ci : 0, 0);
}

static void left_alloc(const struct tree_frame *f)
{
	const struct folio *folio = (void *)f->args[0];

	if (!(RAW(folio->flags) & BIT(PG_swapcache)))
		trace_swap_alloc_failed(NULL, NULL, folio_order(folio), !f->local[1]);
}

static void left(const struct tree_stack *s, struct tree_frame *f)
{
	const unsigned long *a = f->args;
	const struct swap_info_struct *si = (void *)a[0];

	switch (f->fn) {
	case FN_isolate_lock_cluster:
		/* its claim is the caller's */
		return;
	case FN_swap_cluster_populate:
		left_populate(f);
		return;
	case FN_alloc_swap_scan_cluster:
		if (!(RAW(si->flags) & SWP_SOLIDSTATE)) {
			unsigned int order = a[2] ? folio_order((void *)a[2]) : 0;

			trace_swap_alloc_hint_written(si, NULL, order, si->global_cluster->next[order]);
		}
		break;
	case FN___swap_cluster_put_entry:
	case FN___swap_cluster_dup_entry:
		left_count(s, f);
		break;
	case FN_wait_for_allocation:
		trace_swapoff_waited(si, NULL, 0, 0);
		break;
	case FN_folio_alloc_swap:
		left_alloc(f);
		break;
	case FN___swap_cache_do_add_folio:
		trace_swap_cache_added(si_of((void *)a[0]), (void *)a[0],
				       swp_offset((swp_entry_t){ a[2] }), folio_pfn((void *)a[1]));
		break;
	default:
		break;
	}
	claims_end(f->claims);
}

void tree_function_enter(const struct tree_hook *hook, const unsigned long *args)
{
	struct tree_stack *s = stack_of_task();
	struct tree_frame *f;

	if (s == &no_stack)
		return;
	if (s->depth == TREE_DEPTH_MAX)
		harness_fail("STACK-OVERFLOW", CODE_SITE, "%u of the tree's functions are nested",
			     TREE_DEPTH_MAX);
	f = &s->frames[s->depth++];
	f->fn = hook->id;
	__builtin_memcpy(f->args, args, sizeof(f->args));
	f->local[0] = f->local[1] = 0;
	f->claims = nr_claims();
	entered(s, f);
}

void tree_function_exit(const struct tree_hook *hook)
{
	struct tree_stack *s = stack_of_task();

	if (s == &no_stack || !s->depth)
		return;
	left(s, &s->frames[s->depth - 1]);
	s->depth--;
}

/* --- primitives ----------------------------------------------------------------------------- */

void tree_list_del(struct swap_cluster_info *ci)
{
	struct tree_stack *s = stack_of_task();
	struct tree_frame *f = s->depth ? &s->frames[s->depth - 1] : NULL;

	if (f && f->fn == FN_swap_do_scheduled_discard) {
		claims_end(f->claims);
		trace_swap_cluster_discard_unlinked(si_of(ci), ci, 0, 0);
		return;
	}
	trace_swap_cluster_isolated(si_of(ci), ci, ci->flags, 0);
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
	return CLUSTER_FLAG_FRAG;
}

void tree_list_add(struct swap_cluster_info *ci, struct list_head *head)
{
	const struct swap_info_struct *si = si_of(ci);

	if (!si)
		return;
	if (frame_of(FN_swap_cluster_populate) && list_flags(si, head) == CLUSTER_FLAG_FREE &&
	    frame_of(FN_swap_cluster_populate)->args[1] == (unsigned long)ci)
		trace_swap_table_putback(si, ci, 0, 0);
	trace_swap_cluster_moved(si, ci, list_flags(si, head), ci->flags);
}

void tree_contended(struct swap_cluster_info *ci)
{
	trace_swap_cluster_contended(si_of(ci), ci, 0, 0);
}

void tree_lock_released(spinlock_t *lock)
{
	struct swap_cluster_info *ci = container_of(lock, struct swap_cluster_info, lock);
	struct tree_frame *f;

	if ((f = frame_of(FN_swap_extend_table_alloc)) && f->args[1] == (unsigned long)ci) {
		/* before it is released: did ours get attached? */
		if (f->local[0] && RAW(ci->extend_table) == (unsigned int *)f->local[0])
			trace_swap_extend_attached(si_of(ci), ci,
						   offset_of(si_of(ci), ci, f->args[2]), 0);
		return;
	}
	f = frame_of(FN_cluster_reclaim_range);
	if (f && f->args[1] == (unsigned long)ci)
		trace_swap_reclaim_unlocked(si_of(ci), ci, f->args[2], 1UL << (unsigned int)f->args[3]);
	else if (frame_of(FN_swap_dup_entries_cluster))
		trace_swap_extend_unlocked(si_of(ci), ci,
					   frame_of(FN_swap_dup_entries_cluster)->args[1], 0);
}

static bool usable(const struct swap_cluster_info *ci, unsigned int order)
{
	return ci->flags <= CLUSTER_FLAG_USABLE && RAW(ci->table) &&
	       (!order || !ci->count || ci->order == order);
}

void tree_lock_taken(spinlock_t *lock)
{
	struct swap_cluster_info *ci = container_of(lock, struct swap_cluster_info, lock);
	struct tree_stack *s = stack_of_task();
	struct tree_frame *f = s->depth ? &s->frames[s->depth - 1] : NULL;

	if (!f)
		return;
	switch (f->fn) {
	case FN_cluster_reclaim_range:
		trace_swap_reclaim_relocked(si_of(ci), ci, usable(ci, f->args[3]), ci->flags);
		break;
	case FN_swap_cluster_populate:
		if (lock == &((struct swap_cluster_info *)f->args[1])->lock)
			trace_swap_table_relocked((void *)f->args[0], ci, current->cpu, f->local[0]);
		break;
	case FN___swap_cache_alloc:
		/* for the second time: the folio is there and will be added */
		if (f->local[0]++ == 1)
			trace_swap_cache_add_enter(si_of(ci), ci, swp_offset((swp_entry_t){ f->args[1] }),
						   0);
		break;
	default:
		break;
	}
}

void tree_populate_unlocked(void)
{
	struct tree_frame *f = frame_of(FN_swap_cluster_populate);

	if (!f)
		return;
	f->local[0] = current->cpu;
	trace_swap_table_atomic_failed((void *)f->args[0], (void *)f->args[1], 0, 0);
	trace_swap_table_unlocked((void *)f->args[0], (void *)f->args[1], current->cpu, 0);
}

void tree_populate_slept(void)
{
	struct tree_frame *f = frame_of(FN_swap_cluster_populate);

	if (f)
		trace_swap_table_slept((void *)f->args[0], (void *)f->args[1], current->cpu,
				       (unsigned long)RAW(((struct swap_cluster_info *)f->args[1])->table));
}

void tree_table_assigned(struct swap_cluster_info *ci, void *table)
{
	if (table)
		trace_swap_table_published(si_of(ci), ci, (unsigned long)table, 0);
	else
		trace_swap_table_freed(si_of(ci), ci, (unsigned long)RAW(ci->table), 0);
}

void tree_hint_read(const void *slot)
{
	/* the copy's place says which order; TSan must not see this read */
	unsigned long offset = __atomic_load_n((const unsigned long *)slot, __ATOMIC_RELAXED);
	struct percpu_swap_cluster *pcp =
		per_cpu_ptr(&percpu_swap_cluster, current->cpu);
	long order = (const unsigned long *)slot - pcp->offset;

	if (order < 0 || order >= (long)SWAP_NR_ORDERS)
		return;
	trace_swap_alloc_hint_read(RAW(pcp->si[order]), NULL, order, offset);
}

void tree_hint_written(const void *slot, unsigned long next)
{
	struct percpu_swap_cluster *pcp = per_cpu_ptr(&percpu_swap_cluster, current->cpu);
	long order = (const unsigned long *)slot - pcp->offset;
	struct tree_frame *f = frame_of(FN_alloc_swap_scan_cluster);

	if (f && order >= 0 && order < (long)SWAP_NR_ORDERS)
		trace_swap_alloc_hint_written((void *)f->args[0], NULL, order, next);
}

void tree_hint_cleared(struct swap_info_struct *si)
{
	trace_swapoff_hint_cleared(si, NULL, 0, 0);
}

void tree_device_listed(struct swap_info_struct *si, bool avail, bool add)
{
	if (!avail)
		trace_swapon_published(si, NULL, si->pages, 0);
	else if (add)
		trace_swap_avail_add(si, NULL, 0, 0);
	else
		trace_swap_avail_del(si, NULL, 0, 0);
}

void tree_walk_restarted(bool avail)
{
	if (avail)
		trace_swap_alloc_slow_restart(NULL, NULL, 0, 0);
	else
		trace_swap_sync_discard_restart(NULL, NULL, 0, 0);
}

void tree_device_ref(struct swap_info_struct *si, bool got)
{
	struct tree_stack *s = stack_of_task();
	struct tree_frame *f = s->depth ? &s->frames[s->depth - 1] : NULL;

	if (!f)
		return;
	if (f->fn == FN_swap_alloc_fast && got)
		trace_swap_alloc_fast_hint(si, NULL, folio_order((void *)f->args[0]), 0);
	else if (f->fn == FN_get_swap_device && !got)
		trace_swap_device_get_failed(si, NULL, swp_offset((swp_entry_t){ f->args[0] }), 0);
}

void tree_device_event(struct swap_info_struct *si, unsigned int id, unsigned long a)
{
	if (trace_wanted[id])
		__trace_emit(id, si, NULL, a, 0);
}

void tree_usage_round(unsigned int type)
{
	const struct swap_info_struct *si = swap_info[type];

	trace_swapoff_round(si, NULL, ++rounds[type],
			    RAW(si->inuse_pages.counter) & SWAP_USAGE_COUNTER_MASK);
}

void tree_folio_got(struct folio *folio, bool got)
{
	struct tree_frame *f = frame_of(FN_swap_cache_get_folio);
	swp_entry_t entry = { f ? f->args[0] : 0 };
	const struct swap_info_struct *si = swap_info[swp_type(entry) % MAX_SWAPFILES];

	if (got)
		trace_swap_cache_found(si, NULL, swp_offset(entry), folio_pfn(folio));
	else
		trace_swap_cache_frozen(si, NULL, swp_offset(entry), folio_pfn(folio));
}

void tree_folio_found(struct folio *folio)
{
	struct tree_frame *f = frame_of(FN___try_to_reclaim_swap);

	if (f)
		trace_swap_reclaim_lookup((void *)f->args[0], NULL, f->args[1], folio_pfn(folio));
}

void tree_extend_alloced(void *table)
{
	struct tree_frame *f = frame_of(FN_swap_extend_table_alloc);

	if (f)
		f->local[0] = (unsigned long)table;
}

void tree_extend_freed(const void *table)
{
	struct tree_frame *f = frame_of(FN_swap_extend_table_alloc);

	if (f && f->local[0] == (unsigned long)table)
		trace_swap_extend_unneeded(si_of((void *)f->args[1]), (void *)f->args[1],
					   offset_of(si_of((void *)f->args[1]), (void *)f->args[1],
						     f->args[2]), 0);
	else if ((f = frame_of(FN___swap_cluster_put_entry)))
		trace_swap_extend_freed(si_of((void *)f->args[0]), (void *)f->args[0], 0, 0);
}

void tree_charge_failed(void)
{
	struct tree_frame *f = frame_of(FN_folio_alloc_swap);

	if (f)
		f->local[1] = 1;
}
