/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks, references, per-CPU data, waiting. A lock's class is derived from the expression with
 * which the tree initialises it.
 */
#ifndef _SHIM_LOCK_H
#define _SHIM_LOCK_H

#include <kernel/lockdep.h>
#include <kernel/mutex.h>
#include <kernel/percpu.h>
#include <kernel/percpu-refcount.h>
#include <kernel/rcupdate.h>
#include <kernel/spinlock.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>

/* The class of @lock, which spin_lock_init(@what) makes ready. */
enum lock_class tree_lock_class(const spinlock_t *lock, const char *what);

#ifdef TREE_SOURCE
#define spin_lock_init(l) \
	do { (spin_lock_init)(l); (l)->dep.class = tree_lock_class(l, #l); } while (0)
#define mutex_init(l) \
	do { (mutex_init)(l); (l)->dep.class = lock_class_own_mutex; } while (0)
#define init_rwsem(l) \
	do { (init_rwsem)(l); (l)->dep.class = lock_class_own_mutex; } while (0)
/* classes are the harness's: a key of a patch's says nothing here */
struct lock_class_key { int unused; };
#undef lockdep_set_class
#define lockdep_set_class(l, key) ((void)(l), (void)(key))
#define lockdep_register_key(key) ((void)(key))
#define lockdep_unregister_key(key) ((void)(key))
/* a lock that the harness knows, or a patch's own */
#define __TREE_CLASS_swap_lock ~, lock_class_swap_lock
#define __TREE_CLASS_swap_avail_lock ~, lock_class_swap_avail_lock
#define __TREE_CLASS_mmlist_lock ~, lock_class_mmlist_lock
#define __TREE_CLASS_swapon_mutex ~, lock_class_swapon_mutex
#define __TREE_CLASS_2(a, b, ...) b
#define __TREE_CLASS_1(...) __TREE_CLASS_2(__VA_ARGS__)
#undef __SPIN_LOCK_UNLOCKED
#define __SPIN_LOCK_UNLOCKED(name) \
	(spinlock_t){ .dep = { .class = (__TREE_CLASS_1(__TREE_CLASS_##name, lock_class_own, )) } }
#undef DEFINE_SPINLOCK
#define DEFINE_SPINLOCK(name) spinlock_t name = __SPIN_LOCK_UNLOCKED(name)
#undef DEFINE_MUTEX
#define __MUTEX_INITIALIZER(name) \
	{ .dep = { .class = (__TREE_CLASS_1(__TREE_CLASS_##name, lock_class_own_mutex, )) } }
#define DEFINE_MUTEX(name) struct mutex name = __MUTEX_INITIALIZER(name)
#define __RWSEM_INITIALIZER(name) { .dep = { .class = lock_class_own_mutex } }
#define DECLARE_RWSEM(name) struct rw_semaphore name = __RWSEM_INITIALIZER(name)
#define assert_spin_locked(l) lockdep_assert_held(l)
#undef INIT_LOCAL_LOCK
#define INIT_LOCAL_LOCK(...) { .dep = { .class = lock_class_percpu_swap_cluster } }
#undef per_cpu_ptr
#define per_cpu_ptr(ptr, cpu) ((__typeof__(&(ptr)[0]))__per_cpu_ptr((ptr), (cpu)))
#define percpu_ref_init(ref, fn, flags, gfp) \
	(should_fail_alloc(ALLOC_SWAPON) ? -ENOMEM : (tree_ref_init(ref, fn, flags), 0))
#define PERCPU_REF_INIT_DEAD 2
static inline void tree_ref_init(struct percpu_ref *ref, void (*release)(struct percpu_ref *ref), unsigned int flags)
{
	(percpu_ref_init)(ref, release);
	if (!(flags & PERCPU_REF_INIT_DEAD))
		(percpu_ref_resurrect)(ref);
}
#endif

/* The assertions of mm/swap.h tell the check DEVICE-REF of a use; anybody else only asks. */
#define percpu_ref_is_zero(ref)							\
	(__builtin_strncmp(__func__, "__swap_", 7) ? !percpu_ref_count(ref) : (percpu_ref_is_zero)(ref))

#include <shim/morelock.h>
#include <shim/percpu.h>
#include <shim/work.h>
#include <shim/wait.h>

#endif /* _SHIM_LOCK_H */
