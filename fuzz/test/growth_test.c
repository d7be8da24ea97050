// SPDX-License-Identifier: GPL-2.0-only
/*
 * Schedules of the whole core in one process need no more memory as they become many: the world
 * is dropped after each, with its pools, whatever the interleaving left where. The machine alone
 * does 400,000 of them in core/sim/test/canary_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <cmocka.h>

#include <fuzz/run/exec.h>
#include <fuzz/strategy/strategy.h>

#define SCHEDULES 160000
#define WARM 40000		/* ASan's quarantine is full, TSan's shadow is there */

static const char text[] =
	"program 1\n"
	"machine cpus=2 slots=8 table=slab folios=8\n"
	"device A pages=16 ssd sync discard\n"
	"task 0 @cpu0 { map m0 0 order=1; reclaim m0 0; zap m0 0 nr=2 }\n"
	"task 1 @cpu1 { lookup A 8; hib_alloc A; hib_free }\n";

static long max_rss(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void test_no_growth(void **state)
{
	struct strategy_config config = { .kind = STRATEGY_RANDOM, .switch_one_in = 4 };
	struct program_error err;
	struct program prog;
	long before = 0;
	unsigned int i;

	assert_int_equal(program_parse(&prog, text, strlen(text), &err), 0);
	strategy_set(&config);
	for (i = 0; i < SCHEDULES; i++) {
		strategy_seed(i);
		program_run(&prog);
		if (i == WARM)
			before = max_rss();
	}
	program_destroy(&prog);
	/* KiB: not four bytes a schedule */
	assert_in_range(max_rss() - before, 0, 468);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_no_growth) };

	return cmocka_run_group_tests_name("growth", tests, NULL, NULL);
}
