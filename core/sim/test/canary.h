/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Canaries of the controlled machine, and how they are run: a function is run by many schedules in
 * a child, which must report what is planted in it, or nothing. Include it after cmocka.h.
 */
#ifndef SIM_TEST_CANARY_H
#define SIM_TEST_CANARY_H

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fuzz/strategy/strategy.h>
#include <kernel/bug.h>
#include <kernel/sched.h>
#include "../../machine/test/needs.h"

enum { TSAN = 1, ASAN = 2, NONE = 4 };

struct canary {
	const char *name;
	void (*fn)(void);
	const char *report;		/* NULL: silent */
	unsigned int needs;		/* 0: any variant; NONE: one without sanitizer */
};

static inline void two_tasks(void (*fa)(void *), void (*fb)(void *))
{
	struct task_struct *a = task_create("a", 0, fa, NULL);
	struct task_struct *b = task_create("b", 1, fb, NULL);

	task_join(a);
	task_join(b);
}

static inline void nothing(void *arg)
{
}

static const struct strategy_config random_walk = {
	.kind = STRATEGY_RANDOM, .switch_one_in = 1,
};

static inline void schedule(void (*fn)(void))
{
	struct machine_config config = { .seed = 1 };

	machine_start(&config);
	task_op_begin("canary");
	fn();
	task_op_end();
	machine_stop();
}

static char output[1 << 16];

/* Return: the exit code of a process that ran so many schedules. */
static inline int schedules(void (*fn)(void), unsigned int nr)
{
	size_t len = 0;
	ssize_t n;
	int fds[2], status;
	unsigned int i;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		/* cmocka's handlers jump back into its own loop, in this child */
		signal(SIGSEGV, SIG_DFL);
		sim_set_limit(20000);
		strategy_set(&random_walk);
		for (i = 0; i < nr; i++) {
			strategy_seed(i);
			schedule(fn);
		}
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], output + len, sizeof(output) - 1 - len)) > 0)
		len += n;
	output[len] = 0;
	close(fds[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define SILENT_RUNS 500

static inline void test_canary(void **state)
{
	static const char *const sanitizers[] = {
		[TSAN] = "ThreadSanitizer",
		[ASAN] = "AddressSanitizer",
		[TSAN | ASAN] = "ThreadSanitizer or AddressSanitizer",
		[ASAN | NONE] = "no ThreadSanitizer",
	};
	const struct canary *c = *state;
	unsigned int have = HAVE_TSAN * TSAN | HAVE_ASAN * ASAN;
	int code;

	test_needs(!c->needs || (c->needs & (have ? : NONE)),
		   sanitizers[c->needs]);
	code = schedules(c->fn, c->report ? 200 : SILENT_RUNS);
	if (!c->report ? code : code != 1 || !strstr(output, c->report))
		print_error("%s: exit %d\n%s\n", c->name, code, output);
	assert_int_equal(code, c->report ? 1 : 0);
	if (c->report)
		assert_non_null(strstr(output, c->report));
}

#endif
