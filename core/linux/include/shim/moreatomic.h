/* SPDX-License-Identifier: GPL-2.0-only */
/* Atomics, references and loops on a word: what the tree's files do not use, but a patch to them may. */
#ifndef _SHIM_MOREATOMIC_H
#define _SHIM_MOREATOMIC_H

#include <kernel/mutex.h>
#include <kernel/sched.h>
#include "atomic.h"

#define __EVEN_MORE_ATOMIC_OPS(prefix, type, vtype)					\
static inline vtype prefix##_fetch_xor(vtype i, type *v)				\
{											\
	machine_point(POINT_ATOMIC_RMW, v);						\
	machine_rmw(&v->counter);							\
	return __atomic_fetch_xor(&v->counter, i, __ATOMIC_SEQ_CST);			\
}											\
static inline void prefix##_xor(vtype i, type *v) { prefix##_fetch_xor(i, v); }		\
static inline bool prefix##_inc_unless_negative(type *v)				\
{											\
	vtype c = prefix##_read(v);							\
											\
	while (c >= 0)									\
		if (prefix##_try_cmpxchg(v, &c, c + 1))					\
			return true;							\
	return false;									\
}											\
static inline bool prefix##_dec_unless_positive(type *v)				\
{											\
	vtype c = prefix##_read(v);							\
											\
	while (c <= 0)									\
		if (prefix##_try_cmpxchg(v, &c, c - 1))					\
			return true;							\
	return false;									\
}

__EVEN_MORE_ATOMIC_OPS(atomic, atomic_t, int)
__EVEN_MORE_ATOMIC_OPS(atomic_long, atomic_long_t, long)

#define atomic_add_return_acquire(i, v) atomic_add_return(i, v)
#define atomic_add_return_release(i, v) atomic_add_return(i, v)
#define atomic_fetch_add_acquire(i, v) atomic_fetch_add(i, v)
#define atomic_fetch_add_release(i, v) atomic_fetch_add(i, v)
#define atomic_fetch_or_acquire(i, v) atomic_fetch_or(i, v)
#define atomic_fetch_or_release(i, v) atomic_fetch_or(i, v)
#define atomic_inc_return_acquire(v) atomic_inc_return(v)
#define atomic_inc_return_release(v) atomic_inc_return(v)

/* a long has 64 bits */
typedef atomic_long_t atomic64_t;
#define ATOMIC64_INIT(i) ATOMIC_LONG_INIT(i)
#define atomic64_read(v) atomic_long_read(v)
#define atomic64_read_acquire(v) atomic_long_read_acquire(v)
#define atomic64_set(v, i) atomic_long_set(v, i)
#define atomic64_set_release(v, i) atomic_long_set_release(v, i)
#define atomic64_add(i, v) atomic_long_add(i, v)
#define atomic64_sub(i, v) atomic_long_sub(i, v)
#define atomic64_inc(v) atomic_long_inc(v)
#define atomic64_dec(v) atomic_long_dec(v)
#define atomic64_add_return(i, v) atomic_long_add_return(i, v)
#define atomic64_add_return_relaxed(i, v) atomic_long_add_return_relaxed(i, v)
#define atomic64_sub_return(i, v) atomic_long_sub_return(i, v)
#define atomic64_inc_return(v) atomic_long_inc_return(v)
#define atomic64_inc_return_relaxed(v) atomic_long_inc_return_relaxed(v)
#define atomic64_dec_return(v) atomic_long_dec_return(v)
#define atomic64_fetch_add(i, v) atomic_long_fetch_add(i, v)
#define atomic64_fetch_add_relaxed(i, v) atomic_long_fetch_add_relaxed(i, v)
#define atomic64_fetch_sub(i, v) atomic_long_fetch_sub(i, v)
#define atomic64_fetch_inc(v) atomic_long_fetch_inc(v)
#define atomic64_fetch_dec(v) atomic_long_fetch_dec(v)
#define atomic64_fetch_or(i, v) atomic_long_fetch_or(i, v)
#define atomic64_fetch_and(i, v) atomic_long_fetch_and(i, v)
#define atomic64_fetch_andnot(i, v) atomic_long_fetch_andnot(i, v)
#define atomic64_fetch_xor(i, v) atomic_long_fetch_xor(i, v)
#define atomic64_or(i, v) atomic_long_or(i, v)
#define atomic64_and(i, v) atomic_long_and(i, v)
#define atomic64_andnot(i, v) atomic_long_andnot(i, v)
#define atomic64_xor(i, v) atomic_long_xor(i, v)
#define atomic64_xchg(v, new) atomic_long_xchg(v, new)
#define atomic64_cmpxchg(v, old, new) atomic_long_cmpxchg(v, old, new)
#define atomic64_try_cmpxchg(v, old, new) atomic_long_try_cmpxchg(v, old, new)
#define atomic64_add_unless(v, i, unless) atomic_long_add_unless(v, i, unless)
#define atomic64_fetch_add_unless(v, i, unless) atomic_long_fetch_add_unless(v, i, unless)
#define atomic64_inc_not_zero(v) atomic_long_inc_not_zero(v)
#define atomic64_dec_if_positive(v) atomic_long_dec_if_positive(v)
#define atomic64_dec_and_test(v) atomic_long_dec_and_test(v)
#define atomic64_inc_and_test(v) atomic_long_inc_and_test(v)
#define atomic64_sub_and_test(i, v) atomic_long_sub_and_test(i, v)
#define atomic64_add_negative(i, v) atomic_long_add_negative(i, v)

/* Loads until @cond, in which VAL is what was loaded. */
#define __cond_load(load, cond) ({						\
	__auto_type VAL = load;							\
	while (!(cond)) {							\
		cpu_relax();							\
		VAL = load;							\
	}									\
	VAL;									\
})
#define smp_cond_load_relaxed(p, cond) ({					\
	__auto_type __word = (p);						\
	__cond_load(READ_ONCE(*__word), cond);					\
})
#define smp_cond_load_acquire(p, cond) ({					\
	__auto_type __word = (p);						\
	__cond_load(smp_load_acquire(__word), cond);				\
})
#define atomic_cond_read_relaxed(v, cond) smp_cond_load_relaxed(&(v)->counter, cond)
#define atomic_cond_read_acquire(v, cond) smp_cond_load_acquire(&(v)->counter, cond)
#define atomic_long_cond_read_relaxed(v, cond) smp_cond_load_relaxed(&(v)->counter, cond)
#define atomic_long_cond_read_acquire(v, cond) smp_cond_load_acquire(&(v)->counter, cond)
#define cmpxchg64(p, old, new) cmpxchg(p, old, new)
#define cmpxchg_local(p, old, new) cmpxchg(p, old, new)
#define smp_mb__after_unlock_lock() smp_mb()
#define set_mask_bits(p, mask, bits) ({						\
	__auto_type __masked = (p);						\
	__typeof__(*__masked) __was = READ_ONCE(*__masked);			\
	while (!try_cmpxchg(__masked, &__was, (__was & ~(mask)) | (bits)))	\
		;								\
	__was;									\
})

