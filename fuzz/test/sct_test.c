// SPDX-License-Identifier: GPL-2.0-only
/*
 * Published programs on the controlled machine: what finds their bugs, within budgets of some times
 * what it needs. Fixed seeds: no test can flake. scripts/bench sct has the figures.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fuzz/strategy/strategy.h>
#include <fuzz/tools/sct.h>
#include <machine/random.h>

/* Return: in how many of @trials. */
static unsigned int found(const char *name, enum strategy_kind kind, enum sct_setting setting,
			  unsigned int trials, unsigned int budget)
{
	struct strategy_config config = { .kind = kind, .depth = 5 };
	const struct sct_program *program = sct_find(name);
	unsigned int t, i, n = 0;
	struct rng rng = { 1 };

	assert_non_null(program);
	for (t = 0; t < trials; t++) {
		sim_forget_length();
		strategy_set(&config);
		for (i = 0; i < budget; i++) {
			strategy_seed(rng_next(&rng));
			if (sct_run(program, setting))
				break;
		}
		n += i < budget;
	}
	return n;
}

static void test_surw(void **state)
{
	static const char *const names[] = { "reorder_50", "twostage_50", "chain_6", "dining_8",
					     "lifo_3", "fifo_3" };
	unsigned int i;

	for (i = 0; i < 6; i++)
		assert_true(found(names[i], STRATEGY_SURW, SCT_AT_ONCE, 3, 4000) >= 2);
	/* objects, among accesses of the same kind to others */
	for (i = 0; i < 2; i++)
		assert_int_equal(found(names[i], STRATEGY_SURW, SCT_CREATED, 3, 1000), 3);
}

static void test_rf(void **state)
{
	static const char *const names[] = { "reorder_50", "twostage_50", "chain_6" };
	unsigned int i;

	for (i = 0; i < 3; i++)
		assert_true(found(names[i], STRATEGY_RF, SCT_AT_ONCE, 3, 1500) >= 2);
}

/* Nothing is found where nothing is: without a preemption, all are right. */
static void test_quiet(void **state)
{
	unsigned int i;

	for (i = 0; i < nr_sct_programs; i++)
		assert_int_equal(found(sct_programs[i].name, STRATEGY_DEFAULT, SCT_AT_ONCE, 1, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_surw),
		cmocka_unit_test(test_rf),
		cmocka_unit_test(test_quiet),
	};

	return cmocka_run_group_tests_name("sct", tests, NULL, NULL);
}
