/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What both machines keep per task. The machines include this; core/swap and core/mm do not.
 */
#ifndef _MACHINE_TASK_H
#define _MACHINE_TASK_H

#include <kernel/lockdep.h>
#include <kernel/tracepoint.h>

#define TASK_LOCKS_MAX 64		/* readahead of 32 folios keeps all of their locks until it submits */
#define TASK_REFS_MAX 8
#define TASK_EVENTS_MAX 32		/* power of two */
#define TASK_NAME_MAX 24

struct held_lock {
	const void *lock;
	const char *site;
	u8 class;
	u8 flags;			/* enum lock_flags */
	bool handed_over;
};

/* the last things a task did, for reports */
struct task_event {
	unsigned long seq;		/* global, monotonic; of the last of its repeats */
	unsigned long times;		/* the task did this, and nothing between */
	struct trace_record rec;
};

struct task_struct {
	unsigned int id;		/* from 0, stable; owner words hold id + 1 */
	unsigned int cpu;		/* the virtual CPU it is on */
	char name[TASK_NAME_MAX];
	const char *op;			/* the operation it executes, for reports */
	unsigned long op_nr;
	bool in_work;			/* in a work item's function */

	bool refs_lost;			/* there were more; nothing is known of them */
	unsigned int nr_refs;
	const void *refs[TASK_REFS_MAX];	/* each percpu_ref that it got and has not put */
	unsigned int nr_locks;
	struct held_lock locks[TASK_LOCKS_MAX];
	unsigned int atomic_depth;	/* spinlocks + local locks held: implicit RCU sections */
	unsigned int rcu_depth;		/* explicit sections */
	unsigned int rcu_nest;		/* explicit and implicit ones: the machine's */
	bool irqs_off;
	bool in_interrupt;		/* irq_enter() */
	const void *local_lock;		/* template address of the local lock held */
	const void *waiting_for;	/* lock or word, for the watchdog */
	const char *waiting_site;

	bool memalloc;			/* PF_MEMALLOC */
	bool suspended;			/* pm_restrict_gfp_mask() */
	unsigned int signal_countdown;
	bool signalled;
	u64 rng;			/* seeded stream: noise, migration, machine_random() */
	u64 rng_noise;

	unsigned long event_seq;
	struct task_event events[TASK_EVENTS_MAX];
	void *machine;			/* the machine's own part */
	void *ghost;			/* core/check's own part */
};

/* implemented by the machine */
/* A time after the begin of every read section that other tasks have open now; 0 if none is open. */
u64 machine_rcu_clock(void);
/* Does a tryget in the task's current section still succeed on a reference killed at that time? */
bool machine_late_tryget(u64 killed_at);
struct task_struct *machine_task(unsigned int id);	/* NULL beyond the last */
unsigned int machine_nr_tasks(void);
const char *machine_name(void);				/* "native", "sim" */

/* core/machine/lockdep.c: bookkeeping and checks, called by both machines */
struct completion;
struct work_struct;
void lockdep_check_completion(const struct completion *x, const char *site);
void lockdep_check_work(const struct work_struct *work, const char *site);
void lockdep_check_acquire(struct task_struct *t, const void *lock, enum lock_class cls,
			   unsigned int flags, const char *site);	/* before waiting */
void lockdep_acquired(struct task_struct *t, const void *lock, enum lock_class cls,
		      unsigned int flags, const char *site);
void lockdep_check_release(struct task_struct *t, const void *lock, enum lock_class cls,
			   const char *site);				/* before the store */
void lockdep_released(struct task_struct *t, const void *lock);
/* Fails the run if the task still holds anything (handed-over folio locks excepted). */
void lockdep_assert_none_held(struct task_struct *t, const char *where);

#endif /* _MACHINE_TASK_H */
