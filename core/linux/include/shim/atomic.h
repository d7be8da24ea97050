/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomics and barriers that core/swap does not use, and bit operations.
 *
 * More lenient than the kernel: smp_wmb() and smp_rmb() are full fences. READ_ONCE() of a pointer is an
 * acquire: it orders what depends on the pointer, as the kernel's does, and a little more. What the tree's
 * files do not use, but a patch to them may, is fully ordered.
 */
#ifndef _SHIM_ATOMIC_H
#define _SHIM_ATOMIC_H

#include <kernel/atomic.h>
#include <kernel/bitops.h>
#include "bits.h"

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
#define mb() smp_mb()
#define wmb() smp_mb()
#define rmb() smp_mb()
#define smp_mb__before_atomic() smp_mb()
#define smp_mb__after_atomic() smp_mb()
#define smp_mb__after_spinlock() smp_mb()
#define smp_acquire__after_ctrl_dep() smp_mb()
#define smp_store_mb(x, value) do { WRITE_ONCE(x, value); smp_mb(); } while (0)
#define barrier() __asm__ __volatile__("" : : : "memory")
#define ASSERT_EXCLUSIVE_WRITER(x) ((void)(x))
#define ASSERT_EXCLUSIVE_ACCESS(x) ((void)(x))

/* --- what only patches use ---------------------------------------------------------------------- */

#define __MORE_ATOMIC_OPS(prefix, type, vtype)						\
static inline vtype prefix##_fetch_add(vtype i, type *v) { return prefix##_add_return(i, v) - i; } \
static inline vtype prefix##_fetch_sub(vtype i, type *v) { return prefix##_sub_return(i, v) + i; } \
static inline vtype prefix##_fetch_inc(type *v) { return prefix##_fetch_add(1, v); }	\
static inline vtype prefix##_fetch_dec(type *v) { return prefix##_fetch_sub(1, v); }	\
static inline vtype prefix##_fetch_andnot(vtype i, type *v) { return prefix##_fetch_and(~i, v); } \
static inline vtype prefix##_cmpxchg(type *v, vtype old, vtype new)			\
{											\
	prefix##_try_cmpxchg(v, &old, new);						\
	return old;									\
}											\
/* Return: the value before. */								\
static inline vtype prefix##_fetch_add_unless(type *v, vtype i, vtype unless)		\
{											\
	vtype c = prefix##_read(v);							\
											\
	while (c != unless && !prefix##_try_cmpxchg(v, &c, c + i))			\
		;									\
	return c;									\
}											\
static inline vtype prefix##_dec_if_positive(type *v)					\
{											\
	vtype c = prefix##_read(v);							\
											\
	while (c > 0 && !prefix##_try_cmpxchg(v, &c, c - 1))				\
		;									\
	return c - 1;									\
}											\
static inline bool prefix##_inc_and_test(type *v) { return !prefix##_inc_return(v); }	\
static inline bool prefix##_add_negative(vtype i, type *v) { return prefix##_add_return(i, v) < 0; }

__MORE_ATOMIC_OPS(atomic, atomic_t, int)
__MORE_ATOMIC_OPS(atomic_long, atomic_long_t, long)

static inline void atomic_or(int i, atomic_t *v)
{
	atomic_fetch_or_relaxed(i, v);
}

static inline void atomic_andnot(int i, atomic_t *v)
{
	atomic_fetch_andnot_relaxed(i, v);
}

static inline void atomic_and(int i, atomic_t *v)
{
	atomic_fetch_andnot_relaxed(~i, v);
}

static inline void atomic_long_andnot(long i, atomic_long_t *v)
{
	atomic_long_fetch_andnot_relaxed(i, v);
}

static inline void atomic_long_and(long i, atomic_long_t *v)
{
	atomic_long_fetch_and_relaxed(i, v);
}

/* all orders */
#define atomic_fetch_add_relaxed(i, v) atomic_fetch_add(i, v)
#define atomic_fetch_sub_relaxed(i, v) atomic_fetch_sub(i, v)
#define atomic_fetch_sub_release(i, v) atomic_fetch_sub(i, v)
#define atomic_inc_return_relaxed(v) atomic_inc_return(v)
#define atomic_dec_return_relaxed(v) atomic_dec_return(v)
#define atomic_dec_return_release(v) atomic_dec_return(v)
#define atomic_cmpxchg_relaxed(v, old, new) atomic_cmpxchg(v, old, new)
#define atomic_cmpxchg_acquire(v, old, new) atomic_cmpxchg(v, old, new)
#define atomic_cmpxchg_release(v, old, new) atomic_cmpxchg(v, old, new)
#define atomic_try_cmpxchg_relaxed(v, old, new) atomic_try_cmpxchg(v, old, new)
#define atomic_try_cmpxchg_release(v, old, new) atomic_try_cmpxchg(v, old, new)
#define atomic_xchg_acquire(v, new) atomic_xchg(v, new)
#define atomic_xchg_release(v, new) atomic_xchg(v, new)
#define atomic_long_fetch_add_relaxed(i, v) atomic_long_fetch_add(i, v)
#define atomic_long_fetch_sub_relaxed(i, v) atomic_long_fetch_sub(i, v)
#define atomic_long_fetch_sub_release(i, v) atomic_long_fetch_sub(i, v)
#define atomic_long_add_return_acquire(i, v) atomic_long_add_return(i, v)
#define atomic_long_add_return_release(i, v) atomic_long_add_return(i, v)
#define atomic_long_inc_return_relaxed(v) atomic_long_inc_return(v)
#define atomic_long_dec_return_relaxed(v) atomic_long_dec_return(v)
#define atomic_long_cmpxchg_relaxed(v, old, new) atomic_long_cmpxchg(v, old, new)
#define atomic_long_cmpxchg_acquire(v, old, new) atomic_long_cmpxchg(v, old, new)
#define atomic_long_cmpxchg_release(v, old, new) atomic_long_cmpxchg(v, old, new)
#define atomic_long_try_cmpxchg_relaxed(v, old, new) atomic_long_try_cmpxchg(v, old, new)
#define atomic_long_try_cmpxchg_release(v, old, new) atomic_long_try_cmpxchg(v, old, new)
#define atomic_long_xchg_acquire(v, new) atomic_long_xchg(v, new)
#define atomic_long_xchg_release(v, new) atomic_long_xchg(v, new)

#define cmpxchg_relaxed(p, old, new) cmpxchg(p, old, new)
#define cmpxchg_acquire(p, old, new) cmpxchg(p, old, new)
#define cmpxchg_release(p, old, new) cmpxchg(p, old, new)
#define xchg_relaxed(p, new) xchg(p, new)
#define xchg_acquire(p, new) xchg(p, new)
#define xchg_release(p, new) xchg(p, new)
#define try_cmpxchg(p, old, new) ({						\
	__typeof__(*(p)) *__expected = (old), __wanted = *__expected;		\
										\
	*__expected = cmpxchg(p, __wanted, new);				\
	*__expected == __wanted;						\
})
#define try_cmpxchg_relaxed(p, old, new) try_cmpxchg(p, old, new)
#define try_cmpxchg_acquire(p, old, new) try_cmpxchg(p, old, new)
#define try_cmpxchg_release(p, old, new) try_cmpxchg(p, old, new)

