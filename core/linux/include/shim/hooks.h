/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints without a line in the tree, part one: primitives, wrapped by macros that know the
 * function of the tree they are used in. Part two, entry and exit of functions, is events.def.
 * primitives.c, devices.c and functions.c receive both. Included after all other shims and the tree's headers,
 * directly before the tree's source.
 */
#ifndef _SHIM_HOOKS_H
#define _SHIM_HOOKS_H

struct tree_hook {
	void *fn;
	unsigned int id;		/* enum tree_fn */
};

enum tree_fn {
	FN_none,
#define TREE_FUNCTIONS_SWAPFILE
#define TREE_FUNCTIONS_PAGE_IO
#define TREE_FUNCTIONS_SWAP_STATE
#define FUNCTION(name, result, parameters) FN_##name,
#define OPTIONAL(name, result, parameters) FN_##name,
#define GLOBAL(name) FN_##name,
#include "../../events.def"
#undef FUNCTION
#undef OPTIONAL
#undef GLOBAL
#undef TREE_FUNCTIONS_SWAPFILE
#undef TREE_FUNCTIONS_PAGE_IO
#undef TREE_FUNCTIONS_SWAP_STATE
	NR_TREE_FNS,
};

/*
 * Is @name, of events.def, the function that uses the macro? Compared by the compiler. TREE_NAME_* are what the tree
 * calls them (prototypes.h).
 */
#define __tree_in(name) (!__builtin_strcmp(__func__, TREE_NAME_##name))
/* The same of a function that events.def does not name. */
#define __tree_at(name) (!__builtin_strcmp(__func__, #name))

void tree_list_del(struct list_head *entry);
void tree_list_add(struct list_head *entry, struct list_head *head);
bool tree_list_empty(const struct list_head *head);
void tree_contended(struct swap_cluster_info *ci);
void tree_lock_released(spinlock_t *lock);
void tree_lock_taken(spinlock_t *lock);
void tree_swapin_unlocks(const spinlock_t *lock);
void tree_local_locked(void);
void tree_populate_unlocked(void);
void tree_populate_slept(void);
void tree_table_assigned(struct swap_cluster_info *ci, void *table);
void tree_table_indexed(unsigned int word);
void tree_table_loaded(struct swap_cluster_info *ci, const void *table);
void tree_cluster_freed(struct swap_cluster_info *ci);
void tree_hint_unusable(struct swap_cluster_info *ci);
void tree_folio_locked(struct folio *folio);
void tree_reclaim_done(struct swap_info_struct *si, unsigned long offset, long result);
/* Where the tree has its hints, as swapfile_tree.c knows: addresses of per-CPU variables; none if @nr is 0. */
extern const struct tree_hints {
	const void *all;
	size_t size;			/* of all, in bytes */
	struct swap_info_struct **si;
	unsigned long *offset;
	unsigned int nr;		/* of each */
	local_lock_t *lock;
} tree_hints;
void tree_hint_read(const void *slot);
void tree_hint_written(const void *slot, unsigned long next);
void tree_hint_cleared(struct swap_info_struct *si, const void *slot);
void tree_device_listed(struct swap_info_struct *si, bool avail, bool add);
void tree_walk_restarted(const struct swap_info_struct *next, bool avail);
/* The argument may be no device: a patch may have counters and references of its own. */
void tree_usage_or(struct swap_info_struct *si);
void tree_ref_resurrected(struct swap_info_struct *si);
void tree_ref_killed(struct swap_info_struct *si, unsigned int refs);
void tree_device_ref(struct swap_info_struct *si, bool got);
void tree_usage_round(unsigned int type);
void tree_references_gone(struct swap_info_struct *si);
void tree_teardown(void);
void tree_looked_for_signal(bool pending);
void tree_folio_got(struct folio *folio, bool got);
void tree_folio_found(struct folio *folio);
void tree_mm_drained(struct list_head *entry);
void tree_extend_alloced(void *table);
void tree_extend_freed(const void *table);

