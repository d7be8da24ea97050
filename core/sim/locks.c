// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks as models: a word that says who holds it, and blocked tasks that look again when it is
 * released; which of them gets it is a scheduling choice. A spinlock or local lock section is
 * an RCU read section.
 */
#include <kernel/bug.h>
#include <kernel/mutex.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/wait.h>
#include "internal.h"

static bool word_take(u32 *owner, struct sim_task *t)
{
	if (*owner)
		return false;
	*owner = t->task.id + 1;
	return true;
}

/* --- spinlocks --------------------------------------------------------------------------- */

void spin_lock_init(spinlock_t *lock)
{
	*lock = (spinlock_t){ .dep.class = lock_class_none };
	sim_object_init(lock);
}

void __spin_lock(spinlock_t *lock, unsigned int flags, bool irq, const char *site)
	__no_context_analysis
{
	struct sim_task *t = sim_self();

	sim_point_at(ANCHOR_LOCK + lock->dep.class, lock);
	lockdep_check_acquire(&t->task, lock, lock->dep.class, flags, site);
	sim_wait_for(lock, site, word_take(&lock->owner, t));
	sim_rcu_enter(t);
	model_lock(lock, 0);
	lock->irq = irq;
	if (irq)
		t->task.irqs_off = true;
	lockdep_acquired(&t->task, lock, lock->dep.class, flags, site);
}

bool __spin_trylock(spinlock_t *lock, const char *site) __no_context_analysis
{
	struct sim_task *t = sim_self();

	sim_point_at(ANCHOR_TRYLOCK + lock->dep.class, lock);
	lockdep_check_acquire(&t->task, lock, lock->dep.class, LOCK_TRYLOCK, site);
	if (!word_take(&lock->owner, t))
		return false;
	sim_rcu_enter(t);
	model_lock(lock, TSAN_TRY_LOCK);
	lock->irq = false;
	lockdep_acquired(&t->task, lock, lock->dep.class, LOCK_TRYLOCK, site);
	return true;
}

void __spin_unlock(spinlock_t *lock, bool irq, const char *site) __no_context_analysis
{
	struct sim_task *t = sim_self();

	sim_point_at(ANCHOR_UNLOCK + lock->dep.class, lock);
	lockdep_check_release(&t->task, lock, lock->dep.class, site);
	if (lock->irq != irq)
		harness_fail("LOCK-FLAVOUR", site, "%s taken with%s _irq is released with%s",
			     lock_class_name(lock->dep.class), lock->irq ? "" : "out",
			     irq ? "" : "out");
	if (irq)
		t->task.irqs_off = false;
	lockdep_released(&t->task, lock);
	model_unlock(lock, 0);
	lock->owner = 0;
	sim_wake(lock);
	sim_rcu_exit(t);
}

/* --- local locks -------------------------------------------------------------------------- */

static void local_lock_this_cpu(const local_lock_t *template_lock, const char *site)
{
	struct sim_task *t = sim_self();
	local_lock_t *lock = __per_cpu_ptr(template_lock, t->task.cpu);

	lockdep_check_acquire(&t->task, lock, lock->dep.class, 0, site);
	sim_wait_for(lock, site, word_take(&lock->owner, t));
	sim_rcu_enter(t);
	model_lock(lock, 0);
	t->task.local_lock = template_lock;
	lockdep_acquired(&t->task, lock, lock->dep.class, 0, site);
}

void __local_lock(const local_lock_t *template_lock, const char *site)
{
	sim_point_at(ANCHOR_LOCK + template_lock->dep.class, template_lock);
	sim_migrate();
	local_lock_this_cpu(template_lock, site);
}

void __local_unlock(const local_lock_t *template_lock, const char *site)
{
	struct sim_task *t = sim_self();
	local_lock_t *lock = __per_cpu_ptr(template_lock, t->task.cpu);

	sim_point_at(ANCHOR_UNLOCK + lock->dep.class, lock);
	lockdep_check_release(&t->task, lock, lock->dep.class, site);
	t->task.local_lock = NULL;
	lockdep_released(&t->task, lock);
	model_unlock(lock, 0);
	lock->owner = 0;
	sim_wake(lock);
	sim_rcu_exit(t);
}

void local_lock_on(const local_lock_t *template_lock, unsigned int cpu)
{
	sim_point_at(ANCHOR_LOCK + template_lock->dep.class, template_lock);
	task_set_cpu(cpu);
	local_lock_this_cpu(template_lock, CODE_SITE);
}

void local_unlock_on(const local_lock_t *template_lock, unsigned int cpu)
{
	local_unlock(template_lock);
}

/* --- mutexes ------------------------------------------------------------------------------ */

void mutex_init(struct mutex *lock)
{
	*lock = (struct mutex){ .dep.class = lock_class_none };
	sim_object_init(lock);
}

void __mutex_lock(struct mutex *lock, const char *site) __no_context_analysis
{
	struct sim_task *t = sim_self();

	sim_point_at(ANCHOR_LOCK + lock->dep.class, lock);
	lockdep_check_acquire(&t->task, lock, lock->dep.class, LOCK_SLEEPS, site);
	sim_wait_for(lock, site, word_take(&lock->owner, t));
	model_lock(lock, 0);
	lockdep_acquired(&t->task, lock, lock->dep.class, LOCK_SLEEPS, site);
}

bool __mutex_trylock(struct mutex *lock, const char *site) __no_context_analysis
{
	struct sim_task *t = sim_self();

	sim_point_at(ANCHOR_TRYLOCK + lock->dep.class, lock);
	lockdep_check_acquire(&t->task, lock, lock->dep.class, LOCK_TRYLOCK, site);
	if (!word_take(&lock->owner, t))
		return false;
	model_lock(lock, TSAN_TRY_LOCK);
	lockdep_acquired(&t->task, lock, lock->dep.class, LOCK_TRYLOCK, site);
	return true;
}

