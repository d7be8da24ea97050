// SPDX-License-Identifier: GPL-2.0-only
/* On a CPU that another program wants, threads do not give it up at each point for a whole slice. */
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <native/native.h>

#define YIELDS 2000
#define HOG_SECONDS 60

static long sleeps(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_nvcsw;
}

/* This process and its children, to the first CPU that it may use. */
static void stay_on_one_cpu(void)
{
	cpu_set_t may, one;
	int cpu = 0;

	assert_int_equal(sched_getaffinity(0, sizeof(may), &may), 0);
	while (!CPU_ISSET(cpu, &may))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
}

static void test_sleeps_on_a_busy_cpu(void **state)
{
	long before = sleeps();
	pid_t hog;
	int i;

	stay_on_one_cpu();
	hog = fork();
	assert_int_not_equal(hog, -1);
	if (!hog) {
		/* should the test be killed */
		alarm(HOG_SECONDS);
		for (;;)
			;
	}
	for (i = 0; i < YIELDS && sleeps() - before < YIELDS / 10; i++)
		native_yield();
	kill(hog, SIGKILL);
	waitpid(hog, NULL, 0);
	assert_true(sleeps() - before >= YIELDS / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sleeps_on_a_busy_cpu),
	};

	return cmocka_run_group_tests_name("yield", tests, NULL, NULL);
}
