// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bugs of a patch that is being written, for tests of whole engines: linked with --wrap=op_run,
 * the operation `fork` of a program has the one that PLANTED names. Nothing else changes.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <fuzz/run/exec.h>
#include <kernel/types.h>
#include <machine/machine.h>

int __real_op_run(unsigned int task, const struct op *op);
int __wrap_op_run(unsigned int task, const struct op *op);

static volatile unsigned long planted_count;

static void noinline planted_step(unsigned int i)
{
	planted_count += i;
}

/* A loop without a scheduling point; what it calls is not what loops. */
static void noinline planted_loop(void)
{
	volatile unsigned int i, j;

	for (i = 0; ; i++) {
		for (j = 0; j < 100; j++)
			;
		planted_step(i);
	}
}

/* The same, and no signal gets through but the last one. */
static void noinline planted_deaf_loop(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	planted_loop();
}

static void noinline planted_crash(void)
{
	*(volatile int *)24 = 1;
	planted_step(1);
}

/* Not instrumented here: the sanitizer's memset() sees it. */
static void noinline planted_freed(void)
{
	volatile size_t size = 64;
	char *volatile p = malloc(size);

	free(p);
	memset(p, 0, size);
	planted_step(1);
}

/* Killed as for want of memory. */
static void planted_kill(void)
{
	kill(getpid(), SIGKILL);
}

/* Slow is no hang: it comes to its scheduling points, one after the other. */
static void planted_slow(void)
{
	unsigned int i;
	clock_t from;

	for (i = 0; i < 8; i++) {
		machine_point(POINT_RESCHED, NULL);
		for (from = clock(); clock() - from < CLOCKS_PER_SEC / 4; )
			;
	}
}

static const struct plant {
	const char *name;
	void (*fn)(void);
} plants[] = {
	{ "loop", planted_loop },
	{ "deaf", planted_deaf_loop },
	{ "crash", planted_crash },
	{ "freed", planted_freed },
	{ "killed", planted_kill },
	{ "slow", planted_slow },
};

int __wrap_op_run(unsigned int task, const struct op *op)
{
	const char *name = getenv("PLANTED");
	unsigned int i;

	for (i = 0; name && op->id == OP_fork && i < ARRAY_SIZE(plants); i++)
		if (!strcmp(plants[i].name, name))
			plants[i].fn();
	return __real_op_run(task, op);
}