typedef struct { atomic_t refs; } refcount_t;
#define REFCOUNT_INIT(n) { ATOMIC_INIT(n) }
#define refcount_set(r, n) atomic_set(&(r)->refs, n)
#define refcount_read(r) ((unsigned int)atomic_read(&(r)->refs))
/* 0 is no reference to take another one from */
#define refcount_add(n, r) ((void)WARN_ON(atomic_fetch_add(n, &(r)->refs) <= 0))
#define refcount_inc(r) refcount_add(1, r)
#define refcount_inc_not_zero(r) atomic_inc_not_zero(&(r)->refs)
#define refcount_sub_and_test(n, r) ({						\
	int __refs = atomic_sub_return(n, &(r)->refs);				\
	WARN_ON(__refs < 0);							\
	!__refs;								\
})
#define refcount_dec_and_test(r) refcount_sub_and_test(1, r)
#define refcount_dec(r) ((void)WARN_ON(refcount_dec_and_test(r)))

#ifdef TREE_SOURCE
#undef READ_ONCE
#define READ_ONCE(x) ({								\
	machine_point(POINT_ATOMIC_READ, &(x));					\
	machine_seen(&(x), __atomic_load_n(&(x), __builtin_classify_type(x) == 5 ? \
					   __ATOMIC_ACQUIRE : __ATOMIC_RELAXED)); \
})
#endif

#endif /* _SHIM_ATOMIC_H */
