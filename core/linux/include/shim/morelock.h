/* SPDX-License-Identifier: GPL-2.0-only */
/* Locks and RCU: what the tree's files do not use, but a patch to them may. */
#ifndef _SHIM_MORELOCK_H
#define _SHIM_MORELOCK_H

#include <kernel/mutex.h>
#include <kernel/rcupdate.h>
#include <kernel/spinlock.h>
#include <shim/atomic.h>

#define spin_lock_irqsave(l, flags) do {					\
	(flags) = irqs_disabled();						\
	if (flags)								\
		spin_lock(l);							\
	else									\
		spin_lock_irq(l);						\
} while (0)
#define spin_unlock_irqrestore(l, flags) do {					\
	if (flags)								\
		spin_unlock(l);							\
	else									\
		spin_unlock_irq(l);						\
} while (0)
/* nothing runs in a softirq */
#define spin_lock_bh(l) spin_lock(l)
#define spin_unlock_bh(l) spin_unlock(l)
#define spin_is_locked(l) (!!READ_ONCE((l)->owner))
#define spin_is_contended(l) ((void)(l), false)
#define need_resched() should_abort()
#define spin_needbreak(l) ((void)(l), need_resched())
#define cond_resched_lock(l) ({							\
	bool __resched = need_resched();					\
	if (__resched) {							\
		spin_unlock(l);							\
		cond_resched();							\
		spin_lock(l);							\
	}									\
	__resched;								\
})
/* an order among locks of a patch's own is not judged, and the others have none of their class */
#define mutex_lock_nested(l, subclass) mutex_lock(l)
#define mutex_lock_io(l) mutex_lock(l)
#define mutex_destroy(l) ((void)(l))
#define down_read_nested(sem, subclass) down_read(sem)
#define rwsem_is_locked(sem) (!!READ_ONCE((sem)->readers))
#define down_read_interruptible(l) down_read_killable(l)
#define lockdep_assert_held_once(l) lockdep_assert_held(l)
#define lockdep_assert_held_write(l) lockdep_assert_held(l)
#define lockdep_assert_held_read(l) lockdep_assert_held(l)
#define lockdep_assert_in_rcu_read_lock() ((void)WARN_ON(!rcu_read_lock_held()))
#define lockdep_assert_preemption_disabled() ((void)WARN_ON(preemptible()))
#define lockdep_assert_irqs_disabled() ((void)WARN_ON(!irqs_disabled()))
#define lockdep_assert_irqs_enabled() ((void)WARN_ON(irqs_disabled()))
#define lockdep_assert_once(cond) lockdep_assert(cond)
#define lockdep_assert(cond) ((void)WARN_ON(!(cond)))
#define might_lock(l) ((void)(l))
#define mutex_is_locked(l) (!!READ_ONCE((l)->owner))
#define __lock_killable(lock, l) ({						\
	int __err = (signal_pending)() ? -EINTR : 0;				\
	if (!__err)								\
		lock(l);							\
	__err;									\
})
#define mutex_lock_killable(l) __lock_killable(mutex_lock, l)
#define mutex_lock_interruptible(l) mutex_lock_killable(l)
#define down_read_killable(l) __lock_killable(down_read, l)
#define down_write_killable(l) __lock_killable(down_write, l)
typedef spinlock_t raw_spinlock_t;
#define DEFINE_RAW_SPINLOCK(name) DEFINE_SPINLOCK(name)
#define raw_spin_lock_init(l) spin_lock_init(l)
#define raw_spin_lock(l) spin_lock(l)
#define raw_spin_unlock(l) spin_unlock(l)
#define raw_spin_trylock(l) spin_trylock(l)
#define raw_spin_lock_irqsave(l, flags) spin_lock_irqsave(l, flags)
#define raw_spin_unlock_irqrestore(l, flags) spin_unlock_irqrestore(l, flags)
#define __RAW_SPIN_LOCK_UNLOCKED(name) __SPIN_LOCK_UNLOCKED(name)
#define spin_trylock_bh(l) spin_trylock(l)
/* stricter: readers exclude each other, and may not nest */
typedef spinlock_t rwlock_t;
#define DEFINE_RWLOCK(name) DEFINE_SPINLOCK(name)
#define rwlock_init(l) spin_lock_init(l)
#define read_lock(l) spin_lock(l)
#define read_unlock(l) spin_unlock(l)
#define write_lock(l) spin_lock(l)
#define write_unlock(l) spin_unlock(l)
#define __RW_LOCK_UNLOCKED(name) __SPIN_LOCK_UNLOCKED(name)
#define read_trylock(l) spin_trylock(l)
#define write_trylock(l) spin_trylock(l)
#define read_lock_irq(l) spin_lock_irq(l)
#define read_unlock_irq(l) spin_unlock_irq(l)
#define write_lock_irq(l) spin_lock_irq(l)
#define write_unlock_irq(l) spin_unlock_irq(l)
#define read_lock_irqsave(l, flags) spin_lock_irqsave(l, flags)
#define read_unlock_irqrestore(l, flags) spin_unlock_irqrestore(l, flags)
#define write_lock_irqsave(l, flags) spin_lock_irqsave(l, flags)
#define write_unlock_irqrestore(l, flags) spin_unlock_irqrestore(l, flags)
#define synchronize_rcu_expedited() synchronize_rcu()
#define rcu_replace_pointer(p, new, cond) ({					\
	__typeof__(p) __was = rcu_dereference_protected(p, cond);		\
	rcu_assign_pointer(p, new);						\
	__was;									\
})
#define rcu_pointer_handoff(p) (p)
#define unrcu_pointer(p) (p)