#ifdef TREE_SOURCE
/* lists; those of clusters matter */
#define list_del(e) do {							\
	struct list_head *__e = (e);						\
	(list_del)(__e);							\
	tree_list_del(__e);							\
} while (0)
#define __tree_list_add(how, e, h) do {						\
	struct list_head *__e = (e), *__h = (h);				\
	(how)(__e, __h);							\
	tree_list_add(__e, __h);						\
} while (0)
#define list_del_init(e) do {							\
	struct list_head *__e = (e);						\
	(list_del_init)(__e);							\
	if (__tree_at(drain_mmlist))						\
		tree_mm_drained(__e);						\
} while (0)
#define list_add_tail(e, h) __tree_list_add(list_add_tail, e, h)
#define list_add(e, h) __tree_list_add(list_add, e, h)
#define list_move_tail(e, h) __tree_list_add(list_move_tail, e, h)
#define list_move(e, h) __tree_list_add(list_move, e, h)
#define list_splice_tail_init(from, h) do {					\
	struct list_head *__from = (from);					\
	while (!list_empty(__from))						\
		list_move_tail(__from->next, h);				\
} while (0)
#define list_splice_init(from, h) do {						\
	struct list_head *__from = (from);					\
	while (!list_empty(__from))						\
		list_move(__from->prev, h);					\
} while (0)

/* locks */
#undef spin_trylock
#define spin_trylock(l) ({							\
	spinlock_t *__lk = (l);							\
	bool __got = __spin_trylock(__lk, CODE_SITE);				\
	if (!__got && __tree_in(isolate_lock_cluster))			\
		tree_contended(container_of(__lk, struct swap_cluster_info, lock)); \
	__got;									\
})
#define __tree_drops_lock							\
	(__tree_in(cluster_reclaim_range) || __tree_in(swap_dup_entries_cluster) || \
	 __tree_in(swap_cluster_populate) || __tree_in(swap_extend_table_alloc))
#define __tree_is_ci(l) ((l)->dep.class == lock_class_cluster)
#undef spin_lock
#define spin_lock(l) do {							\
	spinlock_t *__lk = (l);							\
	if (__tree_in(__swap_cache_alloc))					\
		tree_lock_taken(__lk);						\
	__spin_lock(__lk, 0, false, CODE_SITE);					\
	if (__tree_drops_lock || (__tree_in(swap_do_scheduled_discard) && __tree_is_ci(__lk))) \
		tree_lock_taken(__lk);						\
	if (__tree_at(free_swap_cluster_info) && __tree_is_ci(__lk))		\
		tree_cluster_freed(container_of(__lk, struct swap_cluster_info, lock)); \
} while (0)
#undef spin_unlock
#define spin_unlock(lock) do {							\
	spinlock_t *__lk = (lock);						\
	if (__tree_in(swap_extend_table_alloc))				\
		tree_lock_released(__lk);					\
	tree_swapin_unlocks(__lk);						\
	__spin_unlock(__lk, false, CODE_SITE);					\
	if (__tree_in(cluster_reclaim_range) || __tree_in(swap_dup_entries_cluster)) \
		tree_lock_released(__lk);					\
} while (0)
#undef local_lock
#define local_lock(l) do {							\
	if (__tree_in(swap_cluster_populate))					\
		tree_populate_slept();						\
	__local_lock(l, CODE_SITE);						\
	tree_local_locked();							\
} while (0)
#undef local_unlock
#define local_unlock(l) do {							\
	__local_unlock(l, CODE_SITE);						\
	if (__tree_in(swap_cluster_populate))					\
		tree_populate_unlocked();					\
} while (0)

/* tables */
#undef rcu_assign_pointer
#define rcu_assign_pointer(p, v) do {						\
	__typeof__(p) *__rp = &(p);						\
	__typeof__(p) __rv = (__typeof__(p))(v);				\
	machine_point(POINT_RCU_ASSIGN, __rp);					\
	tree_table_assigned(container_of(__rp, struct swap_cluster_info, table), __rv); \
	machine_store_release(__rp);						\
	__atomic_store_n(__rp, __rv, __ATOMIC_RELEASE);				\
} while (0)

/* What comes next may be plain reads of the object, which is to outlive them: others may free it here. */
#undef rcu_dereference
#define rcu_dereference(p) ({							\
	__typeof__(p) *__rp = &(p);						\
	__typeof__(p) __rv = rcu_dereference_check(p, false);			\
	if (__tree_at(swap_table_get))					\
		tree_table_loaded(container_of(__rp, struct swap_cluster_info, table), __rv); \
	else									\
		machine_point(POINT_RCU_DEREF, __rp);				\
	__rv;									\
})

