/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What machine/locks.c is made of on pthreads: atomic words, which order by themselves;
 * native_yield() for those who spin, park.c for those who sleep.
 */
#ifndef _NATIVE_MACHINE_ARCH_LOCKS_H
#define _NATIVE_MACHINE_ARCH_LOCKS_H


#include <native/native.h>

static inline void lock_point(enum point_kind kind, enum lock_class cls, const volatile void *lock)
{
	machine_point(kind, lock);
}

static inline void lock_behind(enum lock_class cls)
{
	machine_point(POINT_UNLOCK, NULL);
}

/* objects have no names here */
static inline void lock_named(const volatile void *lock) { }

/* points migrate */
static inline void lock_migrate(void) { }

static inline u32 word_get(const u32 *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/* Order: acquire; pairs with word_set() and word_add(). */
static inline bool word_cas(u32 *word, u32 old, u32 new)
{
	return __atomic_compare_exchange_n(word, &old, new, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

/* Order: release. */
static inline void word_set(u32 *word, u32 value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/* Order: release. */
static inline void word_add(u32 *word, u32 n)
{
	__atomic_fetch_add(word, n, __ATOMIC_RELEASE);
}

/* Order: acquire; pairs with bit_drop(). */
static inline bool bit_take(unsigned long *word, unsigned int bit)
{
	return !(__atomic_fetch_or(word, BIT(bit), __ATOMIC_ACQUIRE) & BIT(bit));
}

static inline bool bit_is_clear(const unsigned long *word, unsigned int bit)
{
	return !(__atomic_load_n(word, __ATOMIC_ACQUIRE) & BIT(bit));
}

static inline void bit_drop(unsigned long *word, unsigned int bit)
{
	__atomic_fetch_and(word, ~BIT(bit), __ATOMIC_RELEASE);
}

/* for the watchdog and for tests, which look at other tasks */
static inline void task_waits(struct task_struct *t, const void *what, const char *site)
{
	t->waiting_site = site;
	__atomic_store_n(&t->waiting_for, what, __ATOMIC_RELAXED);
}

#define spin_until(t, what, site, cond) do {					\
	if (cond)								\
		break;								\
	task_waits(t, what, site);						\
	do {									\
		native_yield();							\
	} while (!(cond));							\
	task_waits(t, NULL, NULL);						\
} while (0)

#define sleep_until(t, what, site, cond) do {					\
	if (cond)								\
		break;								\
	task_waits(t, what, site);						\
	park_until(what, cond);							\
	task_waits(t, NULL, NULL);						\
} while (0)

static inline void spin_wake(const void *what) { }

static inline void sleep_wake(const void *what)
{
	park_wake(what);
}

static inline void section_enter(struct task_struct *t)
{
	native_rcu_enter(t);
}

static inline void section_exit(struct task_struct *t)
{
	native_rcu_exit(t);
}

/* the words order */
static inline void order_lock(void *lock, unsigned int flags) { }
static inline void order_unlock(void *lock, unsigned int flags) { }
static inline void order_acquire(void *what) { }
static inline void order_release(void *what) { }

/* a write to one token: what TSan understands of a fence */
static inline void order_fence(void)
{
	static u32 token;

	__atomic_fetch_add(&token, 1, __ATOMIC_SEQ_CST);
}

#endif /* _NATIVE_MACHINE_ARCH_LOCKS_H */
