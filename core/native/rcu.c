// SPDX-License-Identifier: GPL-2.0-only
/*
 * RCU on liburcu, memb flavour (rcu_urcu.c calls it). Debian's library is invisible to TSan, so tokens tell it what
 * a grace period orders:
 *   reader's outermost unlock	releases the reader's token
 *   end of a grace period	acquires every reader's token
 *   call_rcu()			releases the callback's head, acquired before it runs
 * Publication and dereference are our own release and acquire (kernel/rcupdate.h).
 *
 * Callbacks run in a task of their own, on grace periods of liburcu, and not on liburcu's
 * call_rcu threads: those would be no tasks of this machine. Built without instrumentation.
 */
#include <string.h>
#include <unistd.h>

#include <kernel/bug.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include "native.h"

static struct {
	unsigned int lock;		/* raw */
	struct rcu_head *first, **last;
	unsigned long queued, run, grace_periods;
	bool stop;
	struct task_struct *task;
} cb;

static void cb_lock(void)
{
	while (__atomic_exchange_n(&cb.lock, 1, __ATOMIC_ACQUIRE))
		native_yield();
}

static void cb_unlock(void)
{
	__atomic_store_n(&cb.lock, 0, __ATOMIC_RELEASE);
}

void native_rcu_enter(struct task_struct *t)
{
	if (t->rcu_nest++ == 0)
		native_urcu_read_lock();
}

void native_rcu_exit(struct task_struct *t)
{
	if (t->rcu_nest == 1) {
		tsan_release(&native_of(t)->rcu_token);
		native_urcu_read_unlock();
	}
	t->rcu_nest--;
}

void native_rcu_register(void)
{
	native_urcu_register();
}

void native_rcu_unregister(void)
{
	native_urcu_unregister();
}

void __rcu_read_lock(const char *site)
{
	struct task_struct *t = current;

	machine_point(POINT_RCU_LOCK, NULL);
	native_rcu_enter(t);
	t->rcu_depth++;
}

void __rcu_read_unlock(const char *site)
{
	struct task_struct *t = current;

	machine_point(POINT_RCU_UNLOCK, NULL);
	if (!t->rcu_depth)
		harness_fail("LOCK-NOT-HELD", site, "rcu_read_unlock() outside of a read section");
	t->rcu_depth--;
	native_rcu_exit(t);
}

static void grace_period(void)
{
	unsigned int i;

	native_urcu_synchronize();
	for (i = 0; i < __atomic_load_n(&native_nr_tasks, __ATOMIC_RELAXED); i++)
		tsan_acquire(&native_tasks[i].rcu_token);
	__atomic_fetch_add(&cb.grace_periods, 1, __ATOMIC_RELAXED);
}

void synchronize_rcu(void)
{
	might_sleep();
	machine_point(POINT_SYNC_RCU, NULL);
	current->waiting_site = "synchronize_rcu";
	current->waiting_for = &cb;
	grace_period();
	current->waiting_for = NULL;
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	machine_point(POINT_CALL_RCU, head);
	head->func = func;
	head->machine[0] = NULL;
	tsan_release(head);
	cb_lock();
	*cb.last = head;
	cb.last = (struct rcu_head **)&head->machine[0];
	cb.queued++;
	cb_unlock();
	park_wake(&cb);
}

static bool cb_wanted(void)
{
	return __atomic_load_n(&cb.first, __ATOMIC_RELAXED) ||
	       __atomic_load_n(&cb.stop, __ATOMIC_RELAXED);
}

static void cb_runner(void *arg)
{
	struct rcu_head *head, *next;
	unsigned long nr;

	for (;;) {
		park_until(&cb, cb_wanted());
		cb_lock();
		head = cb.first;
		cb.first = NULL;
		cb.last = &cb.first;
		cb_unlock();
		if (!head) {
			if (__atomic_load_n(&cb.stop, __ATOMIC_RELAXED))
				return;
			continue;
		}
		grace_period();
		for (nr = 0; head; head = next, nr++) {
			tsan_acquire(head);
			next = head->machine[0];
			head->func(head);
		}
		tsan_release(&cb.run);
		cb_lock();
		cb.run += nr;
		cb_unlock();
		park_wake(&cb.run);
	}
}

static bool cb_all_run(unsigned long queued)
{
	return __atomic_load_n(&cb.run, __ATOMIC_ACQUIRE) >= queued;
}

void rcu_barrier(void)
{
	unsigned long queued;

	might_sleep();
	cb_lock();
	queued = cb.queued;
	cb_unlock();
	park_until(&cb.run, cb_all_run(queued));
	/* everything the callbacks did */
	tsan_acquire(&cb.run);
}

void rcu_stat_read(struct rcu_stat *stat)
{
	cb_lock();
	stat->grace_periods = __atomic_load_n(&cb.grace_periods, __ATOMIC_RELAXED);
	stat->callbacks_queued = cb.queued;
	stat->callbacks_run = cb.run;
	cb_unlock();
}

void native_rcu_start(void)
{
	memset(&cb, 0, sizeof(cb));
	cb.last = &cb.first;
	cb.task = native_task_spawn("rcu", 0, cb_runner, NULL);
}

void native_rcu_stop(void)
{
	rcu_barrier();
	__atomic_store_n(&cb.stop, true, __ATOMIC_RELAXED);
	park_wake(&cb);
	task_join(cb.task);
}

/* Here a reference that was killed is dead: what a late tryget does is not offered. */
u64 machine_rcu_clock(void)
{
	return 0;
}

bool machine_late_tryget(u64 killed_at)
{
	return false;
}
