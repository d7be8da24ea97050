// SPDX-License-Identifier: GPL-2.0-only
/* Work items: two worker tasks and one queue. An item never runs on both. */
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <kernel/workqueue.h>
#include "internal.h"

#define WORKERS 2

static struct {
	struct list_head queue;
	unsigned long pending;		/* queued + running */
	unsigned long running[WORKERS];	/* ids; 0: none. An item may free itself as it runs */
	unsigned long running_nth[WORKERS];
	unsigned long last_id;
	struct sim_task *workers[WORKERS];
	char done_token;
} wq;

void INIT_WORK(struct work_struct *work, void (*func)(struct work_struct *work))
{
	const struct work_struct *queued;

	list_for_each_entry(queued, &wq.queue, entry)
		if (queued == work)
			harness_fail("INIT", CODE_SITE, "a work item is initialised while it is queued");
	work->func = func;
	work->magic = WORK_MAGIC;
	work->pending = false;
	work->disabled = 0;
	work->id = ++wq.last_id;
	work->nth = 0;
	INIT_LIST_HEAD(&work->entry);
}

static void wake_workers(void)
{
	unsigned int i;

	for (i = 0; i < WORKERS; i++)
		if (wq.workers[i]->state == SIM_IDLE)
			sim_make_runnable(wq.workers[i]);
}

bool schedule_work(struct work_struct *work)
{
	lockdep_check_work(work, CODE_SITE);
	sim_point(POINT_WAKE, work);
	sim_order();
	tsan_release(work);
	if (work->pending || work->disabled)
		return false;
	work->pending = true;
	work->nth++;
	list_add_tail(&work->entry, &wq.queue);
	wq.pending++;
	wake_workers();
	return true;
}

static bool work_running(const struct work_struct *work)
{
	return wq.running[0] == work->id || wq.running[1] == work->id;
}

static struct work_struct *wq_take(unsigned int worker)
{
	struct work_struct *work;

	list_for_each_entry(work, &wq.queue, entry) {
		if (work_running(work))
			continue;
		list_del(&work->entry);
		work->pending = false;
		wq.running[worker] = work->id;
		wq.running_nth[worker] = work->nth;
		return work;
	}
	return NULL;
}

static void wq_worker(void *arg)
{
	unsigned int worker = (unsigned long)arg;
	struct sim_task *self = sim_self();
	struct work_struct *work;

	for (;;) {
		work = wq_take(worker);
		if (!work) {
			sim_idle();
			continue;
		}
		tsan_acquire(work);
		task_op_begin("work");
		sim_point(POINT_WAIT, work);
		/* the item may free itself */
		current->in_work = true;
		work->func(work);
		current->in_work = false;
		task_op_end();
		tsan_release(&wq.done_token);
		tsan_release(&self->end_token);
		wq.pending--;
		wq.running[worker] = 0;
		/* an item queued again while it ran */
		wake_workers();
		sim_wake(&wq);
	}
}

bool sim_work_runs(void)
{
	return wq.running[0] || wq.running[1];
}

bool __cancel_work(struct work_struct *work, unsigned int disable)
{
	lockdep_check_work(work, CODE_SITE);
	sim_point(POINT_WAIT, work);
	work->disabled += disable;
	if (!work->pending)
		return false;
	list_del(&work->entry);
	work->pending = false;
	wq.pending--;
	tsan_acquire(work);
	sim_wake(&wq);
	return true;
}

void enable_work(struct work_struct *work)
{
	sim_point(POINT_WAKE, work);
	work->disabled--;
}

/* Is the item over that was queued as the @nth? */
static bool work_over(const struct work_struct *work, unsigned long nth)
{
	unsigned int i;

	for (i = 0; i < WORKERS; i++)
		if (wq.running[i] == work->id && wq.running_nth[i] <= nth)
			return false;
	return !work->pending || work->nth > nth;
}

void flush_work(struct work_struct *work)
{
	unsigned long nth;

	might_sleep();
	lockdep_check_work(work, CODE_SITE);
	sim_point(POINT_WAIT, work);
	nth = work->nth;
	sim_wait_for(&wq, "flush_work", work_over(work, nth));
	tsan_acquire(&wq.done_token);
}

void flush_all_work(void)
{
	might_sleep();
	sim_point(POINT_WAIT, &wq);
	sim_wait_for(&wq, "flush_all_work", !wq.pending);
	tsan_acquire(&wq.done_token);
}

void sim_work_start(void)
{
	wq.pending = 0;
	INIT_LIST_HEAD(&wq.queue);
	wq.running[0] = wq.running[1] = 0;
	wq.workers[0] = sim_worker_new("work0", wq_worker, (void *)0UL);
	wq.workers[1] = sim_worker_new("work1", wq_worker, (void *)1UL);
}
