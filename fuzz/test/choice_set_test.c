// SPDX-License-Identifier: GPL-2.0-only
/* An event has one choice: in what a run takes, and in what is left of any list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/program/choice_set.h>
#include <fuzz/run/exec.h>
#include <fuzz/strategy/strategy.h>

static void an_event_is_task_operation_and_occurrence(void **state)
{
	struct choice c = { .task = 4, .anchor = ANCHOR_CPU, .op = 2, .nth = 7, .value = 1 };
	struct choice_set set = { 0 };

	assert_int_equal(choice_set_add(&set, &c, 10), 0);
	c.value = 2;
	assert_int_equal(choice_set_add(&set, &c, 11), 10);
	c.nth = 8;
	assert_int_equal(choice_set_add(&set, &c, 12), 0);
	c.op = 3;
	assert_int_equal(choice_set_add(&set, &c, 13), 0);
	c.task = 5;
	assert_int_equal(choice_set_add(&set, &c, 14), 0);
	c.anchor = ANCHOR_END;
	assert_int_equal(choice_set_add(&set, &c, 15), 0);
	assert_int_equal(choice_set_add(&set, &c, 16), 15);
	choice_set_destroy(&set);
}

static void many_events_are_told_apart(void **state)
{
	static struct choice choices[20000];
	unsigned int i;

	for (i = 0; i < 20000; i++)
		choices[i] = (struct choice){ .task = i % 7, .op = i / 1000, .nth = 1 + i % 1000,
					      .value = i };
	/* 20 operations of 1000 events, a task each: none twice */
	assert_int_equal(choices_unique(choices, 20000), 20000);
	memcpy(&choices[10000], choices, 10000 * sizeof(*choices));
	assert_int_equal(choices_unique(choices, 20000), 10000);
	for (i = 0; i < 10000; i++)
		assert_int_equal(choices[i].value, i);
	assert_int_equal(choices_unique(choices, 0), 0);
}

static void a_run_takes_one_choice_an_event(void **state)
{
	struct strategy_config config = { .kind = STRATEGY_RANDOM, .switch_one_in = 2, .values = true };
	const struct choice *taken;
	struct choice *choices;
	struct program prog;
	unsigned int seed, nr;

	for (seed = 1; seed <= 100; seed++) {
		program_generate(&prog, seed);
		strategy_set(&config);
		strategy_seed(seed);
		program_run(&prog);
		taken = sim_choices(&nr);
		choices = malloc((nr + 1) * sizeof(*choices));
		assert_non_null(choices);
		memcpy(choices, taken, nr * sizeof(*choices));
		assert_int_equal(choices_unique(choices, nr), nr);
		free(choices);
		program_destroy(&prog);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_task_operation_and_occurrence),
		cmocka_unit_test(many_events_are_told_apart),
		cmocka_unit_test(a_run_takes_one_choice_an_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
