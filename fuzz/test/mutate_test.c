// SPDX-License-Identifier: GPL-2.0-only
/* Mutations: what comes out is a program, the same one for the same seed, and choices are real. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/mutate/mutate.h>
#include <fuzz/run/exec.h>
#include <fuzz/strategy/strategy.h>

#define MAX 65536

static void parse(struct program *prog, const char *text, size_t len)
{
	struct program_error err;

	if (program_parse(prog, text, len, &err))
		fail_msg("%u:%u: %s\n%.*s", err.line, err.column, err.text, (int)len, text);
}

/* It fits, parses back as the same, and has no expectation. Return: its length. */
static size_t check_valid(struct program *prog, char *text, size_t max)
{
	size_t len = program_fit(prog, text, max);
	struct program again;

	assert_in_range(len, 1, max);
	parse(&again, text, len);
	assert_true(program_equal(prog, &again));
	assert_false(again.has_expect);
	program_destroy(&again);
	return len;
}

/* Runs it and leaves what it could have done otherwise. */
static const struct events *run(const struct program *prog)
{
	sim_set_strategy(&events_strategy);
	sim_set_replay(prog->choices, prog->nr_choices);
	program_run(prog);
	return events_of_run();
}

/* A program with choices of all kinds: what a random walk took. */
static void scheduled_program(struct program *prog, u64 seed)
{
	struct strategy_config config = { .kind = STRATEGY_RANDOM, .values = true };
	unsigned int nr;

	program_generate(prog, seed);
	strategy_set(&config);
	strategy_seed(seed);
	sim_set_replay(NULL, 0);
	program_run(prog);
	sim_choices(&nr);
	prog->choices = malloc((nr + 1) * sizeof(*prog->choices));
	memcpy(prog->choices, sim_choices(&nr), nr * sizeof(*prog->choices));
	prog->nr_choices = nr;
}

static void test_mutations_are_valid(void **state)
{
	static char text[MAX];
	struct program prog;
	u64 seed;

	for (seed = 1; seed <= 300; seed++) {
		if (seed % 3)
			program_generate(&prog, seed);
		else
			scheduled_program(&prog, seed);
		prog.has_expect = true;
		strcpy(prog.expect, "INV-C1");
		program_mutate(&prog, seed, NULL);
		for (unsigned int i = 0; i < 40; i++) {
			check_valid(&prog, text, MAX);
			program_mutate(&prog, seed * 100 + i, NULL);
		}
		check_valid(&prog, text, MAX);
		program_destroy(&prog);
	}
}

/* Mutations of mutations, each of which runs: on what it could have done otherwise. */
static void test_mutations_with_events_are_valid(void **state)
{
	static char text[MAX];
	const struct events *events;
	struct program prog;
	u64 seed;

	for (seed = 1; seed <= 20; seed++) {
		program_generate(&prog, seed);
		for (unsigned int i = 0; i < 20; i++) {
			events = run(&prog);
			program_mutate(&prog, seed * 1000 + i, events);
			check_valid(&prog, text, MAX);
		}
		program_destroy(&prog);
	}
}

static void test_crossovers_are_valid(void **state)
{
	static char text[MAX];
	struct program a, b;
	u64 seed;

	for (seed = 1; seed <= 200; seed++) {
		scheduled_program(&a, seed);
		scheduled_program(&b, seed + 5000);
		for (unsigned int i = 0; i < 10; i++) {
			program_cross(&a, &b, seed * 10 + i);
			check_valid(&a, text, MAX);
		}
		program_destroy(&a);
		program_destroy(&b);
	}
}

static void test_same_seed_same_program(void **state)
{
	static char text[MAX], again[MAX];
	const struct events *events;
	struct program base, with, a, b;
	size_t len;
	u64 seed;

	scheduled_program(&base, 7);
	scheduled_program(&with, 8);
	for (seed = 1; seed <= 500; seed++) {
		program_copy(&a, &base);
		program_copy(&b, &base);
		events = run(&base);
		program_mutate(&a, seed, events);
		program_cross(&a, &with, seed);
		len = program_fit(&a, text, MAX);
		events = run(&base);
		program_mutate(&b, seed, events);
		program_cross(&b, &with, seed);
		assert_int_equal(program_fit(&b, again, MAX), len);
		assert_memory_equal(text, again, len);
		program_destroy(&a);
		program_destroy(&b);
	}
	program_destroy(&base);
	program_destroy(&with);
}

