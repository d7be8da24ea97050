// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hang becomes a report: an operation that has not ended for so many seconds. Every task's
 * stack is printed by the task itself, on a signal. Built without instrumentation.
 */
#include <execinfo.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <kernel/bug.h>
#include "native.h"

void __sanitizer_print_stack_trace(void) __attribute__((weak));

static pthread_t watchdog;
static bool watchdog_stop, watchdog_runs;

static void print_stack(int sig)
{
	void *frames[64];
	int nr;

	dprintf(2, "stack of task %u (%s):\n", native_current ? native_current->id : 0,
		native_current ? native_current->name : "?");
	if (__sanitizer_print_stack_trace) {
		__sanitizer_print_stack_trace();
		return;
	}
	nr = backtrace(frames, 64);
	backtrace_symbols_fd(frames, nr, 2);
}

static void hang(struct native_task *stuck)
{
	struct timespec pause = { .tv_nsec = 200 * 1000 * 1000 };
	unsigned int i;

	signal(SIGUSR2, print_stack);
	for (i = 0; i < native_nr_tasks; i++) {
		if (!native_tasks[i].used || !native_tasks[i].task.op)
			continue;
		pthread_kill(native_tasks[i].thread, SIGUSR2);
		nanosleep(&pause, NULL);
	}
	harness_fail("HANG", stuck->task.waiting_site ? stuck->task.waiting_site : "watchdog",
		     "operation %s of task %u (%s) has not ended for %u seconds", stuck->task.op,
		     stuck->task.id, stuck->task.name, native_config.watchdog_seconds);
}

static void watch(struct native_task *n)
{
	if (!n->used || !n->task.op || n->task.op_nr != n->seen_op_nr) {
		n->seen_op_nr = n->task.op_nr;
		n->seen_seconds = 0;
		return;
	}
	if (++n->seen_seconds > native_config.watchdog_seconds)
		hang(n);
}

static void *watchdog_main(void *arg)
{
	struct timespec tick = { .tv_nsec = 100 * 1000 * 1000 };
	unsigned int ticks = 0, i;

	while (!__atomic_load_n(&watchdog_stop, __ATOMIC_RELAXED)) {
		nanosleep(&tick, NULL);
		if (++ticks % 10)
			continue;
		for (i = 0; i < native_nr_tasks; i++)
			watch(&native_tasks[i]);
	}
	return NULL;
}

void native_watchdog_start(void)
{
	watchdog_stop = false;
	watchdog_runs = native_config.watchdog_seconds &&
			!pthread_create(&watchdog, NULL, watchdog_main, NULL);
}

void native_watchdog_stop(void)
{
	if (!watchdog_runs)
		return;
	__atomic_store_n(&watchdog_stop, true, __ATOMIC_RELAXED);
	pthread_join(watchdog, NULL);
	watchdog_runs = false;
}
