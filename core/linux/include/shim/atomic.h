/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomics and barriers that core/swap does not use, and bit operations.
 *
 * More lenient than the kernel: smp_wmb() and smp_rmb() are full fences. READ_ONCE() of a pointer is an
 * acquire: it orders what depends on the pointer, as the kernel's does, and a little more.
 */
#ifndef _SHIM_ATOMIC_H
#define _SHIM_ATOMIC_H

#include <kernel/atomic.h>
#include <kernel/bitops.h>

static inline long atomic_long_fetch_and_relaxed(long i, atomic_long_t *v)
{
	machine_point(POINT_ATOMIC_RMW, v);
	machine_store(&v->counter);
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_RELAXED);
}

static inline void atomic_long_or(long i, atomic_long_t *v)
{
	atomic_long_fetch_or_relaxed(i, v);
}

#define smp_wmb() smp_mb()
#define smp_rmb() smp_mb()

#ifdef TREE_SOURCE
#undef READ_ONCE
#define READ_ONCE(x) ({								\
	machine_point(POINT_ATOMIC_READ, &(x));					\
	machine_seen(&(x), __atomic_load_n(&(x), __builtin_classify_type(x) == 5 ? \
					   __ATOMIC_ACQUIRE : __ATOMIC_RELAXED)); \
})
#endif

#endif /* _SHIM_ATOMIC_H */