/* Most mutations change something. */
static void test_mutations_change(void **state)
{
	unsigned int changed = 0;
	struct program base, prog;
	u64 seed;

	scheduled_program(&base, 3);
	for (seed = 1; seed <= 500; seed++) {
		program_copy(&prog, &base);
		program_mutate(&prog, seed, NULL);
		changed += !program_equal(&prog, &base);
		program_destroy(&prog);
	}
	program_destroy(&base);
	assert_in_range(changed, 400, 500);
}

/*
 * A choice that comes alone is aimed at an event that exists, before which nothing differs: it
 * is reached, and the run is another one.
 */
static void test_new_choices_are_reached(void **state)
{
	unsigned int alone = 0;
	const struct events *events;
	struct program base, prog;
	struct rng rng = { 1 };
	u64 seed, hash;

	for (seed = 1; seed <= 60; seed++) {
		program_generate(&base, seed);
		for (unsigned int i = 0; i < 20; i++) {
			program_copy(&prog, &base);
			events = run(&base);
			hash = sim_trace_hash();
			mutate_schedule(&prog, &rng, events);
			if (prog.nr_choices == 1) {
				alone++;
				run(&prog);
				assert_null(sim_stale_choice());
				assert_true(sim_trace_hash() != hash);
			}
			program_destroy(&prog);
		}
		program_destroy(&base);
	}
	assert_in_range(alone, 300, 1200);
}

/* All classes of choices come up. */
static void test_choices_of_every_class(void **state)
{
	unsigned int who = 0, alloc = 0, cpu = 0, other = 0, i;
	const struct events *events;
	struct rng rng = { 2 };
	struct program prog;
	u64 seed;

	for (seed = 1; seed <= 200; seed++) {
		program_generate(&prog, seed);
		events = run(&prog);
		mutate_schedule(&prog, &rng, events);
		for (i = 0; i < prog.nr_choices; i++) {
			who += anchor_schedules(prog.choices[i].anchor);
			alloc += prog.choices[i].anchor >= ANCHOR_ALLOC;
			cpu += prog.choices[i].anchor == ANCHOR_CPU;
			other += prog.choices[i].anchor == ANCHOR_SLAB ||
				 prog.choices[i].anchor == ANCHOR_RANDOM;
		}
		program_destroy(&prog);
	}
	assert_in_range(who, 100, 10000);
	assert_in_range(alloc, 10, 10000);
	assert_in_range(cpu, 10, 10000);
	assert_in_range(other, 3, 10000);
}

/* --- choices go with the operations they are anchored in ---------------------------------- */

static const char three_ops[] =
	"program 1\n"
	"task 0 @cpu0 { map m0 0; read m0 0; zap m0 0 }\n"
	"task 1 @cpu1 { drain; sync_rcu }\n"
	"schedule 0.op1 wait#1 -> 1 ; 0.op2 wait#2 -> 1 ; 1.op2 wait#3 -> 0 ; 0.op3 wait#4 -> 1\n";

static void check_choices(const struct program *prog, const unsigned int (*expected)[3],
			  unsigned int nr)
{
	unsigned int i;

	assert_int_equal(prog->nr_choices, nr);
	for (i = 0; i < nr; i++) {
		assert_int_equal(prog->choices[i].task, SIM_TASK_USER + expected[i][0]);
		assert_int_equal(prog->choices[i].op, expected[i][1]);
		assert_int_equal(prog->choices[i].nth, expected[i][2]);
	}
}