/* --- references ------------------------------------------------------------------------------ */

#define refcount_set_release(r, n) atomic_set_release(&(r)->refs, n)
#define refcount_inc_not_zero_acquire(r) refcount_inc_not_zero(r)
#define refcount_add_not_zero(n, r) atomic_add_unless(&(r)->refs, n, 0)

static inline bool refcount_dec_if_one(refcount_t *r)
{
	int one = 1;

	return atomic_try_cmpxchg(&r->refs, &one, 0);
}

/* Return: false if there is one left, which stays. */
static inline bool refcount_dec_not_one(refcount_t *r)
{
	int refs = atomic_fetch_add_unless(&r->refs, -1, 1);

	WARN_ON(refs <= 0);
	return refs != 1;
}

/* The last one is dropped under the lock, which is then held. */
#define __dec_and_lock(not_last, dec_and_test, lock, unlock, l) ({		\
	bool __last = false;							\
	if (!(not_last)) {							\
		lock(l);							\
		__last = dec_and_test;						\
		if (!__last)							\
			unlock(l);						\
	}									\
	__last;									\
})
#define refcount_dec_and_lock(r, l) \
	__dec_and_lock(refcount_dec_not_one(r), refcount_dec_and_test(r), spin_lock, spin_unlock, l)
#define refcount_dec_and_mutex_lock(r, l) \
	__dec_and_lock(refcount_dec_not_one(r), refcount_dec_and_test(r), mutex_lock, mutex_unlock, l)
#define atomic_dec_and_lock(v, l) \
	__dec_and_lock(atomic_add_unless(v, -1, 1), atomic_dec_and_test(v), spin_lock, spin_unlock, l)
#define atomic_dec_and_mutex_lock(v, l) \
	__dec_and_lock(atomic_add_unless(v, -1, 1), atomic_dec_and_test(v), mutex_lock, mutex_unlock, l)

struct kref { refcount_t refcount; };
#define KREF_INIT(n) { .refcount = REFCOUNT_INIT(n) }
#define kref_init(k) refcount_set(&(k)->refcount, 1)
#define kref_read(k) refcount_read(&(k)->refcount)
#define kref_get(k) refcount_inc(&(k)->refcount)
#define kref_get_unless_zero(k) refcount_inc_not_zero(&(k)->refcount)

/* Return: was it the last? */
static inline int kref_put(struct kref *k, void (*release)(struct kref *kref))
{
	if (!refcount_dec_and_test(&k->refcount))
		return 0;
	release(k);
	return 1;
}

#endif /* _SHIM_MOREATOMIC_H */
