// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who holds what: lock order by class rank, recursion, flavour, sleeping while atomic. Always
 * on, in both machines (CHECKS_OFF exists for the bench alone). SPEC 4.
 */
#include <string.h>

#include <kernel/bug.h>
#include <kernel/percpu.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>
#include <machine/task.h>

static const struct class_info {
	const char *name;
	bool sleeps, nest;
} classes[NR_LOCK_CLASSES] = {
#define LOCK_CLASS(cls, text, may_sleep, may_nest, behind)					\
	[lock_class_##cls] = { .name = text, .sleeps = may_sleep, .nest = may_nest },
#include <kernel/lock_classes.def>
#undef LOCK_CLASS
};

static lock_check_fn lock_checks[NR_LOCK_CLASSES];

const char *lock_class_name(enum lock_class cls)
{
	return classes[cls].name;
}

void lock_class_set_check(enum lock_class cls, lock_check_fn fn)
{
	lock_checks[cls] = fn;
}

static void run_lock_check(const void *lock, enum lock_class cls, bool acquired)
{
	if (!lock_checks[cls])
		return;
	machine_mute();
	lock_checks[cls](lock, acquired);
	machine_unmute();
}

static struct held_lock *find_held(struct task_struct *t, const void *lock)
{
	unsigned int i = t->nr_locks;

	while (i--)
		if (t->locks[i].lock == lock)
			return &t->locks[i];
	return NULL;
}

#ifndef CHECKS_OFF
/* Of all locks that @t holds. @held: @lock among them, the last time that it was taken, or NULL. */
static unsigned long held_classes(struct task_struct *t, const void *lock, struct held_lock **held)
{
	unsigned long mask = 0;
	unsigned int i;

	*held = NULL;
	for (i = 0; i < t->nr_locks; i++) {
		mask |= BIT(t->locks[i].class);
		*held = t->locks[i].lock == lock ? &t->locks[i] : *held;
	}
	return mask;
}

static const struct held_lock *find_class(struct task_struct *t, enum lock_class cls)
{
	unsigned int i;

	for (i = 0; i < t->nr_locks; i++)
		if (t->locks[i].class == cls)
			return &t->locks[i];
	return NULL;
}

static void check_pair(const struct held_lock *held, enum lock_class cls, const char *site,
		       const char *rule)
{
	if (held)
		harness_fail("LOCK-ORDER", site, "%s taken while %s is held (%s): %s",
			     classes[cls].name, classes[held->class].name, held->site, rule);
}

/* Not in the order: a lock that the harness knows nothing of. */
static bool is_own(enum lock_class cls)
{
	return cls == lock_class_own || cls == lock_class_own_mutex;
}

static void check_order(struct task_struct *t, enum lock_class cls, unsigned int flags,
			const char *site)
{
	const struct held_lock *held;
	unsigned int i;

	for (i = 0; i < t->nr_locks; i++) {
		held = &t->locks[i];
		if (held->handed_over || (held->flags & (LOCK_TRYLOCK | LOCK_NO_EDGE)) || is_own(held->class))
			continue;
		if (held->class < cls)
			continue;
		if (held->class == cls && classes[cls].nest && (flags & LOCK_NESTED))
			continue;
		check_pair(held, cls, site, held->class == cls ? "two of a class" :
								  "the order is the other way");
	}
}
#endif

void lockdep_check_acquire(struct task_struct *t, const void *lock, enum lock_class cls,
			   unsigned int flags, const char *site)
{
#ifndef CHECKS_OFF
	struct held_lock *held;
	unsigned long mask;

	if (cls == lock_class_machine)
		return;
	if (cls == lock_class_none)
		harness_fail("LOCK-CLASS", site, "a lock without a class: lockdep_set_class()");
	mask = held_classes(t, lock, &held);
	if (held && !(flags & LOCK_TRYLOCK) && !held->handed_over)
		harness_fail("LOCK-RECURSION", site, "%s is held already (%s)",
			     classes[cls].name, held->site);
	/* holds however it was taken */
	if (mask & (BIT(lock_class_swap_lock) | BIT(lock_class_cluster)) &&
	    (cls == lock_class_cluster || cls == lock_class_swap_lock))
		check_pair(find_class(t, cls == lock_class_cluster ? lock_class_swap_lock :
								     lock_class_cluster),
			   cls, site, "never together");
	if (flags & (LOCK_TRYLOCK | LOCK_NO_EDGE))
		return;
	if (classes[cls].sleeps)
		__might_sleep(classes[cls].name, site);
	/* its holder may be the task that was interrupted */
	if (t->in_interrupt && cls < lock_class_leaf)
		harness_fail("LOCK-ORDER", site, "%s, which tasks take with interrupts on, is taken in an interrupt",
			     classes[cls].name);
	if (mask >> cls && !is_own(cls))
		check_order(t, cls, flags, site);
#endif
}

void lockdep_acquired(struct task_struct *t, const void *lock, enum lock_class cls,
		      unsigned int flags, const char *site)
{
	struct held_lock *held;

	if (cls == lock_class_machine)
		return;
	if (t->nr_locks == TASK_LOCKS_MAX)
		harness_fail("LOCK-HELD", site, "more than %d locks held", TASK_LOCKS_MAX);
#ifndef CHECKS_OFF
	if (cls == lock_class_cluster)
		check_pair(find_class(t, cls), cls, site, "never two");
#endif
	held = &t->locks[t->nr_locks++];
	*held = (struct held_lock){ .lock = lock, .site = site, .class = cls, .flags = flags };
	if (!classes[cls].sleeps)
		t->atomic_depth++;
	run_lock_check(lock, cls, true);
}

void lockdep_check_release(struct task_struct *t, const void *lock, enum lock_class cls,
			   const char *site)
{
	if (cls == lock_class_machine)
		return;
	if (!find_held(t, lock))
		harness_fail("LOCK-NOT-HELD", site, "%s released by a task that does not hold it",
			     classes[cls].name);
	run_lock_check(lock, cls, false);
}

void lockdep_released(struct task_struct *t, const void *lock)
{
	struct held_lock *held = find_held(t, lock);
	unsigned int i;

	if (!held)
		return;
	if (!classes[held->class].sleeps)
		t->atomic_depth--;
	i = held - t->locks;
	t->nr_locks--;
	if (i < t->nr_locks)
		memmove(held, held + 1, (t->nr_locks - i) * sizeof(*held));
}

void lockdep_assert_none_held(struct task_struct *t, const char *where)
{
	unsigned int i;

	for (i = 0; i < t->nr_locks; i++)
		if (!t->locks[i].handed_over)
			harness_fail("LOCK-HELD", t->locks[i].site, "%s still held at %s",
				     classes[t->locks[i].class].name, where);
	if (t->rcu_depth)
		harness_fail("LOCK-HELD", CODE_SITE, "RCU read section still open at %s", where);
	if (t->irqs_off)
		harness_fail("LOCK-HELD", CODE_SITE, "irqs still off at %s", where);
}

/* --- the folio lock and other locks built outside of the machine ------------------------ */

void lock_acquire(const void *lock, enum lock_class cls, unsigned int flags, const char *site)
{
	struct task_struct *t = current;

	lockdep_check_acquire(t, lock, cls, flags, site);
	lockdep_acquired(t, lock, cls, flags, site);
}

void lock_release(const void *lock, enum lock_class cls, const char *site)
{
	struct task_struct *t = current;

	lockdep_check_release(t, lock, cls, site);
	lockdep_released(t, lock);
}

void lock_hand_over(const void *lock, enum lock_class cls, const char *site)
{
	lock_release(lock, cls, site);
}

void lock_take_over(const void *lock, enum lock_class cls, const char *site)
{
	lockdep_acquired(current, lock, cls, LOCK_TRYLOCK, site);
}

/* --- assertions ------------------------------------------------------------------------- */

bool __lock_is_held(const void *lock)
{
	return find_held(current, lock);
}

void __lock_assert_held(const void *lock, const char *site)
{
#ifndef CHECKS_OFF
	if (!find_held(current, lock))
		harness_fail("LOCK-ASSERT", site, "a lock that must be held is not");
#endif
}

void __lock_assert_not_held(const void *lock, const char *site)
{
#ifndef CHECKS_OFF
	if (find_held(current, lock))
		harness_fail("LOCK-ASSERT", site, "a lock that must not be held is");
#endif
}

bool irqs_disabled(void)
{
	return current->irqs_off;
}

bool preemptible(void)
{
	struct task_struct *t = current;

	return !t->atomic_depth && !t->rcu_depth && !t->irqs_off && !t->in_interrupt;
}

void irq_enter(void)
{
	current->in_interrupt = true;
}

void irq_exit(void)
{
	current->in_interrupt = false;
}

bool in_task(void)
{
	return !current->in_interrupt;
}

void lockdep_check_completion(const struct completion *x, const char *site)
{
#ifndef CHECKS_OFF
	if (machine_seen(&x->magic, x->magic) != COMPLETION_MAGIC)
		harness_fail("INIT", site, "a completion without init_completion()");
#endif
}

void lockdep_check_work(const struct work_struct *work, const char *site)
{
#ifndef CHECKS_OFF
	if (machine_seen(&work->magic, work->magic) != WORK_MAGIC)
		harness_fail("INIT", site, "a work item without INIT_WORK()");
#endif
}

void __might_sleep(const char *what, const char *site)
{
#ifndef CHECKS_OFF
	struct task_struct *t = current;
	unsigned int i;

	if (preemptible())
		return;
	for (i = t->nr_locks; i--; )
		if (!classes[t->locks[i].class].sleeps)
			harness_fail("SLEEP", site, "%s may sleep, but %s is held (%s)", what,
				     classes[t->locks[i].class].name, t->locks[i].site);
	harness_fail("SLEEP", site, "%s may sleep, but %s", what,
		     t->rcu_depth ? "this is an RCU read section" :
		     t->in_interrupt ? "this is an interrupt" : "irqs are off");
#endif
}

bool rcu_read_lock_held(void)
{
	return current->rcu_depth;
}

void __rcu_deref_check(bool ok, const char *expr, const char *site)
{
#ifndef CHECKS_OFF
	if (!ok)
		harness_fail("RCU-DEREF", site, "%s dereferenced without protection", expr);
#endif
}