static void test_choices_follow_operations(void **state)
{
	static const unsigned int gone[][3] = { { 0, 1, 1 }, { 1, 2, 3 }, { 0, 2, 4 } };
	static const unsigned int inserted[][3] = { { 0, 1, 1 }, { 0, 3, 2 }, { 1, 2, 3 }, { 0, 4, 4 } };
	static const unsigned int down[][3] = { { 0, 1, 2 }, { 0, 2, 4 }, { 0, 3, 1 }, { 1, 2, 3 } };
	static const unsigned int up[][3] = { { 0, 1, 4 }, { 0, 2, 1 }, { 0, 3, 2 }, { 1, 2, 3 } };
	struct program prog;

	/* operation 1 is deleted */
	parse(&prog, three_ops, strlen(three_ops));
	schedule_move_op(&prog, 0, 1, PROGRAM_OPS_MAX);
	schedule_shift_ops(&prog, 0, 1, -1);
	check_choices(&prog, gone, 3);
	program_destroy(&prog);
	/* one comes in before it */
	parse(&prog, three_ops, strlen(three_ops));
	schedule_shift_ops(&prog, 0, 1, 1);
	check_choices(&prog, inserted, 4);
	program_destroy(&prog);
	/* the first becomes the last, the last the first */
	parse(&prog, three_ops, strlen(three_ops));
	schedule_move_op(&prog, 0, 0, 2);
	check_choices(&prog, down, 4);
	program_destroy(&prog);
	parse(&prog, three_ops, strlen(three_ops));
	schedule_move_op(&prog, 0, 2, 0);
	check_choices(&prog, up, 4);
	program_destroy(&prog);
}

/* What no longer fits to the rest is made valid or dropped. */
static void test_repair(void **state)
{
	static char text[MAX];
	struct program prog;

	parse(&prog, three_ops, strlen(three_ops));
	prog.has_expect = false;
	prog.tasks[0].ops[0].args[0] = 200;
	prog.tasks[0].ops[1].args[1] = 999;
	prog.tasks[0].ops[1].flags = 0xff;
	prog.tasks[0].cpu = 77;
	prog.tasks[1].ops[0].nr = 9;
	prog.choices[0].value = 63;
	prog.choices[1].op = 9;
	prog.devices[0].nr_bad = 3;
	prog.devices[0].bad[0] = 0;
	prog.devices[0].bad[1] = 5;
	prog.devices[0].bad[2] = 5;
	prog.nr_fails = 2;
	prog.fails[0] = prog.fails[1] = (struct program_fail){ .site = ALLOC_IO, .every = 2 };
	program_repair(&prog);
	assert_int_equal(prog.nr_choices, 2);
	assert_int_equal(prog.devices[0].nr_bad, 1);
	assert_int_equal(prog.nr_fails, 1);
	check_valid(&prog, text, MAX);
	program_destroy(&prog);
}

/* What is too long loses choices first, then operations; what cannot fit is none. */
static void test_fit(void **state)
{
	static char text[MAX];
	unsigned int ops, i;
	struct program prog;
	size_t len;

	scheduled_program(&prog, 11);
	len = check_valid(&prog, text, MAX);
	assert_true(prog.nr_choices > 20);
	for (ops = i = 0; i < prog.nr_tasks; i++)
		ops += prog.tasks[i].nr_ops;
	check_valid(&prog, text, len - 1);
	assert_true(prog.nr_choices > 8);
	check_valid(&prog, text, 300);
	assert_int_equal(prog.nr_choices, 0);
	for (i = 0; i < prog.nr_tasks; i++)
		ops -= prog.tasks[i].nr_ops;
	assert_true(ops > 0);
	assert_int_equal(program_fit(&prog, text, 20), 0);
	program_destroy(&prog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mutations_are_valid),
		cmocka_unit_test(test_mutations_with_events_are_valid),
		cmocka_unit_test(test_crossovers_are_valid),
		cmocka_unit_test(test_same_seed_same_program),
		cmocka_unit_test(test_mutations_change),
		cmocka_unit_test(test_new_choices_are_reached),
		cmocka_unit_test(test_choices_of_every_class),
		cmocka_unit_test(test_choices_follow_operations),
		cmocka_unit_test(test_repair),
		cmocka_unit_test(test_fit),
	};

	return cmocka_run_group_tests_name("mutate", tests, NULL, NULL);
}
