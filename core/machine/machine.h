/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How drivers (stress, tests, bench; later the engines) run a machine. Neither core/swap
 * nor core/mm includes this.
 */
#ifndef _MACHINE_MACHINE_H
#define _MACHINE_MACHINE_H

#include <stdio.h>
#include <kernel/gfp.h>
#include <machine/task.h>

struct machine_config {
	u64 seed;
	unsigned int noise;		/* 0 none .. 100 heavy: delays, yields, migrations */
	bool migrate;			/* tasks change virtual CPU where they may */
	unsigned int watchdog_seconds;	/* without a task event are a hang; 0: no watchdog */
};

/*
 * Starts the machine: workers for work items and RCU callbacks, the watchdog. The calling
 * thread becomes task 0. Geometry has been set. Returns 0 or a negative errno.
 */
int machine_start(const struct machine_config *config);
/* Waits for callbacks and work, stops the workers, frees everything. Leak checks are core/check's. */
void machine_stop(void);

/* Creates a task that runs fn(arg) on virtual CPU @cpu; at its end it must hold nothing. */
struct task_struct *task_create(const char *name, unsigned int cpu, void (*fn)(void *), void *arg);
void task_join(struct task_struct *task);
/* Begin/end of one operation of the current task: names it, checks that it holds nothing. */
void task_op_begin(const char *name);
void task_op_end(void);
/* Moves the current task to a virtual CPU now. The task must hold no spinlock or local lock. */
void task_set_cpu(unsigned int cpu);

/* planned allocation failures; replaces the site's plan. Thread-safe. */
struct fail_plan {
	unsigned long from, to;		/* the n-th attempts from..to fail, 1-based; 0: none */
	unsigned long every;		/* every n-th attempt fails; 0: none */
	unsigned int probability;	/* of 2^16; 0: none */
};
void alloc_fail_plan(enum alloc_site site, const struct fail_plan *plan);
void alloc_fail_reset(void);
/* attempts and failures so far, since alloc_fail_reset() */
void alloc_fail_stat(enum alloc_site site, unsigned long *attempts, unsigned long *failed);

/**
 * alloc_root - memory whose words name objects that are not lost
 * @from: its first byte
 * @to: the byte behind it
 *
 * For variables of the code under test, which may keep an object for later. Holds until the next start.
 * Context: no other task runs.
 */
void alloc_root(const void *from, const void *to);
void alloc_root_percpu(void);		/* what each CPU has */

/**
 * alloc_lost - how many objects can the code under test not find any more?
 * @type: of this type
 *
 * An object is found if a root names it, or another object that is found. Objects that wait for a grace period
 * do not count.
 * Context: no other task runs. Costs a look at all memory.
 * Return: their number; without roots, all objects of the type.
 */
long alloc_lost(enum alloc_type type);

/**
 * alloc_take_back_kept - frees what the code under test could still find, at the end of a world
 *
 * Only what was allocated since the first root was named: the rest is the harness's. Costs a look at all memory if
 * there is any such object.
 * Context: no other task runs, and no code under test any more.
 */
void alloc_take_back_kept(void);

/* grace periods ended since start; callbacks queued and run */
struct rcu_stat {
	unsigned long grace_periods, callbacks_queued, callbacks_run;
};
void rcu_stat_read(struct rcu_stat *stat);

/*
 * Failure reporting. harness_fail() prints "FAIL <check> <site>: <text>", the check's sentence
 * (hook), values, last events per task, and what the hooks print (parameters, seed, command),
 * then exits 1. Runs at most once. Sanitizer reports run the hooks too (death callback).
 */
void report_add_hook(void (*fn)(FILE *out));
/* @fn ends the process after a report, instead of _exit(1), for an engine that must be told. */
void report_set_end(void (*fn)(void));
/* The id of the failed check; for hooks. */
const char *report_check(void);
void report_set_sentence(const char *(*fn)(const char *check));
/* Prints the arguments of a task's event, as " nr=2", in one of the last lines of a report. */
void report_set_event_printer(void (*fn)(FILE *out, const struct task_struct *task,
					 const struct trace_record *rec));
struct stack;
/*
 * harness_fail() from a signal handler: the failure is located where the @nr @stacks were taken (see
 * machine/stack.h), and the last of them is printed.
 */
void report_stacks(const char *check, const struct stack *stacks, unsigned int nr,
		   const char *fmt, ...) __printf(4, 5) __noreturn;

#endif /* _MACHINE_MACHINE_H */