void __mutex_unlock(struct mutex *lock, const char *site) __no_context_analysis
{
	struct sim_task *t = sim_self();

	sim_point_at(ANCHOR_UNLOCK + lock->dep.class, lock);
	lockdep_check_release(&t->task, lock, lock->dep.class, site);
	lockdep_released(&t->task, lock);
	model_unlock(lock, 0);
	lock->owner = 0;
	sim_wake(lock);
}

/* --- rw semaphores: writers first --------------------------------------------------------- */

void init_rwsem(struct rw_semaphore *sem)
{
	*sem = (struct rw_semaphore){ .dep.class = lock_class_none };
	sim_object_init(sem);
}

static bool rwsem_read(struct rw_semaphore *sem)
{
	if (sem->writer || sem->writers_waiting)
		return false;
	sem->readers++;
	return true;
}

static bool rwsem_write(struct rw_semaphore *sem, struct sim_task *t)
{
	return !sem->readers && word_take(&sem->writer, t);
}

void __down_read(struct rw_semaphore *sem, unsigned int flags, const char *site)
	__no_context_analysis
{
	struct sim_task *t = sim_self();

	sim_point_at(ANCHOR_LOCK + sem->dep.class, sem);
	lockdep_check_acquire(&t->task, sem, sem->dep.class, flags | LOCK_SLEEPS, site);
	sim_wait_for(sem, site, rwsem_read(sem));
	model_lock(sem, TSAN_READ_LOCK);
	lockdep_acquired(&t->task, sem, sem->dep.class, flags | LOCK_SLEEPS, site);
}

void __up_read(struct rw_semaphore *sem, const char *site) __no_context_analysis
{
	struct sim_task *t = sim_self();

	sim_point_at(ANCHOR_UNLOCK + sem->dep.class, sem);
	lockdep_check_release(&t->task, sem, sem->dep.class, site);
	lockdep_released(&t->task, sem);
	model_unlock(sem, TSAN_READ_LOCK);
	sem->readers--;
	sim_wake(sem);
}

void __down_write(struct rw_semaphore *sem, unsigned int flags, const char *site)
	__no_context_analysis
{
	struct sim_task *t = sim_self();

	sim_point_at(ANCHOR_LOCK + sem->dep.class, sem);
	lockdep_check_acquire(&t->task, sem, sem->dep.class, flags | LOCK_SLEEPS, site);
	sem->writers_waiting++;
	sim_wait_for(sem, site, rwsem_write(sem, t));
	sem->writers_waiting--;
	model_lock(sem, 0);
	lockdep_acquired(&t->task, sem, sem->dep.class, flags | LOCK_SLEEPS, site);
}

void __up_write(struct rw_semaphore *sem, const char *site) __no_context_analysis
{
	struct sim_task *t = sim_self();

	sim_point_at(ANCHOR_UNLOCK + sem->dep.class, sem);
	lockdep_check_release(&t->task, sem, sem->dep.class, site);
	lockdep_released(&t->task, sem);
	model_unlock(sem, 0);
	sem->writer = 0;
	sim_wake(sem);
}

/* --- completions -------------------------------------------------------------------------- */

void init_completion(struct completion *x)
{
	x->magic = COMPLETION_MAGIC;
	x->done = 0;
}

void reinit_completion(struct completion *x)
{
	lockdep_check_completion(x, CODE_SITE);
	x->done = 0;
}

void complete(struct completion *x)
{
	lockdep_check_completion(x, CODE_SITE);
	sim_point_at(ANCHOR_POINT + POINT_WAKE, x);
	tsan_release(x);
	x->done++;
	sim_wake(x);
}

void wait_for_completion(struct completion *x)
{
	might_sleep();
	lockdep_check_completion(x, CODE_SITE);
	sim_point_at(ANCHOR_POINT + POINT_WAIT, x);
	sim_wait_for(x, "wait_for_completion", x->done);
	x->done--;
	tsan_acquire(x);
}

/* --- bit locks and bit waits -------------------------------------------------------------- */

static bool bit_take(unsigned long *word, unsigned int bit)
{
	if (*word & BIT(bit))
		return false;
	*word |= BIT(bit);
	return true;
}

bool bit_trylock(unsigned int bit, unsigned long *word)
{
	sim_point_at(ANCHOR_TRYLOCK + lock_class_folio, word);
	if (!bit_take(word, bit))
		return false;
	tsan_acquire(word);
	return true;
}

void wait_on_bit_lock(unsigned long *word, unsigned int bit)
{
	sim_point_at(ANCHOR_LOCK + lock_class_folio, word);
	sim_wait_for(word, "a bit lock", bit_take(word, bit));
	tsan_acquire(word);
}

void wait_on_bit(unsigned long *word, unsigned int bit)
{
	might_sleep();
	sim_point_at(ANCHOR_POINT + POINT_WAIT, word);
	sim_wait_for(word, "a bit wait", !(*word & BIT(bit)));
	tsan_acquire(word);
}

void clear_and_wake_up_bit(unsigned int bit, unsigned long *word)
{
	sim_point_at(ANCHOR_UNLOCK + lock_class_folio, word);
	tsan_release(word);
	*word &= ~BIT(bit);
	sim_wake(word);
}

/* --- the rest ----------------------------------------------------------------------------- */

void smp_mb(void)
{
	/* acquire and release on one token: what TSan understands of a fence */
	static char token;

	sim_point(POINT_FENCE, NULL);
	tsan_acquire(&token);
	tsan_release(&token);
}
