// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work items: two worker tasks and one queue. An item never runs on both. Built without
 * instrumentation; tokens order the queueing before the function, and the function before
 * flush_work().
 */

#include <kernel/bug.h>
#include <kernel/sched.h>
#include <kernel/workqueue.h>
#include "native.h"

#define WORKERS 2

static struct {
	unsigned int lock;		/* raw */
	struct list_head queue;
	unsigned long pending;		/* queued + running */
	bool stop;
	struct work_struct *running[WORKERS];
	struct task_struct *workers[WORKERS];
} wq;

static void wq_lock(void)
{
	while (__atomic_exchange_n(&wq.lock, 1, __ATOMIC_ACQUIRE))
		native_yield();
}

static void wq_unlock(void)
{
	__atomic_store_n(&wq.lock, 0, __ATOMIC_RELEASE);
}

void INIT_WORK(struct work_struct *work, void (*func)(struct work_struct *work))
{
	const struct work_struct *queued;

	bool is_queued = false;

	wq_lock();
	list_for_each_entry(queued, &wq.queue, entry)
		is_queued |= queued == work;
	wq_unlock();
	if (is_queued)
		harness_fail("INIT", CODE_SITE, "a work item is initialised while it is queued");
	work->func = func;
	work->magic = WORK_MAGIC;
	work->pending = false;
	work->disabled = 0;
	INIT_LIST_HEAD(&work->entry);
}

bool schedule_work(struct work_struct *work)
{
	bool queue;

	lockdep_check_work(work, CODE_SITE);
	machine_point(POINT_WAKE, work);
	tsan_release(work);
	wq_lock();
	queue = !work->pending && !work->disabled;
	if (queue) {
		work->pending = true;
		list_add_tail(&work->entry, &wq.queue);
		wq.pending++;
	}
	wq_unlock();
	if (queue)
		park_wake(&wq);
	return queue;
}

static bool work_running(const struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < WORKERS; i++)
		if (wq.running[i] == work)
			return true;
	return false;
}

/* The first item that is not running on the other worker. */
static struct work_struct *wq_take(unsigned int worker)
{
	struct work_struct *work, *found = NULL;

	wq_lock();
	list_for_each_entry(work, &wq.queue, entry) {
		if (work_running(work))
			continue;
		list_del(&work->entry);
		work->pending = false;
		wq.running[worker] = found = work;
		break;
	}
	wq_unlock();
	return found;
}

static void wq_worker(void *arg)
{
	unsigned int worker = (unsigned long)arg;
	struct work_struct *work = NULL;

	for (;;) {
		park_until(&wq, (work = wq_take(worker)) ||
				__atomic_load_n(&wq.stop, __ATOMIC_RELAXED));
		if (!work)
			return;
		tsan_acquire(work);
		task_op_begin("work");
		/* the item may free itself */
		current->in_work = true;
		work->func(work);
		current->in_work = false;
		task_op_end();
		tsan_release(&wq.pending);
		wq_lock();
		wq.pending--;
		wq.running[worker] = NULL;
		wq_unlock();
		park_wake(&wq);
		park_wake(&wq.pending);
	}
}

static bool work_idle(struct work_struct *work)
{
	bool idle;

	wq_lock();
	idle = !work->pending && !work_running(work);
	wq_unlock();
	return idle;
}

bool __cancel_work(struct work_struct *work, unsigned int disable)
{
	bool was;

	lockdep_check_work(work, CODE_SITE);
	machine_point(POINT_WAIT, work);
	wq_lock();
	work->disabled += disable;
	was = work->pending;
	if (was) {
		list_del(&work->entry);
		work->pending = false;
		wq.pending--;
	}
	wq_unlock();
	if (!was)
		return false;
	tsan_acquire(work);
	park_wake(&wq.pending);
	return true;
}

void enable_work(struct work_struct *work)
{
	machine_point(POINT_WAKE, work);
	wq_lock();
	work->disabled--;
	wq_unlock();
}

void flush_work(struct work_struct *work)
{
	might_sleep();
	lockdep_check_work(work, CODE_SITE);
	machine_point(POINT_WAIT, work);
	current->waiting_site = "flush_work";
	current->waiting_for = work;
	park_until(&wq.pending, work_idle(work));
	current->waiting_for = NULL;
	tsan_acquire(&wq.pending);
}

void flush_all_work(void)
{
	might_sleep();
	machine_point(POINT_WAIT, &wq);
	park_until(&wq.pending, !__atomic_load_n(&wq.pending, __ATOMIC_ACQUIRE));
	tsan_acquire(&wq.pending);
}

void native_work_start(void)
{
	unsigned int i;

	wq.stop = false;
	wq.pending = 0;
	INIT_LIST_HEAD(&wq.queue);
	for (i = 0; i < WORKERS; i++)
		wq.workers[i] = native_task_spawn(i ? "worker1" : "worker0", i, wq_worker,
						  (void *)(unsigned long)i);
}

void native_work_stop(void)
{
	unsigned int i;

	flush_all_work();
	__atomic_store_n(&wq.stop, true, __ATOMIC_RELAXED);
	park_wake(&wq);
	for (i = 0; i < WORKERS; i++)
		task_join(wq.workers[i]);
}
