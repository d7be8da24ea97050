/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints without a line in the functions they are about, in the way of core/linux (its
 * include/shim/hooks.h): macros with the names of functions and primitives, which know the function
 * they are used in. A source of core/swap includes it last.
 *
 * An event that needs a value which only the middle of its function has keeps its line there.
 */
#ifndef _SWAP_TRACE_H
#define _SWAP_TRACE_H

/* Is the macro used in this function? A constant. */
#define __hook_in(name) (!__builtin_strcmp(__func__, name))

/* As __swap_offset_to_cluster() and folio_order(), but these have scheduling points. */
#define __hook_ci(si, offset) (&(si)->cluster_info[(offset) / SWAPFILE_CLUSTER])
static inline unsigned int __hook_order(const struct folio *folio)
{
	return folio ? __atomic_load_n(&folio->_order, __ATOMIC_RELAXED) : 0;
}

/*
 * HOOK(first, fn, args, call): @call where @fn is called, `fn args` where it is declared or defined:
 * there its first argument begins with "struct". In @call, (fn)(...) is the function itself.
 */
#define __HOOK_DECLARED_struct ~, 1,
#define __HOOK_SECOND(a, b, ...) b
#define __HOOK_SECOND_OF(...) __HOOK_SECOND(__VA_ARGS__)
#define __HOOK_IS_DECLARED(...) __HOOK_SECOND_OF(__HOOK_DECLARED_##__VA_ARGS__, 0, 0)
#define __HOOK_CHOOSE_1(declaration, call) declaration
#define __HOOK_CHOOSE_0(declaration, call) call
#define __HOOK_CHOOSE_(declared) __HOOK_CHOOSE_##declared
#define __HOOK_CHOOSE(declared) __HOOK_CHOOSE_(declared)
#define HOOK(first, fn, args, call) \
	__HOOK_CHOOSE(__HOOK_IS_DECLARED(first))(fn args, call)

/* --- clusters: lists and tables ----------------------------------------------------------- */

/* These two, and cluster_is_usable(), name the variables si and ci of the function they are in. */
#define list_del(entry) do {							\
	(list_del)(entry);							\
	if (__hook_in("swap_do_scheduled_discard"))				\
		trace_swap_cluster_discard_unlinked(si, ci);			\
	else									\
		trace_swap_cluster_isolated(si, ci, ci->flags);			\
} while (0)

#undef spin_trylock
#define spin_trylock(lock) ({							\
	bool __got = __spin_trylock(lock, CODE_SITE);				\
	if (!__got)								\
		trace_swap_cluster_contended(si, ci);				\
	__got;									\
})

/* A failed swap_cluster_populate() ends, and with it the claim, before it unlocks the cluster. */
#define move_cluster(si, ci, list, flags)					\
	HOOK(si, move_cluster, (si, ci, list, flags), ({			\
	(move_cluster)(si, ci, list, flags);					\
	if (__hook_in("swap_cluster_populate") || __hook_in("swap_cluster_populate_v1")) { \
		trace_swap_table_putback(si, ci);				\
		trace_swap_table_alloc_leave(si, ci, false);			\
		trace_swap_cluster_unclaimed(si, ci);				\
	} else if (__hook_in("swap_cluster_schedule_discard")) {		\
		trace_swap_discard_scheduled(si, ci);				\
	}									\
}))

#undef rcu_assign_pointer
#define rcu_assign_pointer(p, v) do {						\
	__typeof__(p) *__rp = &(p), __new = (v), __old = __atomic_load_n(&(p), __ATOMIC_RELAXED);		\
	struct swap_cluster_info *__ci =					\
		container_of(__rp, struct swap_cluster_info, table);		\
	machine_point(POINT_RCU_ASSIGN, __rp);					\
	machine_store_release(__rp);						\
	__atomic_store_n(__rp, __new, __ATOMIC_RELEASE);			\
	if (__hook_in("swap_cluster_setup_bad_slot"))					\
		break;								\
	if (__new)								\
		trace_swap_table_published(__ci, __new);			\
	else									\
		trace_swap_table_freed(__ci, __old);				\
} while (0)

