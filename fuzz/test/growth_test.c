// SPDX-License-Identifier: GPL-2.0-only
/*
 * Schedules of the whole core in one process need no more memory as they become many: the world
 * is dropped after each, with its pools, whatever the interleaving left where. The machine alone
 * does 400,000 of them in core/sim/test/canary_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <machine/test/rss.h>
#include <fuzz/run/exec.h>
#include <fuzz/strategy/strategy.h>

#define WARM 40000		/* ASan's quarantine is full, TSan's shadow is there */
#define WINDOWS 8
#define WINDOW 10000		/* schedules; 16 bytes kept of each are 156 KiB */
#define LEAK 64			/* bytes a schedule that the measure has to see ... */
#define LEAKY_WINDOW 4000	/* ... in windows as short as this */

static const char text[] =
	"program 1\n"
	"machine cpus=2 slots=8 table=slab folios=8\n"
	"device A pages=16 ssd sync discard\n"
	"task 0 @cpu0 { map m0 0 order=1; reclaim m0 0; zap m0 0 nr=2 }\n"
	"task 1 @cpu1 { lookup A 8; hib_alloc A; hib_free }\n";

static struct program prog;
static void *kept;
static unsigned int seed;

/* One schedule after another; of each, @leak bytes are kept. */
static void run(unsigned int schedules, size_t leak)
{
	while (schedules--) {
		strategy_seed(seed++);
		program_run(&prog);
		if (leak) {
			void **one = calloc(1, leak);

			assert_non_null(one);
			*one = kept;
			kept = one;
		}
	}
}

/*
 * Return: in how many of WINDOWS windows the process grew beyond what it had before. An allocator
 * takes a chunk now and then, of whatever size; a leak is in most windows.
 */
static unsigned int windows_that_grew(unsigned int schedules, size_t leak)
{
	long most = rss_now(), now;
	unsigned int i, grew = 0;

	for (i = 0; i < WINDOWS; i++) {
		run(schedules, leak);
		now = rss_now();
		grew += now > most;
		most = max(now, most);
	}
	return grew;
}

static void test_no_growth(void **state)
{
	run(WARM, 0);
	assert_in_range(windows_that_grew(WINDOW, 0), 0, WINDOWS / 2);
}

static void test_a_leak_is_seen(void **state)
{
	assert_in_range(windows_that_grew(LEAKY_WINDOW, LEAK), WINDOWS / 2 + 1, WINDOWS);
	while (kept) {
		void *one = kept;

		kept = *(void **)one;
		free(one);
	}
}

static int setup(void **state)
{
	struct strategy_config config = { .kind = STRATEGY_RANDOM, .switch_one_in = 4 };
	struct program_error err;

	strategy_set(&config);
	return program_parse(&prog, text, strlen(text), &err);
}

static int teardown(void **state)
{
	program_destroy(&prog);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_growth),
		cmocka_unit_test(test_a_leak_is_seen),
	};

	return cmocka_run_group_tests_name("growth", tests, setup, teardown);
}
