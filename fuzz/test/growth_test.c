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

#include <machine/test/heap.h>
#include <machine/test/rss.h>
#include <fuzz/run/exec.h>
#include <fuzz/strategy/strategy.h>

#define WARM 40000		/* ASan's quarantine is full, TSan's shadow is there */
#define WINDOWS 8
#define WINDOW 5000		/* schedules */
#define LEAK 32			/* bytes that the measures have to see, of each schedule */

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
 * What the heap has in use is exact: a leak is in each window, a table that doubles in one of
 * them. Of other memory only the sum is judged: allocators, sanitizers and the kernel take and
 * give back pages when they like, 40 KiB in a window.
 */
static void test_no_growth(void **state)
{
	size_t heap;
	unsigned int i, grew = 0;
	long rss;

	run(WARM, 0);
	heap = heap_now();
	rss = rss_now();
	for (i = 0; i < WINDOWS; i++) {
		run(WINDOW, 0);
		grew += heap_now() > heap;
		heap = max(heap, heap_now());
	}
	assert_in_range(grew, 0, WINDOWS / 4);
	assert_true(rss > 0);
	assert_true(rss_now() - rss < (long)WINDOWS * WINDOW * LEAK / 1024);
}

static void test_a_leak_is_seen(void **state)
{
	size_t heap = heap_now();
	unsigned int i;
	long rss = rss_now();

	for (i = 0; i < WINDOWS; i++) {
		run(WINDOW, LEAK);
		assert_true(heap_now() - heap >= (size_t)WINDOW * LEAK);
		heap = heap_now();
	}
	assert_true(rss_now() - rss >= (long)WINDOWS * WINDOW * LEAK / 1024);
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
