// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks, once for both machines: what is a scheduling point, what is checked, when an RCU section
 * begins. How a word is taken, how a task waits and what TSan is told is the machine's
 * (machine/arch_locks.h).
 *
 * As in the kernel, spin_lock() disables irqs and preemption and then spins: its RCU section
 * begins before the wait, and a task that spins holds grace periods back.
 *
 * local_lock() never waits in the kernel: it disables preemption on the CPU that the task runs
 * on. Where ours waits, another task of that CPU is in such a section, so the kernel would not
 * run this one yet: its own section begins when it has the lock.
 *
 * Built with instrumentation for the native machine, whose words TSan then understands, and
 * without it for the controlled machine.
 */
#include <kernel/bug.h>
#include <kernel/mutex.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/wait.h>
#include <machine/arch_locks.h>
#include <machine/machine.h>

static const bool has_point_behind[NR_LOCK_CLASSES] = {
#define LOCK_CLASS(name, text, sleeps, nests, behind) [lock_class_##name] = behind,
#include <kernel/lock_classes.def>
#undef LOCK_CLASS
};

static void point_behind(enum lock_class cls)
{
	if (has_point_behind[cls])
		lock_behind(cls);
}

/* --- spinlocks --------------------------------------------------------------------------- */

void spin_lock_init(spinlock_t *lock)
{
	*lock = (spinlock_t){ .dep.class = lock_class_none };
	lock_named(lock);
}

/* As lockdep's IN-HARDIRQ and HARDIRQ-ON. */
#define SPIN_USED_IN_IRQ 1
#define SPIN_USED_IRQS_ON 2

static void spin_taken(const struct task_struct *t, spinlock_t *lock, bool irq, const char *site)
{
	lock->irq = irq;
	lock->used |= t->in_interrupt ? SPIN_USED_IN_IRQ : t->irqs_off ? 0 : SPIN_USED_IRQS_ON;
	if (lock->used == (SPIN_USED_IN_IRQ | SPIN_USED_IRQS_ON))
		harness_fail("LOCK-FLAVOUR", site, "%s is taken in an interrupt, and elsewhere while interrupts are on",
			     lock_class_name(lock->dep.class));
}

void __spin_lock(spinlock_t *lock, unsigned int flags, bool irq, const char *site)
	__no_context_analysis
{
	struct task_struct *t = current;

	lock_point(POINT_LOCK, lock->dep.class, lock);
	lockdep_check_acquire(t, lock, lock->dep.class, flags, site);
	if (irq)
		t->irqs_off = true;
	section_enter(t);
	spin_until(t, lock, site, word_cas(&lock->owner, 0, t->id + 1));
	order_lock(lock, 0);
	spin_taken(t, lock, irq, site);
	lockdep_acquired(t, lock, lock->dep.class, flags, site);
}

bool __spin_trylock(spinlock_t *lock, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	lock_point(POINT_TRYLOCK, lock->dep.class, lock);
	lockdep_check_acquire(t, lock, lock->dep.class, LOCK_TRYLOCK, site);
	section_enter(t);
	if (!word_cas(&lock->owner, 0, t->id + 1)) {
		section_exit(t);
		return false;
	}
	order_lock(lock, TSAN_TRY_LOCK);
	spin_taken(t, lock, false, site);
	lockdep_acquired(t, lock, lock->dep.class, LOCK_TRYLOCK, site);
	return true;
}

void __spin_unlock(spinlock_t *lock, bool irq, const char *site) __no_context_analysis
{
	enum lock_class cls = lock->dep.class;
	struct task_struct *t = current;

	lock_point(POINT_UNLOCK, lock->dep.class, lock);
	lockdep_check_release(t, lock, lock->dep.class, site);
	if (lock->irq != irq)
		harness_fail("LOCK-FLAVOUR", site, "%s taken with%s _irq is released with%s",
			     lock_class_name(lock->dep.class), lock->irq ? "" : "out",
			     irq ? "" : "out");
	lockdep_released(t, lock);
	order_unlock(lock, 0);
	word_set(&lock->owner, 0);
	spin_wake(lock);
	if (irq)
		t->irqs_off = false;
	section_exit(t);
	point_behind(cls);
}

/* --- local locks -------------------------------------------------------------------------- */

/* The CPU is settled: nothing here migrates. */
static void local_lock_this_cpu(const local_lock_t *template_lock, const char *site)
{
	struct task_struct *t = current;
	local_lock_t *lock = __per_cpu_ptr(template_lock, t->cpu);

	lockdep_check_acquire(t, lock, lock->dep.class, 0, site);
	spin_until(t, lock, site, word_cas(&lock->owner, 0, t->id + 1));
	section_enter(t);
	order_lock(lock, 0);
	t->local_lock = template_lock;
	lockdep_acquired(t, lock, lock->dep.class, 0, site);
}

