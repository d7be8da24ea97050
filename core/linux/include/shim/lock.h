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

/* The class of the lock that spin_lock_init(@what) makes ready. */
enum lock_class tree_lock_class(const char *what);

#ifdef TREE_SOURCE
#define spin_lock_init(l) \
	do { (spin_lock_init)(l); lockdep_set_class(l, tree_lock_class(#l)); } while (0)
#define assert_spin_locked(l) lockdep_assert_held(l)
#undef INIT_LOCAL_LOCK
#define INIT_LOCAL_LOCK(...) { .dep = { .class = lock_class_percpu_swap_cluster } }
#undef per_cpu_ptr
#define per_cpu_ptr(ptr, cpu) ((__typeof__(&(ptr)[0]))__per_cpu_ptr((ptr), (cpu)))
#define percpu_ref_init(ref, fn, flags, gfp) \
	(should_fail_alloc(ALLOC_SWAPON) ? -ENOMEM : ((percpu_ref_init)(ref, fn), 0))
#define PERCPU_REF_INIT_DEAD 0
#endif

/* The assertions of mm/swap.h tell the check DEVICE-REF of a use; anybody else only asks. */
#define percpu_ref_is_zero(ref)							\
	(__builtin_strncmp(__func__, "__swap_", 7) ? !percpu_ref_count(ref) : (percpu_ref_is_zero)(ref))

/* for poll() of /proc/swaps, which does not wait */
struct tree_wait_queue_head { int unused; };
#define DECLARE_WAIT_QUEUE_HEAD(n) __attribute__((unused)) struct tree_wait_queue_head n
void tree_wakes_pollers(void);
#define wake_up_interruptible(w) ((void)(w), tree_wakes_pollers())

#endif /* _SHIM_LOCK_H */
