/* SPDX-License-Identifier: GPL-2.0-only */
/* Work items: most of it only patches use. There is one queue, whatever workqueue an item is for. */
#ifndef _SHIM_WORK_H
#define _SHIM_WORK_H

#include <kernel/workqueue.h>
#include <shim/atomic.h>

struct workqueue_struct;
#define system_wq ((struct workqueue_struct *)NULL)
#define system_unbound_wq system_wq
#define system_percpu_wq system_wq
#define system_dfl_wq system_wq
#define system_long_wq system_wq
#define system_highpri_wq system_wq
#define WQ_UNBOUND 0
#define WQ_MEM_RECLAIM 0
#define WQ_PERCPU 0
#define WQ_HIGHPRI 0
#define alloc_workqueue(name, flags, max, ...) ((struct workqueue_struct *)1)
#define destroy_workqueue(wq) flush_workqueue(wq)
#define flush_workqueue(wq) ((void)(wq), flush_all_work())
#define drain_workqueue(wq) flush_workqueue(wq)
#define queue_work(wq, work) ((void)(wq), schedule_work(work))
#define queue_work_on(cpu, wq, work) ((void)(cpu), queue_work(wq, work))
#define schedule_work_on(cpu, work) ((void)(cpu), schedule_work(work))
#define work_pending(work) READ_ONCE((work)->pending)
/* the id is that of no life that INIT_WORK() began */
#define __WORK_INITIALIZER(name, fn) {						\
	.func = (fn), .entry = LIST_HEAD_INIT((name).entry), .magic = WORK_MAGIC, .id = (unsigned long)&(name), \
}
#define DECLARE_WORK(name, fn) struct work_struct name = __WORK_INITIALIZER(name, fn)
/* An item that queues itself again ends nevertheless. */
static inline bool disable_work_sync(struct work_struct *work)
{
	bool was = disable_work(work);

	flush_work(work);
	return was;
}

static inline bool cancel_work_sync(struct work_struct *work)
{
	bool was = disable_work_sync(work);

	enable_work(work);
	return was;
}

/*
 * Until its timer is over, the item is not queued: flush_work() does not wait for it. The timer is an item of its own,
 * so that it is over whenever a worker gets to that.
 */
struct delayed_work {
	struct work_struct work, timer;
	atomic_t armed;
};
#define to_delayed_work(w) container_of(w, struct delayed_work, work)

enum { TIMER_OFF, TIMER_ON, TIMER_OVER };	/* OVER: it is about to queue the item */

static inline void __delayed_work_timer(struct work_struct *timer)
{
	struct delayed_work *dwork = container_of(timer, struct delayed_work, timer);

	if (atomic_cmpxchg(&dwork->armed, TIMER_ON, TIMER_OVER) != TIMER_ON)
		return;
	schedule_work(&dwork->work);
	atomic_set(&dwork->armed, TIMER_OFF);
}

/* Return: was it on? */
static inline bool __stop_timer(struct delayed_work *dwork)
{
	int was;

	while ((was = atomic_cmpxchg(&dwork->armed, TIMER_ON, TIMER_OFF)) == TIMER_OVER)
		cpu_relax();
	return was == TIMER_ON;
}

/* The timer is off, and its item is not left behind: its memory may go. Another task may have set it again. */
static inline void __drop_timer(struct delayed_work *dwork)
{
	if (cancel_work(&dwork->timer) && atomic_read(&dwork->armed))
		schedule_work(&dwork->timer);
}

#define DECLARE_DELAYED_WORK(name, fn) struct delayed_work name = {		\
	.work = __WORK_INITIALIZER(name.work, fn),				\
	.timer = __WORK_INITIALIZER(name.timer, __delayed_work_timer),		\
}
#define INIT_DELAYED_WORK(dwork, fn) do {					\
	INIT_WORK(&(dwork)->work, fn);						\
	INIT_WORK(&(dwork)->timer, __delayed_work_timer);			\
	atomic_set(&(dwork)->armed, TIMER_OFF);					\
} while (0)

static inline bool __queue_delayed_work(struct delayed_work *dwork, unsigned long delay)
{
	if (!delay)
		return atomic_read(&dwork->armed) ? false : schedule_work(&dwork->work);
	if (work_pending(&dwork->work) || READ_ONCE(dwork->work.disabled) ||
	    atomic_cmpxchg(&dwork->armed, TIMER_OFF, TIMER_ON) != TIMER_OFF)
		return false;
	schedule_work(&dwork->timer);
	return true;
}

#define schedule_delayed_work(dwork, delay) __queue_delayed_work(dwork, delay)
#define queue_delayed_work(wq, dwork, delay) ((void)(wq), __queue_delayed_work(dwork, delay))
#define delayed_work_pending(dwork) (atomic_read(&(dwork)->armed) || work_pending(&(dwork)->work))

/* The timer is over at once. */
static inline bool flush_delayed_work(struct delayed_work *dwork)
{
	bool was = delayed_work_pending(dwork);

	if (__stop_timer(dwork))
		schedule_work(&dwork->work);
	__drop_timer(dwork);
	flush_work(&dwork->work);
	return was;
}

static inline bool cancel_delayed_work(struct delayed_work *dwork)
{
	bool was = __stop_timer(dwork);

	__drop_timer(dwork);
	return cancel_work(&dwork->work) || was;
}

static inline bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	bool was = disable_work(&dwork->work);

	was |= __stop_timer(dwork);
	disable_work_sync(&dwork->timer);
	flush_work(&dwork->work);
	/* what was on its way when the item was disabled */
	atomic_set(&dwork->armed, TIMER_OFF);
	enable_work(&dwork->timer);
	enable_work(&dwork->work);
	return was;
}

static inline bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	bool was = cancel_delayed_work(dwork);

	__queue_delayed_work(dwork, delay);
	return was;
}

#endif /* _SHIM_WORK_H */