void __local_lock(const local_lock_t *template_lock, const char *site)
{
	lock_point(POINT_LOCK, template_lock->dep.class, template_lock);
	lock_migrate();
	local_lock_this_cpu(template_lock, site);
}

void __local_unlock(const local_lock_t *template_lock, const char *site)
{
	struct task_struct *t = current;
	local_lock_t *lock = __per_cpu_ptr(template_lock, t->cpu);

	lock_point(POINT_UNLOCK, lock->dep.class, lock);
	lockdep_check_release(t, lock, lock->dep.class, site);
	t->local_lock = NULL;
	lockdep_released(t, lock);
	order_unlock(lock, 0);
	word_set(&lock->owner, 0);
	spin_wake(lock);
	section_exit(t);
}

void local_lock_on(const local_lock_t *template_lock, unsigned int cpu)
{
	lock_point(POINT_LOCK, template_lock->dep.class, template_lock);
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
	lock_named(lock);
}

void __mutex_lock(struct mutex *lock, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	lock_point(POINT_LOCK, lock->dep.class, lock);
	lockdep_check_acquire(t, lock, lock->dep.class, LOCK_SLEEPS, site);
	sleep_until(t, lock, site, word_cas(&lock->owner, 0, t->id + 1));
	order_lock(lock, 0);
	lockdep_acquired(t, lock, lock->dep.class, LOCK_SLEEPS, site);
}

bool __mutex_trylock(struct mutex *lock, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	lock_point(POINT_TRYLOCK, lock->dep.class, lock);
	lockdep_check_acquire(t, lock, lock->dep.class, LOCK_TRYLOCK, site);
	if (!word_cas(&lock->owner, 0, t->id + 1))
		return false;
	order_lock(lock, TSAN_TRY_LOCK);
	lockdep_acquired(t, lock, lock->dep.class, LOCK_TRYLOCK, site);
	return true;
}

void __mutex_unlock(struct mutex *lock, const char *site) __no_context_analysis
{
	enum lock_class cls = lock->dep.class;
	struct task_struct *t = current;

	lock_point(POINT_UNLOCK, lock->dep.class, lock);
	lockdep_check_release(t, lock, lock->dep.class, site);
	lockdep_released(t, lock);
	order_unlock(lock, 0);
	word_set(&lock->owner, 0);
	sleep_wake(lock);
	point_behind(cls);
}

/* --- rw semaphores: writers first --------------------------------------------------------- */

#define RWSEM_WRITER 0xffffffffu		/* in readers: a writer holds it */

void init_rwsem(struct rw_semaphore *sem)
{
	*sem = (struct rw_semaphore){ .dep.class = lock_class_none };
	lock_named(sem);
}

static bool rwsem_try_read(struct rw_semaphore *sem)
{
	u32 readers;

	do {
		if (word_get(&sem->writers_waiting))
			return false;
		readers = word_get(&sem->readers);
		if (readers == RWSEM_WRITER)
			return false;
	} while (!word_cas(&sem->readers, readers, readers + 1));
	return true;
}

void __down_read(struct rw_semaphore *sem, unsigned int flags, const char *site)
	__no_context_analysis
{
	struct task_struct *t = current;

	lock_point(POINT_LOCK, sem->dep.class, sem);
	lockdep_check_acquire(t, sem, sem->dep.class, flags | LOCK_SLEEPS, site);
	sleep_until(t, sem, site, rwsem_try_read(sem));
	order_lock(sem, TSAN_READ_LOCK);
	lockdep_acquired(t, sem, sem->dep.class, flags | LOCK_SLEEPS, site);
}

void __up_read(struct rw_semaphore *sem, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	lock_point(POINT_UNLOCK, sem->dep.class, sem);
	lockdep_check_release(t, sem, sem->dep.class, site);
	lockdep_released(t, sem);
	order_unlock(sem, TSAN_READ_LOCK);
	word_add(&sem->readers, -1);
	sleep_wake(sem);
}

void __down_write(struct rw_semaphore *sem, unsigned int flags, const char *site)
	__no_context_analysis
{
	struct task_struct *t = current;

	lock_point(POINT_LOCK, sem->dep.class, sem);
	lockdep_check_acquire(t, sem, sem->dep.class, flags | LOCK_SLEEPS, site);
	word_add(&sem->writers_waiting, 1);
	sleep_until(t, sem, site, word_cas(&sem->readers, 0, RWSEM_WRITER));
	word_add(&sem->writers_waiting, -1);
	order_lock(sem, 0);
	lockdep_acquired(t, sem, sem->dep.class, flags | LOCK_SLEEPS, site);
}

void __up_write(struct rw_semaphore *sem, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	lock_point(POINT_UNLOCK, sem->dep.class, sem);
	lockdep_check_release(t, sem, sem->dep.class, site);
	lockdep_released(t, sem);
	order_unlock(sem, 0);
	word_set(&sem->readers, 0);
	sleep_wake(sem);
}

