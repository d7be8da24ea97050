/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside core/native. */
#ifndef _NATIVE_NATIVE_H
#define _NATIVE_NATIVE_H

#include <pthread.h>

#include <machine/machine.h>
#include <machine/tsan.h>

#define NATIVE_TASKS_MAX 128

struct native_task {
	struct task_struct task;
	pthread_t thread;
	bool used, joinable;
	char rcu_token;			/* TSan: released by the reader, acquired by grace periods */
	void (*fn)(void *arg);
	void *arg;
	/* watchdog */
	unsigned long seen_op_nr;
	unsigned int seen_seconds;
};

extern struct native_task native_tasks[NATIVE_TASKS_MAX];
extern unsigned int native_nr_tasks;
extern struct machine_config native_config;

static inline struct native_task *native_of(struct task_struct *t)
{
	return container_of(t, struct native_task, task);
}

/* rcu.c */
void native_rcu_enter(struct task_struct *t);
void native_rcu_exit(struct task_struct *t);
void native_rcu_register(void);
void native_rcu_unregister(void);
void native_rcu_start(void);
void native_rcu_stop(void);

/* rcu_urcu.c: the only calls of liburcu's RCU */
void native_urcu_read_lock(void);
void native_urcu_read_unlock(void);
void native_urcu_register(void);
void native_urcu_unregister(void);
void native_urcu_synchronize(void);

/* yield.c. Context: any; other threads run, for a short while. */
void native_yield(void);

/* park.c: sleeping on an address; adds no order that TSan can see */
unsigned int park_prepare(const void *addr);
void park_wait(const void *addr, unsigned int ticket);
void park_cancel(const void *addr);
void park_wake(const void *addr);

/* wait until cond is true; @addr is what the waker passes to park_wake() */
#define park_until(addr, cond) do {						\
	while (!(cond)) {							\
		unsigned int __ticket = park_prepare(addr);			\
		if (cond) {							\
			park_cancel(addr);					\
			break;							\
		}								\
		park_wait(addr, __ticket);					\
	}									\
} while (0)

/* work.c */
void native_work_start(void);
void native_work_stop(void);

/* task.c */
struct task_struct *native_task_spawn(const char *name, unsigned int cpu, void (*fn)(void *),
				      void *arg);
void native_migrate(struct task_struct *t);
u64 native_random(u64 *state);

/* watchdog.c */
void native_watchdog_start(void);
void native_watchdog_stop(void);

#endif /* _NATIVE_NATIVE_H */
