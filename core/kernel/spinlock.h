/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spinlocks. Every spinlock section is also an (implicit, nestable) RCU read section, as in
 * a kernel whose spinlocks disable preemption: it holds grace periods back, but does not
 * satisfy rcu_dereference() (SPEC 4.4).
 */
#ifndef _KERNEL_SPINLOCK_H
#define _KERNEL_SPINLOCK_H

#include <kernel/lockdep.h>

typedef struct __capability("spinlock") spinlock {
	struct lock_dep dep;
	u8 irq;				/* taken by an _irq flavour; holder only */
	u8 used;			/* where it was taken: SPIN_USED_*; holder only */
	u32 owner;			/* machine: 0 free, else the holder's task id + 1 */
} spinlock_t;

_Static_assert(sizeof(spinlock_t) <= 8, "a spinlock is at most 8 bytes");

#define __SPIN_LOCK_UNLOCKED(cls) { .dep = { .class = (cls) } }
/* A global lock needs a row `lock_class_<name>` in enum lock_class. */
#define DEFINE_SPINLOCK(name) spinlock_t name = __SPIN_LOCK_UNLOCKED(lock_class_##name)

/* Clears owner and class; follow with lockdep_set_class(). */
void spin_lock_init(spinlock_t *lock);

void __spin_lock(spinlock_t *lock, unsigned int flags, bool irq, const char *site)
	__acquires(*lock);
bool __spin_trylock(spinlock_t *lock, const char *site) __cond_acquires(true, *lock);
void __spin_unlock(spinlock_t *lock, bool irq, const char *site) __releases(*lock);

#define spin_lock(lock) __spin_lock(lock, 0, false, CODE_SITE)
#define spin_lock_nested(lock, sub) __spin_lock(lock, LOCK_NESTED, false, CODE_SITE)
#define spin_lock_irq(lock) __spin_lock(lock, 0, true, CODE_SITE)
#define spin_trylock(lock) __spin_trylock(lock, CODE_SITE)
#define spin_unlock(lock) __spin_unlock(lock, false, CODE_SITE)
#define spin_unlock_irq(lock) __spin_unlock(lock, true, CODE_SITE)

#endif /* _KERNEL_SPINLOCK_H */