/* a section without preemption is one of RCU, too: more lenient where RCU-DEREF is concerned */
#define preempt_disable() rcu_read_lock()
#define preempt_enable() rcu_read_unlock()
#define migrate_disable() ((void)0)
#define migrate_enable() ((void)0)

#define RCU_LOCKDEP_WARN(cond, text) ((void)WARN_ON(cond))
/* what holds grace periods back is a section, of whatever kind */
#define rcu_read_lock_bh() rcu_read_lock()
#define rcu_read_unlock_bh() rcu_read_unlock()
#define rcu_read_lock_sched() rcu_read_lock()
#define rcu_read_unlock_sched() rcu_read_unlock()
#define call_rcu_hurry(head, fn) call_rcu(head, fn)
/* every cookie is too young */
#define get_state_synchronize_rcu() 1UL
#define start_poll_synchronize_rcu() get_state_synchronize_rcu()
#define cond_synchronize_rcu(cookie) ((void)(cookie), synchronize_rcu())

/* --- a bit as a spinlock: neither owner nor class; what is wrong with its order is a LIVELOCK --------- */

static inline void __bit_spin_lock(int nr, unsigned long *word, const char *site)
{
	__rcu_read_lock(site);
	while (test_and_set_bit_lock(nr, word)) {
		__rcu_read_unlock(site);
		do {
			cpu_relax();
		} while (test_bit(nr, word));
		__rcu_read_lock(site);
	}
}

static inline bool __bit_spin_trylock(int nr, unsigned long *word, const char *site)
{
	__rcu_read_lock(site);
	if (!test_and_set_bit_lock(nr, word))
		return true;
	__rcu_read_unlock(site);
	return false;
}

#define bit_spin_lock(nr, word) __bit_spin_lock(nr, word, CODE_SITE)
#define bit_spin_trylock(nr, word) __bit_spin_trylock(nr, word, CODE_SITE)
#define bit_spin_unlock(nr, word) do { clear_bit_unlock(nr, word); preempt_enable(); } while (0)
#define __bit_spin_unlock(nr, word) bit_spin_unlock(nr, word)
#define bit_spin_is_locked(nr, word) test_bit(nr, word)

#endif /* _SHIM_MORELOCK_H */
