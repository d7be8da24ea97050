// SPDX-License-Identifier: GPL-2.0-only
/*
 * RCU as a model. A grace period waits for exactly the sections that were open at its start;
 * once they are closed, whoever waits for it is runnable, and when it runs is a choice. TSan
 * is told: end of a section -> end of the grace periods that waited for it, and of those that
 * began after it.
 */
#include <kernel/bug.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include "internal.h"

static struct {
	struct rcu_head *first, **last;
	struct sim_task *task;
	task_set waiting;		/* tasks that wait for a grace period's end */
	task_set readers;		/* tasks inside a section */
	u64 clock;			/* begins of sections, kills of references */
	struct rcu_stat stat;
	char run_token;
} r;

void sim_rcu_enter(struct sim_task *t)
{
	if (t->task.rcu_nest++)
		return;
	r.readers |= task_bit(t->task.id);
	t->section_began = ++r.clock;
}

u64 machine_rcu_clock(void)
{
	return r.readers & ~task_bit(sim_self()->task.id) ? ++r.clock : 0;
}

u64 sim_rcu_now(void)
{
	return ++r.clock;
}

bool machine_late_tryget(u64 killed_at)
{
	struct sim_task *t = sim_self();

	return t->task.rcu_nest && t->section_began < killed_at && sim_choose(ANCHOR_REF, 2, 0);
}

static void section_end(struct sim_task *t)
{
	task_set self = task_bit(t->task.id);
	struct sim_task *w;
	unsigned int id;

	sim_order();
	r.readers &= ~self;
	tsan_release(&t->rcu_token);
	for_each_task(id, r.waiting) {
		w = sim_tasks[id];
		if (!(w->gp_mask & self))
			continue;
		tsan_release(&w->gp_token);
		w->gp_mask &= ~self;
		if (!w->gp_mask)
			sim_wake(&w->gp_mask);
	}
}

void sim_rcu_exit(struct sim_task *t)
{
	if (--t->task.rcu_nest == 0)
		section_end(t);
}

void __rcu_read_lock(const char *site)
{
	struct sim_task *t = sim_self();

	sim_point(POINT_RCU_LOCK, NULL);
	sim_rcu_enter(t);
	t->task.rcu_depth++;
}

void __rcu_read_unlock(const char *site)
{
	struct sim_task *t = sim_self();

	sim_point(POINT_RCU_UNLOCK, NULL);
	if (!t->task.rcu_depth)
		harness_fail("LOCK-NOT-HELD", site, "rcu_read_unlock() outside of a read section");
	t->task.rcu_depth--;
	sim_rcu_exit(t);
}

static void grace_period(struct sim_task *t)
{
	unsigned int i;

	/* sections that have ended */
	for (i = 0; i < sim_nr_tasks; i++)
		tsan_acquire(&sim_tasks[i]->rcu_token);
	t->gp_mask = r.readers;
	r.waiting |= task_bit(t->task.id);
	sim_wait_for(&t->gp_mask, "a grace period", !t->gp_mask);
	r.waiting &= ~task_bit(t->task.id);
	tsan_acquire(&t->gp_token);
	r.stat.grace_periods++;
}

void synchronize_rcu(void)
{
	might_sleep();
	sim_point(POINT_SYNC_RCU, NULL);
	sim_order();
	grace_period(sim_self());
	/* its end is not when the last section ends, but some time later */
	sim_point(POINT_SYNC_RCU, NULL);
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	sim_point(POINT_CALL_RCU, head);
	sim_order();
	head->func = func;
	head->machine[0] = NULL;
	tsan_release(head);
	*r.last = head;
	r.last = (struct rcu_head **)&head->machine[0];
	r.stat.callbacks_queued++;
	if (r.task->state == SIM_IDLE)
		sim_make_runnable(r.task);
}

static void run_callbacks(struct sim_task *self)
{
	struct rcu_head *head = r.first, *next;

	r.first = NULL;
	r.last = &r.first;
	grace_period(self);
	for (; head; head = next) {
		task_op_begin("rcu_callback");
		sim_point(POINT_WAIT, NULL);
		tsan_acquire(head);
		next = head->machine[0];
		head->func(head);
		task_op_end();
		tsan_release(&r.run_token);
		tsan_release(&self->end_token);
		r.stat.callbacks_run++;
		sim_wake(&r.run_token);
	}
}

static void rcu_main(void *arg)
{
	for (;;) {
		if (r.first)
			run_callbacks(sim_self());
		else
			sim_idle();
	}
}

void rcu_barrier(void)
{
	unsigned long queued = r.stat.callbacks_queued;

	might_sleep();
	sim_point(POINT_WAIT, NULL);
	sim_wait_for(&r.run_token, "rcu_barrier", r.stat.callbacks_run >= queued);
	tsan_acquire(&r.run_token);
}

void rcu_stat_read(struct rcu_stat *stat)
{
	*stat = r.stat;
}

void sim_rcu_start(void)
{
	r.first = NULL;
	r.last = &r.first;
	r.waiting = r.readers = r.clock = 0;
	r.stat = (struct rcu_stat){ 0 };
	r.task = sim_worker_new("rcu", rcu_main, NULL);
}
