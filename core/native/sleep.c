// SPDX-License-Identifier: GPL-2.0-only
/*
 * What sleeps: mutexes, rw semaphores, completions, bit locks. The word itself orders; the
 * waiting is park.c's.
 */
#include <kernel/bug.h>
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/wait.h>
#include "native.h"

static void waiting(const void *what, const char *site)
{
	current->waiting_site = site;
	current->waiting_for = what;
}

#define wait_for(addr, site, cond) do {						\
	if (!(cond)) {								\
		waiting(addr, site);						\
		park_until(addr, cond);						\
		waiting(NULL, NULL);						\
	}									\
} while (0)

static bool cas(u32 *word, u32 old, u32 new)
{
	return __atomic_compare_exchange_n(word, &old, new, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

/* --- mutex ------------------------------------------------------------------------------ */

void mutex_init(struct mutex *lock)
{
	*lock = (struct mutex){ .dep.class = lock_class_none };
}

void __mutex_lock(struct mutex *lock, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	machine_point(POINT_LOCK, lock);
	lockdep_check_acquire(t, lock, lock->dep.class, LOCK_SLEEPS, site);
	wait_for(lock, site, cas(&lock->owner, 0, t->id + 1));
	lockdep_acquired(t, lock, lock->dep.class, LOCK_SLEEPS, site);
}

bool __mutex_trylock(struct mutex *lock, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	machine_point(POINT_TRYLOCK, lock);
	lockdep_check_acquire(t, lock, lock->dep.class, LOCK_TRYLOCK, site);
	if (!cas(&lock->owner, 0, t->id + 1))
		return false;
	lockdep_acquired(t, lock, lock->dep.class, LOCK_TRYLOCK, site);
	return true;
}

void __mutex_unlock(struct mutex *lock, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	machine_point(POINT_UNLOCK, lock);
	lockdep_check_release(t, lock, lock->dep.class, site);
	lockdep_released(t, lock);
	__atomic_store_n(&lock->owner, 0, __ATOMIC_RELEASE);
	park_wake(lock);
}

/* --- rw semaphore: writers first --------------------------------------------------------- */

#define RWSEM_WRITER 0xffffffffu	/* in readers: a writer holds it */

void init_rwsem(struct rw_semaphore *sem)
{
	*sem = (struct rw_semaphore){ .dep.class = lock_class_none };
}

static bool rwsem_try_read(struct rw_semaphore *sem)
{
	u32 readers = __atomic_load_n(&sem->readers, __ATOMIC_RELAXED);

	if (__atomic_load_n(&sem->writers_waiting, __ATOMIC_RELAXED))
		return false;
	while (readers != RWSEM_WRITER)
		if (__atomic_compare_exchange_n(&sem->readers, &readers, readers + 1, false,
						__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return true;
	return false;
}

void __down_read(struct rw_semaphore *sem, unsigned int flags, const char *site)
	__no_context_analysis
{
	struct task_struct *t = current;

	machine_point(POINT_LOCK, sem);
	lockdep_check_acquire(t, sem, sem->dep.class, flags | LOCK_SLEEPS, site);
	wait_for(sem, site, rwsem_try_read(sem));
	lockdep_acquired(t, sem, sem->dep.class, flags | LOCK_SLEEPS, site);
}

void __up_read(struct rw_semaphore *sem, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	machine_point(POINT_UNLOCK, sem);
	lockdep_check_release(t, sem, sem->dep.class, site);
	lockdep_released(t, sem);
	__atomic_fetch_sub(&sem->readers, 1, __ATOMIC_RELEASE);
	park_wake(sem);
}

void __down_write(struct rw_semaphore *sem, unsigned int flags, const char *site)
	__no_context_analysis
{
	struct task_struct *t = current;

	machine_point(POINT_LOCK, sem);
	lockdep_check_acquire(t, sem, sem->dep.class, flags | LOCK_SLEEPS, site);
	__atomic_fetch_add(&sem->writers_waiting, 1, __ATOMIC_RELAXED);
	wait_for(sem, site, cas(&sem->readers, 0, RWSEM_WRITER));
	__atomic_fetch_sub(&sem->writers_waiting, 1, __ATOMIC_RELAXED);
	sem->writer = t->id + 1;
	lockdep_acquired(t, sem, sem->dep.class, flags | LOCK_SLEEPS, site);
}

void __up_write(struct rw_semaphore *sem, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	machine_point(POINT_UNLOCK, sem);
	lockdep_check_release(t, sem, sem->dep.class, site);
	lockdep_released(t, sem);
	sem->writer = 0;
	__atomic_store_n(&sem->readers, 0, __ATOMIC_RELEASE);
	park_wake(sem);
}

/* --- completion -------------------------------------------------------------------------- */

void init_completion(struct completion *x)
{
	x->magic = COMPLETION_MAGIC;
	reinit_completion(x);
}

void reinit_completion(struct completion *x)
{
	lockdep_check_completion(x, CODE_SITE);
	__atomic_store_n(&x->done, 0, __ATOMIC_RELAXED);
}

void complete(struct completion *x)
{
	lockdep_check_completion(x, CODE_SITE);
	machine_point(POINT_WAKE, x);
	__atomic_fetch_add(&x->done, 1, __ATOMIC_RELEASE);
	park_wake(x);
}

static bool completion_take(struct completion *x)
{
	unsigned int done = __atomic_load_n(&x->done, __ATOMIC_RELAXED);

	while (done)
		if (__atomic_compare_exchange_n(&x->done, &done, done - 1, false,
						__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return true;
	return false;
}

void wait_for_completion(struct completion *x)
{
	might_sleep();
	lockdep_check_completion(x, CODE_SITE);
	machine_point(POINT_WAIT, x);
	wait_for(x, CODE_SITE, completion_take(x));
}

/* --- bit locks and bit waits ------------------------------------------------------------- */

static bool bit_take(unsigned long *word, unsigned int bit)
{
	return !(__atomic_fetch_or(word, BIT(bit), __ATOMIC_ACQUIRE) & BIT(bit));
}

bool bit_trylock(unsigned int bit, unsigned long *word)
{
	machine_point(POINT_TRYLOCK, word);
	return bit_take(word, bit);
}

void wait_on_bit_lock(unsigned long *word, unsigned int bit)
{
	machine_point(POINT_LOCK, word);
	wait_for(word, CODE_SITE, bit_take(word, bit));
}

void wait_on_bit(unsigned long *word, unsigned int bit)
{
	might_sleep();
	machine_point(POINT_WAIT, word);
	wait_for(word, CODE_SITE, !(__atomic_load_n(word, __ATOMIC_ACQUIRE) & BIT(bit)));
}

void clear_and_wake_up_bit(unsigned int bit, unsigned long *word)
{
	machine_point(POINT_UNLOCK, word);
	__atomic_fetch_and(word, ~BIT(bit), __ATOMIC_RELEASE);
	park_wake(word);
}

/* --- the rest ---------------------------------------------------------------------------- */

void smp_mb(void)
{
	/* acquire and release on one token: what TSan understands of a fence */
	static unsigned int token;

	machine_point(POINT_FENCE, NULL);
	__atomic_fetch_add(&token, 1, __ATOMIC_SEQ_CST);
}