/* deliberately broken: the store does not release */
#define table_assign_relaxed(p, v) do {						\
	__typeof__(p) __new = (v);						\
	machine_point(POINT_RCU_ASSIGN, &(p));					\
	machine_store(&(p));							\
	__atomic_store_n(&(p), __new, __ATOMIC_RELAXED);			\
	trace_swap_table_published(container_of(&(p), struct swap_cluster_info, table), __new); \
} while (0)

#define swap_cluster_populate(si, ci)						\
	HOOK(si, swap_cluster_populate, (si, ci), ({				\
	struct swap_cluster_info *__done;					\
	trace_swap_table_alloc_enter(si, ci);					\
	__done = (swap_cluster_populate)(si, ci);				\
	if (__done)								\
		trace_swap_table_alloc_leave(si, __done, true);			\
	__done;									\
}))

/* --- allocation --------------------------------------------------------------------------- */

#define alloc_swap_scan_cluster(si, ci, f, offset)				\
	HOOK(si, alloc_swap_scan_cluster, (si, ci, f, offset), ({		\
	struct folio *__scan_folio = (f);					\
	unsigned long __scan_offset = (offset);					\
	unsigned int __scan_found;						\
	trace_swap_alloc_scan(si, ci, __hook_order(__scan_folio), __scan_offset); \
	__scan_found = (alloc_swap_scan_cluster)(si, ci, __scan_folio, __scan_offset); \
	if (__hook_in("alloc_swap_scan_list"))					\
		trace_swap_cluster_unclaimed(si, ci);				\
	__scan_found;								\
}))

#define __swap_cluster_alloc_entries(si, ci, folio, ci_off)			\
	HOOK(si, __swap_cluster_alloc_entries, (si, ci, folio, ci_off), ({	\
	unsigned int __taken_off = (ci_off);					\
	bool __taken = (__swap_cluster_alloc_entries)(si, ci, folio, __taken_off); \
	if (__taken)								\
		trace_swap_alloc_taken(si, ci, cluster_offset(si, ci) + __taken_off, \
				       1U << __hook_order(folio));		\
	__taken;								\
}))

#define swap_alloc_write_hint(si, order, next)					\
	HOOK(si, swap_alloc_write_hint, (si, order, next), ({			\
	(swap_alloc_write_hint)(si, order, next);				\
	trace_swap_alloc_hint_written(si, order, next);				\
}))

#define cluster_alloc_swap_entry(si, folio)					\
	HOOK(si, cluster_alloc_swap_entry, (si, folio), ({			\
	if (__hook_in("swap_alloc_slow"))					\
		trace_swap_alloc_slow_device(si, folio_order(folio));		\
	(cluster_alloc_swap_entry)(si, folio);					\
}))

/* Of a walk's next device: it left the list. */
#define plist_node_empty(node) ({						\
	bool __empty = (plist_node_empty)(node);				\
	if (__empty && __hook_in("swap_alloc_slow"))				\
		trace_swap_alloc_slow_restart(container_of(node, struct swap_info_struct, avail_list)); \
	else if (__empty && __hook_in("swap_sync_discard"))			\
		trace_swap_sync_discard_restart(container_of(node, struct swap_info_struct, list)); \
	__empty;								\
})

/* --- usage, counts, the swap cache -------------------------------------------------------- */

#define swap_range_alloc(si, nr)						\
	HOOK(si, swap_range_alloc, (si, nr), ({					\
	trace_swap_range_alloc(si, nr);						\
	(swap_range_alloc)(si, nr);						\
}))

#define swap_range_free(si, offset, nr)						\
	HOOK(si, swap_range_free, (si, offset, nr), ({				\
	unsigned long __freed = (offset);					\
	trace_swap_entries_freed(si, __hook_ci(si, __freed), __freed, nr); \
	trace_swap_range_free(si, __freed, nr);					\
	(swap_range_free)(si, __freed, nr);					\
}))

#define swap_extend_table_alloc(si, ci, ci_off, gfp)				\
	HOOK(si, swap_extend_table_alloc, (si, ci, ci_off, gfp), ({		\
	if (__hook_in("swap_dup_entries_cluster"))				\
		trace_swap_extend_unlocked(si, ci, cluster_offset(si, ci) + ci_off); \
	(swap_extend_table_alloc)(si, ci, ci_off, gfp);				\
}))

