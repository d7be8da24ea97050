// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hang becomes a report: an operation that has not ended for so many seconds. Every task takes
 * its own stack, on a signal; the one that hangs a number of times, since it may loop. Built without
 * instrumentation.
 */
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include <kernel/bug.h>
#include <machine/stack.h>
#include "native.h"

#define PROBE_SIGNAL SIGSYS		/* nothing else sends or waits for it */
#define PROBES 32
#define PROBE_NS (5 * 1000 * 1000)
#define ANSWER_NS (200 * 1000 * 1000)

static pthread_t watchdog;
static bool watchdog_stop, watchdog_runs;
static struct stack probes[PROBES], *answer;
static bool answered;

static void probed(int sig, siginfo_t *info, void *context)
{
	/* the unwinder calls pthread_once() */
	tsan_ignore_sync_begin();
	stack_take(answer, context, false);
	tsan_ignore_sync_end();
	__atomic_store_n(&answered, true, __ATOMIC_RELEASE);
}

/* Return: has the task told where it is? */
static bool probe(struct native_task *n, struct stack *stack)
{
	struct timespec pause = { .tv_nsec = PROBE_NS };
	unsigned int i;

	stack->nr = 0;
	answer = stack;
	__atomic_store_n(&answered, false, __ATOMIC_RELEASE);
	pthread_kill(n->thread, PROBE_SIGNAL);
	for (i = 0; i < ANSWER_NS / PROBE_NS; i++) {
		nanosleep(&pause, NULL);
		if (__atomic_load_n(&answered, __ATOMIC_ACQUIRE))
			return true;
	}
	return false;
}

static void print_others(const struct native_task *stuck)
{
	static struct stack_text text;
	struct native_task *n;
	struct stack stack;
	unsigned int i;

	for (i = 0; i < native_nr_tasks; i++) {
		n = &native_tasks[i];
		if (!n->used || !n->task.op || n == stuck || !probe(n, &stack))
			continue;
		stack_describe(&stack, 1, &text);
		fprintf(stderr, "stack of task %u (%s):\n%s", n->task.id, n->task.name, text.lines);
	}
}

static void hang(struct native_task *stuck)
{
	const char *site = stuck->task.waiting_site;
	unsigned int nr = 0;

	tsan_ignore_begin();
	stack_probe_by(PROBE_SIGNAL, probed);
	print_others(stuck);
	while (nr < PROBES && probe(stuck, &probes[nr]))
		nr++;
	if (nr)
		report_stacks("HANG", probes, nr, "operation %s of " OBJ_TASK " (%s) has not ended for %u "
			      "seconds%s%s", stuck->task.op, stuck->task.id, stuck->task.name,
			      native_config.watchdog_seconds, site ? "; it waits at " : "", site ? : "");
	harness_fail("HANG", site ? : "watchdog",
		     "operation %s of " OBJ_TASK " (%s) has not ended for %u seconds", stuck->task.op,
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
	stack_prepare();
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
