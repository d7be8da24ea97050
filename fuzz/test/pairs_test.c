// SPDX-License-Identifier: GPL-2.0-only
/* Concurrency coverage on toys whose pairs can be counted by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/run/pairs.h>
#include <fuzz/strategy/strategy.h>
#include <kernel/sched.h>

static u32 pairs[64];
static unsigned int nr_pairs;

static __no_instrument void met(u32 pair)
{
	unsigned int i;

	for (i = 0; i < nr_pairs; i++)
		if (pairs[i] == pair)
			return;
	if (nr_pairs < 64)
		pairs[nr_pairs++] = pair;
}

static char memory[64];
static char *objects[2];

static void toy_task(void *arg)
{
	machine_point(POINT_ATOMIC_WRITE, objects[(unsigned long)arg]);
	machine_point(POINT_ATOMIC_READ, objects[(unsigned long)arg]);
}

/* Two tasks write and read the objects of theirs; at task 0's first point, it may be preempted. */
static void toy_run(unsigned long first, unsigned long second, bool preempt)
{
	static const struct choice choice = {
		.task = SIM_TASK_USER, .op = 0, .nth = 1, .value = SIM_TASK_USER + 1,
		.anchor = ANCHOR_POINT + POINT_ATOMIC_READ,
	};
	struct machine_config config = { .seed = 1 };

	sim_set_strategy(&sim_strategy_default);
	sim_set_replay(&choice, preempt);
	nr_pairs = 0;
	pairs_begin(met);
	machine_start(&config);
	task_create("a", 0, toy_task, (void *)first);
	task_create("b", 0, toy_task, (void *)second);
	sim_join_all();
	machine_stop();
	assert_null(sim_stale_choice());
	sim_set_replay(NULL, 0);
	sim_set_watcher(NULL);
}

static void test_pairs_of_orders(void **state)
{
	u32 serial;

	objects[0] = memory;
	objects[1] = memory + 8;
	/* write, read; write, read: read before the other's write */
	toy_run(0, 0, false);
	assert_int_equal(nr_pairs, 1);
	serial = pairs[0];
	/* write; write, read; read: the preempted read has not happened at its point */
	toy_run(0, 0, true);
	assert_int_equal(nr_pairs, 2);
	assert_int_not_equal(pairs[0], serial);
	assert_int_not_equal(pairs[1], serial);
}

static void test_pairs_need_one_object(void **state)
{
	toy_run(0, 1, false);
	assert_int_equal(nr_pairs, 0);
	toy_run(0, 1, true);
	assert_int_equal(nr_pairs, 0);
}

static void test_numbers_are_no_addresses(void **state)
{
	u32 before[2];

	toy_run(0, 0, true);
	memcpy(before, pairs, sizeof(before));
	objects[0] = memory + 40;
	toy_run(0, 0, true);
	assert_memory_equal(before, pairs, sizeof(before));
}

static void test_set(void **state)
{
	static struct pairs_set set;

	assert_true(pairs_add(&set, 12345678));
	assert_false(pairs_add(&set, 12345678));
	assert_true(pairs_add(&set, 0xffffffff));
	assert_true(pairs_add(&set, 0));
	assert_false(pairs_add(&set, 0xffffffff));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs_of_orders),
		cmocka_unit_test(test_pairs_need_one_object),
		cmocka_unit_test(test_numbers_are_no_addresses),
		cmocka_unit_test(test_set),
	};

	return cmocka_run_group_tests_name("pairs", tests, NULL, NULL);
}
