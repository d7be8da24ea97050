/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting: most of it only patches use. */
#ifndef _SHIM_WAIT_H
#define _SHIM_WAIT_H

#include <kernel/sched.h>
#include <kernel/wait.h>

/* --- completions ------------------------------------------------------------------------------ */

#define COMPLETION_INITIALIZER(name) { .magic = COMPLETION_MAGIC }
#define COMPLETION_INITIALIZER_ONSTACK(name) ((struct completion)COMPLETION_INITIALIZER(name))
#define DECLARE_COMPLETION(name) struct completion name = COMPLETION_INITIALIZER(name)
#define DECLARE_COMPLETION_ONSTACK(name) DECLARE_COMPLETION(name)
#define wait_for_completion_io(x) wait_for_completion(x)
/* a time-out has passed by chance, one that is 0 at once */
#define __time_is_over(left) (!(left) || !machine_random(4))
#define wait_for_completion_timeout(x, timeout) ({				\
	unsigned long __left = (timeout);					\
	bool __done;								\
	might_sleep();								\
	while (!(__done = try_wait_for_completion(x)) && !__time_is_over(__left)) \
		cpu_relax();							\
	__done ? max(__left, 1UL) : 0UL;					\
})
#define wait_for_completion_killable(x) ({					\
	int __err = 0;								\
	might_sleep();								\
	while (!try_wait_for_completion(x) && !(__err = (signal_pending)() ? -EINTR : 0)) \
		cpu_relax();							\
	__err;									\
})
#define wait_for_completion_interruptible(x) wait_for_completion_killable(x)

/* --- wait queues ------------------------------------------------------------------------------ */

/*
 * A task waits until somebody wakes the queue, and looks at its condition again then. A wait that nobody ends is a
 * LIVELOCK. Variables share one queue, as some do in the kernel. A queue knows how many wait. (Of a tree's files only
 * poll() of /proc/swaps has one. Nobody waits there; what a poller would see when it is woken is looked at.)
 */
struct tree_wait_queue_head {
	atomic_t waiters;
	unsigned int woken;		/* how often */
};
typedef struct tree_wait_queue_head wait_queue_head_t;
#define DECLARE_WAIT_QUEUE_HEAD(n) __attribute__((unused)) struct tree_wait_queue_head n
#define init_waitqueue_head(wq) ((void)(*(wq) = (struct tree_wait_queue_head){ ATOMIC_INIT(0) }))
extern struct tree_wait_queue_head tree_waits_for_variables;
void tree_woken(const struct tree_wait_queue_head *wq);
#define wake_up(wq) ((void)__atomic_fetch_add(&(wq)->woken, 1, __ATOMIC_SEQ_CST), tree_woken(wq))
#define wake_up_all(wq) wake_up(wq)
#define wake_up_nr(wq, nr) wake_up(wq)
#define wake_up_interruptible(wq) wake_up(wq)
#define wake_up_var(var) ((void)(var), wake_up(&tree_waits_for_variables))

/* Counts one who waits, as the kernel does before the condition is looked at again. */
static inline void tree_wait_count(struct tree_wait_queue_head *wq, int n)
{
	if (wq != &tree_waits_for_variables)
		atomic_add_return(n, &wq->waiters);
}

#define waitqueue_active(wq) (atomic_read(&(wq)->waiters) > 0)
#define wq_has_sleeper(wq) ({ smp_mb(); waitqueue_active(wq); })
/* Return: 0 once @cond holds, or what is not 0 of @stop, which is looked at each time that it does not. */
#define __wait_until(wq, cond, stop) ({						\
	struct tree_wait_queue_head *__wq = (wq);				\
	unsigned int __woken;							\
	int __why = 0;								\
	might_sleep();								\
	if (!(cond)) {								\
		tree_wait_count(__wq, 1);					\
		for (;;) {							\
			__woken = READ_ONCE(__wq->woken);			\
			if ((cond) || (__why = (stop)))				\
				break;						\
			while (READ_ONCE(__wq->woken) == __woken && !(__why = (stop)))	\
				cpu_relax();					\
			if (__why)						\
				break;						\
		}								\
		tree_wait_count(__wq, -1);					\
	}									\
	__why;									\
})
#define __wait_signal() ((signal_pending)() ? -EINTR : 0)
/* Return: 0 if the time is over and @cond does not hold. */
#define __wait_timeout(wq, cond, timeout, signal) ({				\
	long __left = (timeout);						\
	int __end = __wait_until(wq, cond, (signal) ? : __time_is_over(__left));	\
	__end < 0 ? __end : __end ? !!(cond) : max(__left, 1L);			\
})
#define wait_event(wq, cond) ((void)__wait_until(&(wq), cond, 0))
#define wait_event_idle(wq, cond) wait_event(wq, cond)
#define wait_event_killable(wq, cond) __wait_until(&(wq), cond, __wait_signal())
#define wait_event_interruptible(wq, cond) wait_event_killable(wq, cond)
#define wait_event_freezable(wq, cond) wait_event_killable(wq, cond)
#define wait_event_timeout(wq, cond, timeout) __wait_timeout(&(wq), cond, timeout, 0)
#define wait_event_idle_timeout(wq, cond, timeout) wait_event_timeout(wq, cond, timeout)
#define wait_event_killable_timeout(wq, cond, timeout) __wait_timeout(&(wq), cond, timeout, __wait_signal())
#define wait_event_interruptible_timeout(wq, cond, timeout) wait_event_killable_timeout(wq, cond, timeout)
#define wait_var_event(var, cond) ((void)(var), (void)__wait_until(&tree_waits_for_variables, cond, 0))
#define wait_var_event_killable(var, cond) ((void)(var), __wait_until(&tree_waits_for_variables, cond, __wait_signal()))
#define wait_var_event_interruptible(var, cond) wait_var_event_killable(var, cond)
#define wait_var_event_timeout(var, cond, timeout) \
	((void)(var), __wait_timeout(&tree_waits_for_variables, cond, timeout, 0))

#endif /* _SHIM_WAIT_H */