bool __down_read_trylock(struct rw_semaphore *sem, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	lock_point(POINT_TRYLOCK, sem->dep.class, sem);
	lockdep_check_acquire(t, sem, sem->dep.class, LOCK_TRYLOCK, site);
	if (!rwsem_try_read(sem))
		return false;
	order_lock(sem, TSAN_READ_LOCK | TSAN_TRY_LOCK);
	lockdep_acquired(t, sem, sem->dep.class, LOCK_TRYLOCK, site);
	return true;
}

bool __down_write_trylock(struct rw_semaphore *sem, const char *site) __no_context_analysis
{
	struct task_struct *t = current;

	lock_point(POINT_TRYLOCK, sem->dep.class, sem);
	lockdep_check_acquire(t, sem, sem->dep.class, LOCK_TRYLOCK, site);
	if (!word_cas(&sem->readers, 0, RWSEM_WRITER))
		return false;
	order_lock(sem, TSAN_TRY_LOCK);
	lockdep_acquired(t, sem, sem->dep.class, LOCK_TRYLOCK, site);
	return true;
}

void __downgrade_write(struct rw_semaphore *sem, const char *site) __no_context_analysis
{
	lock_point(POINT_UNLOCK, sem->dep.class, sem);
	__lock_assert_held(sem, site);
	order_unlock(sem, 0);
	order_lock(sem, TSAN_READ_LOCK);
	word_set(&sem->readers, 1);
	sleep_wake(sem);
}

/* --- completions -------------------------------------------------------------------------- */

void init_completion(struct completion *x)
{
	x->magic = COMPLETION_MAGIC;
	reinit_completion(x);
}

void reinit_completion(struct completion *x)
{
	lockdep_check_completion(x, CODE_SITE);
	word_set(&x->done, 0);
}

void complete(struct completion *x)
{
	lockdep_check_completion(x, CODE_SITE);
	lock_point(POINT_WAKE, lock_class_none, x);
	order_release(x);
	word_add(&x->done, 1);
	sleep_wake(x);
}

static bool completion_take(struct completion *x)
{
	u32 done;

	do {
		done = word_get(&x->done);
		if (!done)
			return false;
	} while (!word_cas(&x->done, done, done - 1));
	return true;
}

void wait_for_completion(struct completion *x)
{
	struct task_struct *t = current;

	might_sleep();
	lockdep_check_completion(x, CODE_SITE);
	lock_point(POINT_WAIT, lock_class_none, x);
	sleep_until(t, x, "wait_for_completion", completion_take(x));
	order_acquire(x);
}

/* More than there will ever be waiters. */
#define COMPLETION_ALL 0x80000000u

void complete_all(struct completion *x)
{
	lockdep_check_completion(x, CODE_SITE);
	lock_point(POINT_WAKE, lock_class_none, x);
	order_release(x);
	word_set(&x->done, COMPLETION_ALL);
	sleep_wake(x);
}

bool try_wait_for_completion(struct completion *x)
{
	lockdep_check_completion(x, CODE_SITE);
	lock_point(POINT_ATOMIC_RMW, lock_class_none, x);
	if (!completion_take(x))
		return false;
	order_acquire(x);
	return true;
}

bool completion_done(struct completion *x)
{
	lockdep_check_completion(x, CODE_SITE);
	lock_point(POINT_ATOMIC_READ, lock_class_none, x);
	if (!word_get(&x->done))
		return false;
	order_acquire(x);
	return true;
}

/* --- bit locks and bit waits: the folio lock, writeback ------------------------------------ */

bool bit_trylock(unsigned int bit, unsigned long *word)
{
	lock_point(POINT_TRYLOCK, lock_class_folio, word);
	if (!bit_take(word, bit))
		return false;
	order_acquire(word);
	return true;
}

void wait_on_bit_lock(unsigned long *word, unsigned int bit)
{
	struct task_struct *t = current;

	lock_point(POINT_LOCK, lock_class_folio, word);
	sleep_until(t, word, "a bit lock", bit_take(word, bit));
	order_acquire(word);
}

void wait_on_bit(unsigned long *word, unsigned int bit)
{
	struct task_struct *t = current;

	might_sleep();
	lock_point(POINT_WAIT, lock_class_none, word);
	sleep_until(t, word, "a bit wait", bit_is_clear(word, bit));
	order_acquire(word);
}

void wake_up_bit(unsigned long *word, unsigned int bit)
{
	/* once stores are late, a task may go on before what the waker stored is seen */
	if (machine_is_weak())
		lock_point(POINT_WAKE, lock_class_none, word);
	sleep_wake(word);
}

void clear_and_wake_up_bit(unsigned int bit, unsigned long *word)
{
	lock_point(POINT_UNLOCK, lock_class_folio, word);
	order_release(word);
	bit_drop(word, bit);
	wake_up_bit(word, bit);
}

/* --- the rest ----------------------------------------------------------------------------- */

void smp_mb(void)
{
	lock_point(POINT_FENCE, lock_class_none, NULL);
	order_fence();
}