/* hints; other per-CPU data is a patch's own, which asks for no lock */
#define __tree_is_hint(var) (!__builtin_strncmp(#var, "percpu_swap_cluster", 19))
#undef this_cpu_read
#define this_cpu_read(var) ({							\
	__typeof__(&(var)) __p = __tree_is_hint(var) ? __this_cpu_ptr(&(var), CODE_SITE) : __raw_cpu_ptr(&(var)); \
	__typeof__(var) __v;							\
	if (!__tree_is_hint(var)) {						\
		__v = __this_cpu_read(var);					\
	} else if (__PCPU_IS_PTR(var)) {					\
		machine_point(POINT_ATOMIC_READ, __p);				\
		__atomic_load(__p, &__v, __ATOMIC_ACQUIRE);			\
	} else {								\
		__v = *__p;							\
		tree_hint_read(__p);						\
	}									\
	__v;									\
})
#undef this_cpu_write
#define this_cpu_write(var, val) do {						\
	__typeof__(&(var)) __p = __tree_is_hint(var) ? __this_cpu_ptr(&(var), CODE_SITE) : __raw_cpu_ptr(&(var)); \
	__typeof__(var) __v = (val);						\
	if (!__tree_is_hint(var)) {						\
		__this_cpu_write(var, __v);					\
	} else if (__PCPU_IS_PTR(var)) {					\
		machine_point(POINT_ATOMIC_WRITE, __p);				\
		__atomic_store(__p, &__v, __ATOMIC_RELAXED);			\
	} else {								\
		*__p = __v;							\
		tree_hint_written(__p, (unsigned long)__v);			\
	}									\
} while (0)
#undef cmpxchg
#define cmpxchg(p, old, new) ({							\
	__typeof__(*(p)) __old = (old), __was = __old;				\
	machine_point(POINT_ATOMIC_RMW, (p));					\
	machine_rmw(p);								\
	if (__atomic_compare_exchange_n((p), &__old, (new), false, __ATOMIC_SEQ_CST, \
					__ATOMIC_RELAXED) &&			\
	    __tree_in(flush_percpu_swap_cluster))				\
		tree_hint_cleared((void *)__was, (p));				\
	__old;									\
})

/* devices */
#define __tree_si(n, m) container_of(n, struct swap_info_struct, m)
#define plist_node_empty(n) ({							\
	bool __empty = (plist_node_empty)(n);					\
	if (__empty && __builtin_strchr(#n, 'x') && __tree_in(swap_alloc_slow)) /* next */ \
		tree_walk_restarted(__tree_si(n, avail_list), true);		\
	if (__empty && __builtin_strchr(#n, 'x') && __tree_in(swap_sync_discard)) \
		tree_walk_restarted(__tree_si(n, list), false);			\
	__empty;								\
})
/* The kernel's list_empty() is a marked access, and here it is meant to be one: no lock is held. */
#define plist_head_empty(h)							\
	(__tree_at(__has_usable_swap) ? tree_list_empty(&(h)->node_list) : (plist_head_empty)(h))
#define plist_add(n, h) do {							\
	(plist_add)(n, h);							\
	if ((h) == &swap_avail_head)						\
		tree_device_listed(__tree_si(n, avail_list), true, true);	\
	else									\
		tree_device_listed(__tree_si(n, list), false, true);		\
} while (0)
/* The node is on this list, or on none: DEBUG_PLIST does not see that. */
#define __tree_plist_check(n, h) do {						\
	const struct list_head *__at = &(n)->node_list;				\
	while (!list_empty(&(n)->node_list) && __at != &(h)->node_list) {	\
		__at = __at->next;						\
		if (__at == &(n)->node_list)					\
			harness_fail("LIST", CODE_SITE, "a device is not on the list " #h); \
	}									\
} while (0)
#define plist_requeue(n, h) do {						\
	__tree_plist_check(n, h);						\
	(plist_requeue)(n, h);							\
} while (0)
#define plist_del(n, h) do {							\
	__tree_plist_check(n, h);						\
	(plist_del)(n, h);							\
	if ((h) == &swap_avail_head)						\
		tree_device_listed(__tree_si(n, avail_list), true, false);	\
} while (0)
#define atomic_long_or(i, v) do {						\
	(atomic_long_or)(i, v);							\
	tree_usage_or(__tree_si(v, inuse_pages));				\
} while (0)
#define atomic_long_read(v) ({							\
	if (__tree_at(si_swapinfo) && !__builtin_strcmp(#v, "&nr_swap_pages"))	\
		trace_swap_sysinfo_used();					\
	(atomic_long_read)(v);							\
})
#define percpu_ref_tryget_live(ref) ({						\
	bool __got = (percpu_ref_tryget_live)(ref);				\
	tree_device_ref(__tree_si(ref, users), __got);				\
	__got;									\
})
#define percpu_ref_resurrect(ref) do {						\
	(percpu_ref_resurrect)(ref);						\
	tree_ref_resurrected(__tree_si(ref, users));				\
} while (0)
#define percpu_ref_kill(ref) do {						\
	(percpu_ref_kill)(ref);							\
	tree_ref_killed(__tree_si(ref, users),					\
			__atomic_load_n(&(ref)->count.counter, __ATOMIC_RELAXED) & \
			(PERCPU_REF_GRACE - 1));				\
} while (0)
#define wait_for_completion(c) do {						\
	(wait_for_completion)(c);						\
	tree_references_gone(__tree_si(c, comp));				\
} while (0)
/* the first thing that swapoff does when it is alone with the device, and has flushed its work */
#undef mutex_lock
#define mutex_lock(m) do {							\
	if (__tree_at(tree_sys_swapoff))					\
		tree_teardown();						\
	__mutex_lock(m, CODE_SITE);						\
} while (0)

