// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tracepoints without a line in the tree: what begin and end of its functions (events.def) tell,
 * as events of kernel/trace_events.def.
 *
 * Each task has a stack of the tree's functions that it is in, with their arguments. An event
 * that needs more than its primitive knows takes it from there.
 *
 * Built without instrumentation: nothing here may order tasks in the eyes of TSan.
 */
#include <stdlib.h>
#include <check/ghost.h>
#include <mm/mm_view.h>
#include <swap/swap.h>
#include "hooks.h"

static struct tree_stack *stacks[TREE_TASKS_MAX];
static struct tree_stack no_stack;		/* outside of any task, and past the limits */
unsigned long tree_rounds[MAX_SWAPFILES];

struct tree_stack *tree_stack_of_task(void)
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

	/* a task that never entered the tree has none */
	for (i = 0; i < TREE_TASKS_MAX; i++) {
		if (!stacks[i])
			continue;
		stacks[i]->depth = 0;
		stacks[i]->locked = 0;
		stacks[i]->interrupted = stacks[i]->charge_failed = false;
		stacks[i]->nr_told_early = 0;
		stacks[i]->going = NULL;
		stacks[i]->swapin.state = SWAPIN_NONE;
		tree_state_reset(stacks[i]);
	}
	__builtin_memset(tree_rounds, 0, sizeof(tree_rounds));
}

struct tree_frame *tree_frame_of(enum tree_fn fn)
{
	struct tree_stack *s = tree_stack_of_task();
	unsigned int i = s->depth;

	while (i--)
		if (s->frames[i].fn == fn)
			return &s->frames[i];
	return NULL;
}

