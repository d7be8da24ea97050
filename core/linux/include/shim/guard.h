/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scopes, as of linux/cleanup.h: what the tree's files hardly use, but a patch to them may. The lock is taken where
 * guard() is written; where it is let go is told as this file.
 */
#ifndef _SHIM_GUARD_H
#define _SHIM_GUARD_H

#include <kernel/mutex.h>
#include <kernel/rcupdate.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>

#define __cleanup(fn) __attribute__((cleanup(fn)))
#define __GUARD_PASTE(a, b) a##b
#define __GUARD_NAME(n) __GUARD_PASTE(__guard_, n)

/* guard(spinlock)(&lock): up to the end of the block */
#define guard(kind) __attribute__((unused)) GUARD_##kind
/* scoped_guard(spinlock, &lock) { ... } */
#define scoped_guard(kind, ...) for (GUARD_##kind(__VA_ARGS__), *__once = NULL; !__once; __once = (void *)1)

#define __GUARD(type, unguard, lock, take)					\
	type *__GUARD_NAME(__COUNTER__) __cleanup(unguard) = ({ type *__g = (lock); take(__g); __g; })

static inline void __unguard_spinlock(spinlock_t **lock)
{
	spin_unlock(*lock);
}

static inline void __unguard_spinlock_irq(spinlock_t **lock)
{
	spin_unlock_irq(*lock);
}

static inline void __unguard_mutex(struct mutex **lock)
{
	mutex_unlock(*lock);
}

static inline void __unguard_read(struct rw_semaphore **sem)
{
	up_read(*sem);
}

static inline void __unguard_write(struct rw_semaphore **sem)
{
	up_write(*sem);
}

static inline void __unguard_rcu(void **nothing)
{
	rcu_read_unlock();
}

#define GUARD_spinlock(lock) __GUARD(spinlock_t, __unguard_spinlock, lock, spin_lock)
#define GUARD_raw_spinlock(lock) GUARD_spinlock(lock)
#define GUARD_spinlock_irq(lock) __GUARD(spinlock_t, __unguard_spinlock_irq, lock, spin_lock_irq)
#define GUARD_spinlock_irqsave(lock) GUARD_spinlock_irq(lock)
#define GUARD_mutex(lock) __GUARD(struct mutex, __unguard_mutex, lock, mutex_lock)
#define GUARD_rwsem_read(sem) __GUARD(struct rw_semaphore, __unguard_read, sem, down_read)
#define GUARD_rwsem_write(sem) __GUARD(struct rw_semaphore, __unguard_write, sem, down_write)
#define GUARD_rcu() void *__GUARD_NAME(__COUNTER__) __cleanup(__unguard_rcu) = ({ rcu_read_lock(); NULL; })
/* a section without preemption is one of RCU, too */
#define GUARD_preempt() GUARD_rcu()

/* void *p __free(kfree) = kmalloc(...) */
#define __free(name) __cleanup(__free_##name)
#define DEFINE_FREE(name, type, free) \
	static inline void __free_##name(void *p) { type _T = *(type *)p; free; }
DEFINE_FREE(kfree, void *, if (_T) kfree(_T))
DEFINE_FREE(kvfree, void *, if (_T) kvfree(_T))
#define no_free_ptr(p) ({ __auto_type __kept = (p); (p) = NULL; __kept; })
#define return_ptr(p) return no_free_ptr(p)

#endif /* _SHIM_GUARD_H */