#undef signal_pending
#define signal_pending(t) ({							\
	bool __pending = (signal_pending)();					\
	tree_looked_for_signal(__pending);					\
	__pending;								\
})

/* lookups */
#define folio_try_get(folio) ({							\
	struct folio *__f = (folio);						\
	bool __got = (folio_try_get)(__f);					\
	if (__tree_in(swap_cache_get_folio))					\
		tree_folio_got(__f, __got);					\
	__got;									\
})
#undef folio_trylock
#define folio_trylock(folio) ({							\
	struct folio *__f = (folio);						\
	bool __got = __folio_trylock(__f, CODE_SITE);				\
	if (__got && __tree_in(__try_to_reclaim_swap))			\
		tree_folio_locked(__f);						\
	__got;									\
})
#define swap_cache_get_folio(entry) ({						\
	struct folio *__f = (swap_cache_get_folio)(entry);			\
	if (__tree_in(__try_to_reclaim_swap) && __f)				\
		tree_folio_found(__f);						\
	__f;									\
})

/*
 * The result of a static function: where the function is called, its name is a macro. In its
 * declaration, the first argument begins with "struct".
 */
#define __TREE_DECLARED_struct ~, 1,
#define __TREE_SECOND(a, b, ...) b
#define __TREE_SECOND_OF(...) __TREE_SECOND(__VA_ARGS__)
#define __TREE_IS_DECLARED(...) __TREE_SECOND_OF(__TREE_DECLARED_##__VA_ARGS__, 0, 0)
#define __TREE_CHOOSE_1(call, ...) __VA_ARGS__
#define __TREE_CHOOSE_0(call, ...) call
#define __TREE_CHOOSE_(declared) __TREE_CHOOSE_##declared
#define __TREE_CHOOSE(declared) __TREE_CHOOSE_(declared)
#define __try_to_reclaim_swap(si, ...)						\
	__TREE_CHOOSE(__TREE_IS_DECLARED(si))(__tree_try_to_reclaim(si, __VA_ARGS__), \
		__try_to_reclaim_swap(si, __VA_ARGS__))
#define __tree_try_to_reclaim(si, offset, ...) ({				\
	unsigned long __asked = (offset);					\
	int __r = (__try_to_reclaim_swap)(si, __asked, __VA_ARGS__);		\
	tree_reclaim_done(si, __asked, __r);					\
	__r;									\
})
#define swap_cluster_unlock(ci) do {						\
	struct swap_cluster_info *__ci = (ci);					\
	if (__tree_in(swap_alloc_fast))					\
		tree_hint_unusable(__ci);					\
	tree_swapin_unlocks(&__ci->lock);					\
	(swap_cluster_unlock)(__ci);						\
} while (0)

/* tables of large counts */
#undef kzalloc
#define kzalloc(size, gfp) ({							\
	void *__m = tree_kalloc(size, (gfp) | __GFP_ZERO, __func__, #size);	\
	if (__tree_in(swap_extend_table_alloc))				\
		tree_extend_alloced(__m);					\
	__m;									\
})
#define kfree(p) do {								\
	const void *__m = (p);							\
	if (__tree_in(swap_extend_table_alloc) || __tree_at(swap_extend_table_try_free)) \
		tree_extend_freed(__m);						\
	(kfree)(__m);								\
} while (0)
#endif /* TREE_SOURCE */

#endif /* _SHIM_HOOKS_H */