#define __swap_cache_add_folio(ci, folio, entry)				\
	HOOK(ci, __swap_cache_add_folio, (ci, folio, entry), ({			\
	swp_entry_t __added = (entry);						\
	(__swap_cache_add_folio)(ci, folio, __added);				\
	trace_swap_cache_added(ci, __added, folio);				\
}))

/* --- reclaim ------------------------------------------------------------------------------ */

#define cluster_is_usable(ci, order) ({						\
	bool __usable = (cluster_is_usable)(ci, order);				\
	if (__hook_in("cluster_reclaim_range"))					\
		trace_swap_reclaim_relocked(si, ci, __usable, (ci)->flags);	\
	__usable;								\
})

#define __try_to_reclaim_swap(si, offset, flags)				\
	HOOK(si, __try_to_reclaim_swap, (si, offset, flags), ({			\
	if (__hook_in("swap_reclaim_full_cluster"))				\
		trace_swap_reclaim_full(si, __hook_ci(si, offset), offset); \
	(__try_to_reclaim_swap)(si, offset, flags);				\
}))

#define swap_reclaim_full_cluster(si, ci)					\
	HOOK(si, swap_reclaim_full_cluster, (si, ci), ({			\
	(swap_reclaim_full_cluster)(si, ci);					\
	trace_swap_reclaim_full_end(si, ci, (ci)->flags);			\
}))

/* --- discard ------------------------------------------------------------------------------ */

#define swap_do_scheduled_discard(si)						\
	HOOK(si, swap_do_scheduled_discard, (si), ({				\
	if (__hook_in("swap_sync_discard"))					\
		trace_swap_sync_discard_wait(si);				\
	(swap_do_scheduled_discard)(si);					\
}))

#define swap_discard_slots(si, start, nr)					\
	HOOK(si, swap_discard_slots, (si, start, nr), ({			\
	unsigned long __start = (start), __nr = (nr);				\
	if (__hook_in("swap_do_scheduled_discard"))				\
		trace_swap_discard_issue(si, __hook_ci(si, __start), __start, __nr); \
	(swap_discard_slots)(si, __start, __nr);				\
}))

#define __free_cluster(si, ci)							\
	HOOK(si, __free_cluster, (si, ci), ({					\
	if (__hook_in("swap_do_scheduled_discard"))				\
		trace_swap_cluster_discard_done(si, ci);			\
	(__free_cluster)(si, ci);						\
	if (__hook_in("swap_do_scheduled_discard"))				\
		trace_swap_cluster_unclaimed(si, ci);				\
}))

/* --- swapon, swapoff ---------------------------------------------------------------------- */

#define __hook_si(member, of) container_of(of, struct swap_info_struct, member)
#define percpu_ref_resurrect(ref) do {						\
	(percpu_ref_resurrect)(ref);						\
	trace_swapon_resurrected(__hook_si(users, ref));			\
} while (0)
#define percpu_ref_kill(ref) do {						\
	(percpu_ref_kill)(ref);							\
	trace_swapoff_killed(__hook_si(users, ref), percpu_ref_count(ref));	\
} while (0)
#define wait_for_completion(x) do {						\
	(wait_for_completion)(x);						\
	trace_swapoff_synced(__hook_si(comp, x));				\
} while (0)

#define add_to_avail_list(si, swapon)						\
	HOOK(si, add_to_avail_list, (si, swapon), ({				\
	(add_to_avail_list)(si, swapon);					\
	if (__hook_in("enable_swap_info"))					\
		trace_swapon_published(si, (si)->pages);			\
}))

#define wait_for_allocation(si)							\
	HOOK(si, wait_for_allocation, (si), ({					\
	(wait_for_allocation)(si);						\
	trace_swapoff_waited(si);						\
}))

#define flush_percpu_swap_cluster(si)						\
	HOOK(si, flush_percpu_swap_cluster, (si), ({				\
	trace_swapoff_flushed(si);						\
	(flush_percpu_swap_cluster)(si);					\
}))

#endif /* _SWAP_TRACE_H */