static unsigned long count_of(const struct swap_cluster_info *ci, unsigned int ci_off)
{
	atomic_long_t *table = RAW(ci->table);
	__typeof__(ci->extend_table) extend = RAW(ci->extend_table);
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

void tree_claims_end(unsigned int keep)
{
#ifdef CHECK_ON
	struct ghost_task *t = ghost_task();
	const struct swap_cluster_info *ci;
	unsigned int before;

	while ((before = t->nr_claims) > keep) {
		ci = t->claims[before - 1];
		if (si_of(ci))
			trace_swap_cluster_unclaimed(si_of(ci), ci);
		if (t->nr_claims == before)
			t->nr_claims--;
	}
#endif
}

void tree_claims_listed(unsigned int keep)
{
#ifdef CHECK_ON
	struct ghost_task *t = ghost_task();
	const struct swap_cluster_info *ci;
	const struct ghost_device *dev;
	unsigned int i = t->nr_claims;

	/* the last of those that are left takes the place of an ended claim */
	while (i-- > keep) {
		ci = t->claims[i];
		dev = ghost_device_of(ci);
		if (dev && RAW(ghost_cluster(dev, ci)->list) != CLUSTER_FLAG_NONE)
			trace_swap_cluster_unclaimed(si_of(ci), ci);
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
			trace_swap_alloc_steal(si, order);
}

static void entered_range_alloc(const unsigned long *a)
{
	struct tree_frame *f = tree_frame_of(FN___swap_cluster_alloc_entries);
	struct swap_info_struct *si = (void *)a[0];
	struct swap_cluster_info *ci = f ? (void *)f->args[1] : NULL;
	unsigned long offset = f ? offset_of(si, ci, f->args[3]) : 0;

	trace_swap_range_alloc(si, a[1]);
	if (f) {
		trace_swap_alloc_taken(si, ci, offset, a[1]);
		tree_told_taken(si, offset, a[1]);
	}
}

static void entered_range_free(const unsigned long *a)
{
	struct swap_info_struct *si = (void *)a[0];
	struct swap_cluster_info *ci = ci_at(si, a[1]);

	trace_swap_entries_freed(si, ci, a[1], a[2]);
	trace_swap_range_free(si, a[1], a[2]);
	tree_told_freed(si, a[1], a[2]);
	tree_memsw_freed(si->type, a[1], a[2]);
}

static void entered_replace(const unsigned long *a)
{
	struct swap_cluster_info *ci = (void *)a[0];
	struct folio *new = (void *)a[2];

	trace_swap_cache_replaced(ci, new->swap, new);
}

static void entered_zero(const struct folio *folio)
{
	trace_mm_write_zero(folio->swap, folio_nr_pages(folio));
	swap_io_folio(folio, SWAP_IO_ZERO_OUT);
}

static void entered_try_to_reclaim(const struct tree_stack *s, const unsigned long *a)
{
	struct swap_info_struct *si = (void *)a[0];

	if (s->depth > 1 && s->frames[s->depth - 2].fn == FN_swap_reclaim_full_clusters)
		trace_swap_reclaim_full(si, ci_at(si, a[1]), a[1]);
}

/* Only swapoff comes here, however the tree clears WRITEOK. */
static void leaves(const struct swap_info_struct *si)
{
#ifdef CHECK_ON
	ghost_device_leaves(si);
#endif
}

/* Of devices and the swap cache. */
static void entered_other(const struct tree_frame *f)
{
	const unsigned long *a = f->args;
	struct swap_info_struct *si = (void *)a[0];

	switch (f->fn) {
	case FN_flush_percpu_swap_cluster:
		/* if the references are gone, the work items are flushed: swapoff is alone */
		tree_teardown();
		break;
	case FN_wait_for_allocation:
		leaves(si);
		break;
	case FN_try_to_unuse:
		leaves(swap_info[a[0] % MAX_SWAPFILES]);
		tree_stack_of_task()->interrupted = false;
		tree_stack_of_task()->rounds_unsignalled = 0;
		tree_rounds[a[0] % MAX_SWAPFILES] = 0;
		break;
	case FN_unuse_mm:
		trace_mm_unuse_round(swap_info[a[1] % MAX_SWAPFILES],
				     ((struct mm_struct *)a[0])->id);
		break;
	case FN___swap_cache_alloc:
		tree_swapin_judge(tree_stack_of_task());
		break;
	case FN___swap_cache_do_add_folio:
		if (tree_frame_of(FN___swap_cache_alloc))
			tree_swapin_adds(tree_stack_of_task(), (void *)a[0], (void *)a[1], (swp_entry_t){ a[2] });
		break;
	case FN___swap_cache_do_del_folio:
		trace_swap_cache_deleted((void *)a[0], (swp_entry_t){ a[2] }, (void *)a[1]);
		break;
	case FN___swap_cache_replace_folio:
		entered_replace(a);
		break;
	case FN_swapin_readahead:
		tree_stack_of_task()->nr_ahead = 0;
		break;
	case FN_swap_read_folio:
		tree_read_begins(tree_stack_of_task());
		break;
	case FN_swap_writeout:
		tree_writeout_begins(tree_stack_of_task());
		break;
	case FN_swap_zeromap_folio_set:
		tree_stack_of_task()->zeroes = (void *)a[0];
		entered_zero((void *)a[0]);
		break;
	default:
		break;
	}
}

static void entered(const struct tree_stack *s, struct tree_frame *f)
{
	const unsigned long *a = f->args;
	struct swap_info_struct *si = (void *)a[0];
	struct swap_cluster_info *ci = (void *)a[1];

	switch (f->fn) {
	case FN_isolate_lock_cluster:
		/* the caller is done with the cluster that it isolated before */
		tree_claims_end(s->depth > 1 ? s->frames[s->depth - 2].claims : 0);
		f->claims = nr_claims();
		break;
	case FN_swap_cluster_populate:
		trace_swap_table_alloc_enter(si, ci);
		break;
	case FN_alloc_swap_scan_list:
		entered_scan_list(a);
		break;
	case FN_alloc_swap_scan_cluster:
		trace_swap_alloc_scan(si, ci, a[2] ? folio_order((void *)a[2]) : 0, a[3]);
		break;
	case FN___swap_cluster_alloc_entries:
		if (!(RAW(si->flags) & SWP_WRITEOK))
			trace_swap_alloc_gate(si, ci);
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
		if (tree_frame_of(FN_swap_alloc_slow))
			trace_swap_alloc_slow_device(si, folio_order((void *)a[1]));
		break;
	case FN_swap_do_scheduled_discard:
		if (s->depth > 1 && s->frames[s->depth - 2].fn == FN_swap_sync_discard)
			trace_swap_sync_discard_wait(si);
		break;
	case FN_swap_cluster_schedule_discard:
		trace_swap_discard_scheduled(si, ci);
		break;
	case FN_discard_swap_cluster:
		trace_swap_discard_issue(si, ci_at(si, a[1]), a[1], a[2]);
		break;
	case FN___swap_cluster_put_entry:
	case FN___swap_cluster_dup_entry:
		f->local[0] = count_of((void *)a[0], a[1]);
		break;
	case FN_folio_alloc_swap:
		trace_swap_alloc_enter(folio_order((void *)a[0]), (void *)a[0]);
		break;
	default:
		entered_other(f);
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

	trace_swap_table_alloc_leave(si, ci, __lock_is_held(&ci->lock));
}

/* It fails if it says so, wherever its folio is then. */
int tree_folio_alloc_swap(struct folio *folio)
{
	unsigned long charges = tree_stack_of_task()->charges;
	int err = (folio_alloc_swap)(folio);

	if (err)
		trace_swap_alloc_failed(folio_order(folio), !tree_stack_of_task()->charge_failed);
	if (err == -ENOMEM && tree_stack_of_task()->charges == charges)
		CHECK_FAIL("INV-G15", "no slot was found, and the cgroup was not told (MEMCG_SWAP_FAIL)");
	return err;
}

static void left(struct tree_stack *s, struct tree_frame *f)
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

			trace_swap_alloc_hint_written(si, order, si->global_cluster->next[order]);
		}
		break;
	case FN___swap_cluster_put_entry:
	case FN___swap_cluster_dup_entry:
		left_count(s, f);
		break;
	case FN_wait_for_allocation:
		trace_swapoff_waited(si);
		break;
	case FN_folio_alloc_swap:
		s->charge_failed = f->local[1];
		break;
	case FN___swap_cache_do_add_folio:
		trace_swap_cache_added((void *)a[0], (swp_entry_t){ a[2] }, (void *)a[1]);
		break;
	case FN_swap_read_folio:
		tree_read_ends(s);
		break;
	case FN_swap_writeout:
		tree_writeout_ends(s);
		break;
	case FN_try_to_unuse:
		tree_state_judge(STATE_SWAPENTS, STATE_ANONPAGES, "try_to_unuse()");
		break;
	case FN___swap_cache_do_del_folio:
		tree_swapin_leaves(s, (void *)a[1]);
		break;
	default:
		break;
	}
	tree_claims_end(f->claims);
}

/* called by __fentry__ */
__used void tree_function_enter(const struct tree_hook *hook, const unsigned long *args)
{
	struct tree_stack *s = tree_stack_of_task();
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
	struct tree_stack *s = tree_stack_of_task();

	if (s == &no_stack || !s->depth)
		return;
	left(s, &s->frames[s->depth - 1]);
	s->depth--;
	if (unlikely(s->nr_told_early))
		tree_told_early(s);
}
