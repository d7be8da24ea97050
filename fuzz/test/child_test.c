// SPDX-License-Identifier: GPL-2.0-only
/* Children: a loop without a scheduling point is reported, with its place; slowness is not. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include <check/check.h>
#include <fuzz/run/engine.h>
#include <fuzz/run/watch.h>
#include <kernel/sched.h>
#include <util/process.h>

#define HANG_SECONDS 0.3

static const struct machine_config config = { .seed = 1 };
static volatile unsigned long count;

static void noinline step(void)
{
	count++;
}

static void noinline spin_for_ever(void)
{
	volatile unsigned int i;

	/* most of the time here */
	for (;;) {
		for (i = 0; i < 100; i++)
			;
		step();
	}
}

static void burn(double seconds)
{
	clock_t from = clock();

	while (clock() - from < seconds * CLOCKS_PER_SEC)
		step();
}

static void loops(void *arg)
{
	cond_resched();
	spin_for_ever();
}

static void deaf(void *arg)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	spin_for_ever();
}

static void sleeps(void *arg)
{
	for (;;)
		pause();
}

static void slow(void *arg)
{
	unsigned int i;

	for (i = 0; i < 10; i++) {
		burn(HANG_SECONDS / 3);
		cond_resched();
	}
}

/* One schedule with a task that does it. */
static int run(void *fn)
{
	struct task_struct *task;

	report_set_sentence(check_sentence);
	sim_set_strategy(&sim_strategy_default);
	machine_start(&config);
	task = task_create("a", 0, fn, NULL);
	task_join(task);
	machine_stop();
	return 0;
}

/* Behind a schedule nothing is watched: whatever an engine does there is no hang. */
static int run_and_burn(void *fn)
{
	run(fn);
	burn(3 * HANG_SECONDS);
	return 0;
}

static struct outcome out;

static void child(int (*fn)(void *), void (*task)(void *))
{
	outcome_destroy(&out);
	watch_set_seconds(HANG_SECONDS);
	child_run(fn, task, false, &out);
}

/*
 * In two full runs in tsan the process did not answer, or not in time, and HANG did not say where; never by itself.
 * Why is not known: the probe may have interrupted TSan's runtime with a lock held. A silent child is run again.
 */
static void test_loop(void **state)
{
	unsigned int tries = 0;

	do
		child(run, loops);
	while (out.end == CHILD_HUNG && ++tries < 5);
	if (strcmp(out.check, "HANG") || !strstr(out.where, " in spin_for_ever"))
		print_error("%s\n", out.report);
	assert_string_equal(out.check, "HANG");
	assert_int_equal(out.end, CHILD_ENDED);
	assert_int_equal(out.status, 1);
	assert_non_null(strstr(out.report, "in no operation of task 4 (a)"));
	assert_non_null(strstr(out.report, " loops fuzz/test/child_test.c:"));
	/* the function that loops, not the one it calls */
	assert_non_null(strstr(out.where, "fuzz/test/child_test.c:"));
	assert_non_null(strstr(out.where, " in spin_for_ever"));
}

static void test_deaf(void **state)
{
	child(run, deaf);
	if (strcmp(out.check, "HANG"))
		print_error("%s\nstatus %d, end %d\n", out.report, out.status, out.end);
	assert_string_equal(out.check, "HANG");
	assert_int_equal(out.end, CHILD_HUNG);
	assert_int_equal(out.status, 1);
}

static void test_asleep(void **state)
{
	child(run, sleeps);
	assert_string_equal(out.check, "HANG");
	assert_non_null(strstr(out.where, " in sleeps"));
}

static void test_slow(void **state)
{
	child(run, slow);
	if (out.status)
		print_error("%s\n", out.report);
	assert_int_equal(out.status, 0);
	assert_int_equal(out.end, CHILD_ENDED);
	child(run_and_burn, slow);
	assert_int_equal(out.status, 0);
}

static void killed_by_others(void *arg)
{
	kill(getpid(), SIGKILL);
}

/* It says nothing about the code under test. */
static void test_killed(void **state)
{
	child(run, killed_by_others);
	assert_int_equal(out.end, CHILD_KILLED);
	assert_string_equal(out.check, "");
}

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
static void uses_freed(void *arg)
{
	volatile char *p = malloc(64);

	free((void *)p);
	count += p[8];
}

/* TSan reports it with a lock held that free() needs: the child has to say all without one. */
static void test_freed(void **state)
{
	static struct program prog;

	program_init(&prog);
	child_program(&prog, NULL);
	outcome_destroy(&out);
	watch_set_seconds(5);
	child_run(run, uses_freed, true, &out);
	child_program(NULL, NULL);
	if (out.end != CHILD_ENDED)
		print_error("%s\n", out.report);
	assert_int_equal(out.end, CHILD_ENDED);
	assert_string_equal(out.check, "UAF");
	assert_non_null(out.program);
	assert_non_null(strstr(out.program, "expect UAF"));
}
#endif

static void interrupts(void *arg)
{
	raise(SIGTERM);
	spin_for_ever();
}

/* The last one: this process is interrupted from there on. */
static void test_interrupt(void **state)
{
	interrupt_catch();
	assert_int_equal(interrupted(), 0);
	outcome_destroy(&out);
	watch_set_seconds(1000);
	child_run(run, interrupts, false, &out);
	assert_int_equal(interrupted(), SIGTERM);
	assert_string_equal(interrupt_name(), "SIGTERM");
	assert_int_equal(out.end, CHILD_INTERRUPTED);
	assert_string_equal(out.check, "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loop),
		cmocka_unit_test(test_deaf),
		cmocka_unit_test(test_asleep),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_killed),
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
		cmocka_unit_test(test_freed),
#endif
		cmocka_unit_test(test_interrupt),
	};

	return cmocka_run_group_tests_name("child", tests, NULL, NULL);
}
