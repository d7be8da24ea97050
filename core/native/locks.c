// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spinlocks and local locks: one word, compare-and-swap, then sched_yield(). A section of
 * either is an RCU read section.
 */
#include <sched.h>

#include <kernel/bug.h>
#include <kernel/percpu.h>
#include "native.h"

static bool word_trylock(u32 *owner, u32 id)
{
	u32 old = 0;

	/* Order: acquire; pairs with word_unlock() */
	return __atomic_compare_exchange_n(owner, &old, id, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static void word_lock(struct task_struct *t, u32 *owner, const void *lock, const char *site)
{
	if (word_trylock(owner, t->id + 1))
		return;
	t->waiting_site = site;
	t->waiting_for = lock;
	do {
		sched_yield();
	} while (__atomic_load_n(owner, __ATOMIC_RELAXED) || !word_trylock(owner, t->id + 1));
	t->waiting_for = NULL;
}

static void word_unlock(u32 *owner)
{
	__atomic_store_n(owner, 0, __ATOMIC_RELEASE);
}

void spin_lock_init(spinlock_t *lock)
{
	*lock = (spinlock_t){ .dep.class = lock_class_none };
}

void __spin_lock(spinlock_t *lock, unsigned int flags, bool irq, const char *site)
	__no_context_analysis
{
	struct task_struct *t = current;

	machine_point(POINT_LOCK, lock);
	lockdep_check_acquire(t, lock, lock->dep.class, flags, site);
	native_rcu_enter(t);
	word_lock(t, &lock->owner, lock, site);
	lock->irq = irq;
	if (irq)
		t->irqs_off = true;
	lockdep_acquired(t, lock, lock->dep.class, flags, site);
}

bool __spin_trylock(spinlock_t *lock, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	machine_point(POINT_TRYLOCK, lock);
	lockdep_check_acquire(t, lock, lock->dep.class, LOCK_TRYLOCK, site);
	native_rcu_enter(t);
	if (!word_trylock(&lock->owner, t->id + 1)) {
		native_rcu_exit(t);
		return false;
	}
	lock->irq = false;
	lockdep_acquired(t, lock, lock->dep.class, LOCK_TRYLOCK, site);
	return true;
}

void __spin_unlock(spinlock_t *lock, bool irq, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	machine_point(POINT_UNLOCK, lock);
	lockdep_check_release(t, lock, lock->dep.class, site);
	if (lock->irq != irq)
		harness_fail("LOCK-FLAVOUR", site, "%s taken with%s _irq is released with%s",
			     lock_class_name(lock->dep.class), lock->irq ? "" : "out",
			     irq ? "" : "out");
	if (irq)
		t->irqs_off = false;
	lockdep_released(t, lock);
	word_unlock(&lock->owner);
	native_rcu_exit(t);
}

/* The CPU is settled: nothing here migrates. */
static void local_lock_this_cpu(const local_lock_t *template_lock, const char *site)
{
	struct task_struct *t = current;
	local_lock_t *lock = __per_cpu_ptr(template_lock, t->cpu);

	lockdep_check_acquire(t, lock, lock->dep.class, 0, site);
	native_rcu_enter(t);
	word_lock(t, &lock->owner, lock, site);
	t->local_lock = template_lock;
	lockdep_acquired(t, lock, lock->dep.class, 0, site);
}

void __local_lock(const local_lock_t *template_lock, const char *site)
{
	machine_point(POINT_LOCK, template_lock);
	local_lock_this_cpu(template_lock, site);
}

void __local_unlock(const local_lock_t *template_lock, const char *site)
{
	struct task_struct *t = current;
	local_lock_t *lock = __per_cpu_ptr(template_lock, t->cpu);

	machine_point(POINT_UNLOCK, lock);
	lockdep_check_release(t, lock, lock->dep.class, site);
	t->local_lock = NULL;
	lockdep_released(t, lock);
	word_unlock(&lock->owner);
	native_rcu_exit(t);
}

void local_lock_on(const local_lock_t *template_lock, unsigned int cpu)
{
	task_set_cpu(cpu);
	local_lock_this_cpu(template_lock, CODE_SITE);
}

void local_unlock_on(const local_lock_t *template_lock, unsigned int cpu)
{
	local_unlock(template_lock);
}
