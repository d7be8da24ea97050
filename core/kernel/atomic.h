/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomics. atomic_t and friends are structs, so that a plain C access to a scheduling point
 * does not compile. Memory orders follow the kernel: read/set are relaxed, value-returning
 * read-modify-write operations are fully ordered unless _relaxed/_acquire/_release.
 */
#ifndef _KERNEL_ATOMIC_H
#define _KERNEL_ATOMIC_H

#include <kernel/machine.h>

typedef struct { int counter; } atomic_t;
typedef struct { long counter; } atomic_long_t;

#define ATOMIC_INIT(i) { (i) }
#define ATOMIC_LONG_INIT(i) { (i) }

#define __ATOMIC_OPS(prefix, type, vtype)						\
static inline vtype prefix##_read(const type *v)					\
{											\
	machine_point(POINT_ATOMIC_READ, v);						\
	return machine_seen(&v->counter, __atomic_load_n(&v->counter, __ATOMIC_RELAXED)); \
}											\
static inline vtype prefix##_read_acquire(const type *v)				\
{											\
	machine_point(POINT_ATOMIC_READ, v);						\
	return machine_seen(&v->counter, __atomic_load_n(&v->counter, __ATOMIC_ACQUIRE)); \
}											\
static inline void prefix##_set(type *v, vtype i)					\
{											\
	machine_point(POINT_ATOMIC_WRITE, v);						\
	machine_store(&v->counter);							\
	__atomic_store_n(&v->counter, i, __ATOMIC_RELAXED);				\
}											\
static inline void prefix##_set_release(type *v, vtype i)				\
{											\
	machine_point(POINT_ATOMIC_WRITE, v);						\
	machine_store_release(&v->counter);						\
	__atomic_store_n(&v->counter, i, __ATOMIC_RELEASE);				\
}											\
static inline vtype prefix##_fetch_add_order(type *v, vtype i, int order)			\
{											\
	machine_point(POINT_ATOMIC_RMW, v);						\
	switch (order) {								\
	case __ATOMIC_RELAXED:								\
		machine_store(&v->counter);						\
		return __atomic_fetch_add(&v->counter, i, __ATOMIC_RELAXED);		\
	case __ATOMIC_RELEASE:								\
		machine_store_release(&v->counter);					\
		return __atomic_fetch_add(&v->counter, i, __ATOMIC_RELEASE);		\
	default:									\
		machine_rmw(&v->counter);						\
		return __atomic_fetch_add(&v->counter, i, __ATOMIC_SEQ_CST);		\
	}										\
}											\
static inline void prefix##_add(vtype i, type *v)					\
{ prefix##_fetch_add_order(v, i, __ATOMIC_RELAXED); }					\
static inline void prefix##_sub(vtype i, type *v)					\
{ prefix##_fetch_add_order(v, -i, __ATOMIC_RELAXED); }					\
static inline void prefix##_inc(type *v) { prefix##_add(1, v); }			\
static inline void prefix##_dec(type *v) { prefix##_sub(1, v); }			\
static inline vtype prefix##_add_return(vtype i, type *v)				\
{ return prefix##_fetch_add_order(v, i, __ATOMIC_SEQ_CST) + i; }				\
static inline vtype prefix##_sub_return(vtype i, type *v)				\
{ return prefix##_fetch_add_order(v, -i, __ATOMIC_SEQ_CST) - i; }				\
static inline vtype prefix##_add_return_relaxed(vtype i, type *v)			\
{ return prefix##_fetch_add_order(v, i, __ATOMIC_RELAXED) + i; }				\
static inline vtype prefix##_sub_return_relaxed(vtype i, type *v)			\
{ return prefix##_fetch_add_order(v, -i, __ATOMIC_RELAXED) - i; }				\
static inline vtype prefix##_sub_return_release(vtype i, type *v)			\
{ return prefix##_fetch_add_order(v, -i, __ATOMIC_RELEASE) - i; }			\
static inline vtype prefix##_inc_return(type *v) { return prefix##_add_return(1, v); }	\
static inline vtype prefix##_dec_return(type *v) { return prefix##_sub_return(1, v); }	\
static inline bool prefix##_dec_and_test(type *v) { return prefix##_sub_return(1, v) == 0; } \
static inline bool prefix##_sub_and_test(vtype i, type *v)				\
{ return prefix##_sub_return(i, v) == 0; }						\
static inline vtype prefix##_fetch_or(vtype i, type *v)					\
{											\
	machine_point(POINT_ATOMIC_RMW, v);						\
	machine_rmw(&v->counter);							\
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_SEQ_CST);			\
}											\
static inline vtype prefix##_fetch_and(vtype i, type *v)				\
{											\
	machine_point(POINT_ATOMIC_RMW, v);						\
	machine_rmw(&v->counter);							\
	return __atomic_fetch_and(&v->counter, i, __ATOMIC_SEQ_CST);			\
}											\
static inline vtype prefix##_fetch_or_relaxed(vtype i, type *v)				\
{											\
	machine_point(POINT_ATOMIC_RMW, v);						\
	machine_store(&v->counter);							\
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_RELAXED);			\
}											\
static inline vtype prefix##_fetch_andnot_relaxed(vtype i, type *v)			\
{											\
	machine_point(POINT_ATOMIC_RMW, v);						\
	machine_store(&v->counter);							\
	return __atomic_fetch_and(&v->counter, ~i, __ATOMIC_RELAXED);			\
}											\
static inline vtype prefix##_xchg(type *v, vtype n)					\
{											\
	machine_point(POINT_ATOMIC_RMW, v);						\
	machine_rmw(&v->counter);							\
	return __atomic_exchange_n(&v->counter, n, __ATOMIC_SEQ_CST);			\
}											\
static inline vtype prefix##_xchg_relaxed(type *v, vtype n)				\
{											\
	machine_point(POINT_ATOMIC_RMW, v);						\
	machine_store(&v->counter);							\
	return __atomic_exchange_n(&v->counter, n, __ATOMIC_RELAXED);			\
}											\
static inline bool prefix##_try_cmpxchg(type *v, vtype *old, vtype n)			\
{											\
	machine_point(POINT_ATOMIC_RMW, v);						\
	machine_rmw(&v->counter);							\
	return __atomic_compare_exchange_n(&v->counter, old, n, false,			\
					   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);		\
}											\
static inline bool prefix##_try_cmpxchg_acquire(type *v, vtype *old, vtype n)		\
{											\
	machine_point(POINT_ATOMIC_RMW, v);						\
	machine_rmw(&v->counter);							\
	return __atomic_compare_exchange_n(&v->counter, old, n, false,			\
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);		\
}											\
/* Adds @a unless the value is @u; acquires on success. True if it added. */		\
static inline bool prefix##_add_unless(type *v, vtype a, vtype u)			\
{											\
	vtype c = prefix##_read(v);							\
											\
	while (c != u)									\
		if (prefix##_try_cmpxchg_acquire(v, &c, c + a))				\
			return true;							\
	return false;									\
}											\
static inline bool prefix##_inc_not_zero(type *v) { return prefix##_add_unless(v, 1, 0); }

__ATOMIC_OPS(atomic, atomic_t, int)
__ATOMIC_OPS(atomic_long, atomic_long_t, long)

/*
 * Marked accesses to ordinary variables: relaxed, and scheduling points.
 */
#define READ_ONCE(x) ({								\
	machine_point(POINT_ATOMIC_READ, &(x));					\
	machine_seen(&(x), __atomic_load_n(&(x), __ATOMIC_RELAXED));		\
})
#define WRITE_ONCE(x, val) do {							\
	__auto_type __wo = &(x);						\
	machine_point(POINT_ATOMIC_WRITE, __wo);				\
	machine_store(__wo);							\
	__atomic_store_n(__wo, (val), __ATOMIC_RELAXED);			\
} while (0)
#define smp_load_acquire(p) ({							\
	machine_point(POINT_ATOMIC_READ, (p));					\
	machine_seen((p), __atomic_load_n((p), __ATOMIC_ACQUIRE));		\
})
#define smp_store_release(p, val) do {						\
	__auto_type __sr = (p);							\
	machine_point(POINT_ATOMIC_WRITE, __sr);				\
	machine_store_release(__sr);						\
	__atomic_store_n(__sr, (val), __ATOMIC_RELEASE);			\
} while (0)
/* Returns the value found; the exchange happened if that is @old. */
#define cmpxchg(p, old, new) ({							\
	__typeof__(*(p)) __old = (old);						\
	machine_point(POINT_ATOMIC_RMW, (p));					\
	machine_rmw(p);								\
	__atomic_compare_exchange_n((p), &__old, (new), false, __ATOMIC_SEQ_CST, \
				    __ATOMIC_RELAXED);				\
	__old;									\
})
#define xchg(p, new) ({								\
	machine_point(POINT_ATOMIC_RMW, (p));					\
	machine_rmw(p);								\
	__atomic_exchange_n((p), (new), __ATOMIC_SEQ_CST);			\
})

/* Relaxed read-modify-write of a flags word that is read without a lock. */
#define fetch_or_relaxed(p, mask) ({						\
	machine_point(POINT_ATOMIC_RMW, (p));					\
	machine_store(p);							\
	__atomic_fetch_or((p), (mask), __ATOMIC_RELAXED);			\
})
#define fetch_andnot_relaxed(p, mask) ({					\
	machine_point(POINT_ATOMIC_RMW, (p));					\
	machine_store(p);							\
	__atomic_fetch_and((p), ~(mask), __ATOMIC_RELAXED);			\
})

/* An access that races by intention. Not a scheduling point; still invisible to TSan. */
#define data_race(expr) (expr)

/**
 * smp_mb - full fence
 *
 * Order: acquire and release on one token of the machine, because TSan does not model
 * fences. A fence that orders marked stores alone matters with weak memory only (README, Limits).
 */
void smp_mb(void);

#endif /* _KERNEL_ATOMIC_H */
