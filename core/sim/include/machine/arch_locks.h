/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What machine/locks.c is made of on fibers: plain words, and blocked tasks that look again when
 * a task wakes them; which of them gets a lock is a scheduling choice. What TSan should know of
 * order it is told.
 */
#ifndef _SIM_MACHINE_ARCH_LOCKS_H
#define _SIM_MACHINE_ARCH_LOCKS_H

#include <sim/internal.h>

static inline void lock_point(enum point_kind kind, enum lock_class cls, const volatile void *lock)
{
	switch (kind) {
	case POINT_LOCK:
		sim_point_at(ANCHOR_LOCK + cls, lock);
		break;
	case POINT_TRYLOCK:
		sim_point_at(ANCHOR_TRYLOCK + cls, lock);
		break;
	case POINT_UNLOCK:
		sim_point_at(ANCHOR_UNLOCK + cls, lock);
		break;
	default:
		sim_point_at(ANCHOR_POINT + kind, lock);
		break;
	}
}

/* The lock may be gone. */
static inline void lock_behind(enum lock_class cls)
{
	sim_point_at(ANCHOR_UNLOCKED + cls, NULL);
}

static inline void lock_named(const volatile void *lock)
{
	sim_object_init(lock);
}

static inline void lock_migrate(void)
{
	sim_migrate();
}

static inline u32 word_get(const u32 *word)
{
	return *word;
}

static inline bool word_cas(u32 *word, u32 old, u32 new)
{
	if (*word != old)
		return false;
	*word = new;
	return true;
}

static inline void word_set(u32 *word, u32 value)
{
	*word = value;
}

static inline void word_add(u32 *word, u32 n)
{
	*word += n;
}

/* Whoever changes one bit has seen the others. */
static inline void word_seen(const unsigned long *word)
{
	if (unlikely(sim_nr_late))
		sim_stores_gone((unsigned long)word, sizeof(*word));
}

static inline bool bit_take(unsigned long *word, unsigned int bit)
{
	if (*word & BIT(bit))
		return false;
	word_seen(word);
	*word |= BIT(bit);
	return true;
}

static inline bool bit_is_clear(const unsigned long *word, unsigned int bit)
{
	return !(*word & BIT(bit));
}

static inline void bit_drop(unsigned long *word, unsigned int bit)
{
	word_seen(word);
	*word &= ~BIT(bit);
}

#define spin_until(t, what, site, cond) sim_wait_for(what, site, cond)
#define sleep_until(t, what, site, cond) do {					\
	(void)(t);								\
	sim_wait_for(what, site, cond);						\
} while (0)

static inline void spin_wake(const void *what)
{
	sim_wake(what);
}

static inline void sleep_wake(const void *what)
{
	sim_wake(what);
}

static inline void section_enter(struct task_struct *t)
{
	sim_rcu_enter(sim_of(t));
}

static inline void section_exit(struct task_struct *t)
{
	sim_rcu_exit(sim_of(t));
}

/* TSan: model locks, so that reports name the locks held */
#if __has_feature(thread_sanitizer) || defined(NATIVE_TSAN)
void __tsan_mutex_pre_lock(void *addr, unsigned int flags);
void __tsan_mutex_post_lock(void *addr, unsigned int flags, int recursion);
int __tsan_mutex_pre_unlock(void *addr, unsigned int flags);
void __tsan_mutex_post_unlock(void *addr, unsigned int flags);
static inline void order_lock(void *lock, unsigned int flags)
{
	__tsan_mutex_pre_lock(lock, flags);
	__tsan_mutex_post_lock(lock, flags, 1);
}
static inline void order_unlock(void *lock, unsigned int flags)
{
	sim_order();
	__tsan_mutex_pre_unlock(lock, flags);
	__tsan_mutex_post_unlock(lock, flags);
}
#else
static inline void order_lock(void *lock, unsigned int flags) { }
static inline void order_unlock(void *lock, unsigned int flags)
{
	sim_order();
}
#endif

static inline void order_acquire(void *what)
{
	tsan_acquire(what);
}

static inline void order_release(void *what)
{
	sim_order();
	tsan_release(what);
}

/* acquire and release on one token: what TSan understands of a fence */
static inline void order_fence(void)
{
	static char token;

	sim_order();
	tsan_acquire(&token);
	tsan_release(&token);
}

#endif /* _SIM_MACHINE_ARCH_LOCKS_H */
