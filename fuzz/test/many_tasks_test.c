// SPDX-License-Identifier: GPL-2.0-only
/* As many tasks as a program may have: the format, every strategy, and exact replay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/program/program.h>
#include <fuzz/run/exec.h>
#include <fuzz/strategy/ranking.h>
#include <fuzz/strategy/strategy.h>

/* Return: malloc. */
static char *program_of(unsigned int tasks)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	unsigned int i;

	assert_non_null(f);
	fprintf(f, "program 1\ndevice A pages=64 ssd sync\n");
	for (i = 0; i < tasks; i++)
		fprintf(f, "task %u @cpu%u { write m0 %u; reclaim m0 %u; read m0 %u }\n", i, i % 2,
			i % 32, i % 16, i % 32);
	fclose(f);
	return text;
}

static void test_limit(void **state)
{
	struct program_error err;
	struct program prog;
	char *text = program_of(PROGRAM_TASKS_MAX + 1);

	assert_int_equal(program_parse(&prog, text, strlen(text), &err), -1);
	assert_non_null(strstr(err.text, "expected at most 100 tasks"));
	assert_int_equal(err.line, 3 + PROGRAM_TASKS_MAX);
	free(text);
}

/* Under each strategy: from a schedule's choices alone, the same schedule again. */
static void test_replay(void **state)
{
	struct strategy_config config = { .depth = 3, .values = true };
	char *text = program_of(PROGRAM_TASKS_MAX);
	static u64 hashes[NR_STRATEGIES];
	const struct choice *taken;
	struct program_error err;
	struct choice *choices;
	struct program prog;
	unsigned int nr, i;
	u64 hash;

	assert_int_equal(program_parse(&prog, text, strlen(text), &err), 0);
	free(text);
	for (config.kind = 0; config.kind < NR_STRATEGIES; config.kind++) {
		sim_forget_length();
		strategy_set(&config);
		/* the first schedule is for the profile */
		for (i = 0; i < 3; i++) {
			strategy_seed(i);
			program_run(&prog);
		}
		hash = hashes[config.kind] = sim_trace_hash();
		taken = sim_choices(&nr);
		assert_true(nr || config.kind == STRATEGY_DEFAULT || config.kind == STRATEGY_EXHAUSTIVE);
		choices = malloc(nr * sizeof(*choices) + 1);
		memcpy(choices, taken, nr * sizeof(*choices));
		sim_set_strategy(&sim_strategy_default);
		sim_set_replay(choices, nr);
		program_run(&prog);
		assert_int_equal(sim_trace_hash(), hash);
		assert_null(sim_stale_choice());
		sim_set_replay(NULL, 0);
		free(choices);
	}
	assert_int_not_equal(hashes[STRATEGY_POS], hashes[STRATEGY_SURW]);
	program_destroy(&prog);
}

/* Against a look at all of them. */
static void test_ranking(void **state)
{
	static struct ranking r;
	struct rng rng = { 1 };
	unsigned int i, id, best;
	task_set tasks = 0;

	ranking_reset(&r);
	for (id = 0; id < SIM_TASKS_MAX; id++)
		ranking_set(&r, id, rng_below(&rng, 64));
	for (i = 0; i < 20000; i++) {
		if (rng_below(&rng, 3))
			ranking_set(&r, rng_below(&rng, SIM_TASKS_MAX), rng_below(&rng, 64));
		/* few at first, so that it grows */
		tasks ^= task_bit(rng_below(&rng, 4 + i % SIM_TASKS_MAX * i / 20000));
		if (i % 1000 == 500)
			tasks = ((task_set)rng_next(&rng) << 64 | rng_next(&rng));
		if (!tasks)
			continue;
		best = task_first(tasks);
		for_each_task(id, tasks)
			if (r.priority[id] >= r.priority[best])
				best = id;
		assert_int_equal(ranking_best(&r, tasks), best);
		assert_int_equal(ranking_best(&r, tasks), best);
	}
	/* the lowest priority there is: as those have that do not compete */
	for (id = 0; id < SIM_TASKS_MAX; id++)
		ranking_set(&r, id, 0);
	assert_int_equal(ranking_best(&r, task_bit(3) | task_bit(70)), 70);
	assert_int_equal(ranking_best(&r, task_bit(3)), 3);
}

static void test_sets(void **state)
{
	task_set set = task_bit(0) | task_bit(3) | task_bit(63) | task_bit(64) | task_bit(127);
	static const unsigned int members[] = { 0, 3, 63, 64, 127 };
	unsigned int n = 0, id;

	assert_int_equal(task_count(set), 5);
	for_each_task(id, set) {
		assert_int_equal(id, members[n]);
		assert_int_equal(task_nth(set, n++), id);
	}
	assert_int_equal(n, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_ranking),
		cmocka_unit_test(test_sets),
	};

	return cmocka_run_group_tests_name("many_tasks", tests, NULL, NULL);
}
