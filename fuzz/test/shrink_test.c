// SPDX-License-Identifier: GPL-2.0-only
/* Edits of the shrinker: what comes out is a program, and choices go with what they are about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/run/exec.h>
#include <fuzz/shrink/shrink.h>
#include <fuzz/strategy/strategy.h>

static const struct edit *const edits[] = {
	&edit_choices, &edit_choice_pairs, &edit_choice_near, &edit_reschedule, &edit_tasks,
	&edit_merge, &edit_ops, &edit_op_pairs, &edit_exchange, &edit_devices, &edit_fails, &edit_bad, &edit_plan,
	&edit_alike, &edit_numbers,
};

#define NR_EDITS (sizeof(edits) / sizeof(edits[0]))

static void parse(struct program *prog, const char *text, size_t len)
{
	struct program_error err;

	if (program_parse(prog, text, len, &err))
		fail_msg("%u:%u: %s\n%.*s", err.line, err.column, err.text, (int)len, text);
}

static char *print(const struct program *prog, size_t *len)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, len);

	program_print(file, prog);
	fclose(file);
	return text;
}

/* A program with choices of all kinds: what a random walk took. */
static void scheduled_program(struct program *prog, u64 seed)
{
	struct strategy_config config = { .kind = STRATEGY_RANDOM, .values = true };
	unsigned int nr;

	/* of a long one there are many edits, and each parses it once more */
	if (seed % 8)
		program_generate_short(prog, seed);
	else
		program_generate(prog, seed);
	strategy_set(&config);
	strategy_seed(seed);
	sim_set_replay(NULL, 0);
	program_run(prog);
	sim_choices(&nr);
	prog->choices = malloc((nr + 1) * sizeof(*prog->choices));
	memcpy(prog->choices, sim_choices(&nr), nr * sizeof(*prog->choices));
	/* enough that pairs of them are tried, too */
	prog->nr_choices = nr < 12 || seed % 2 ? nr : 12;
}

static void check_valid(const struct program *prog)
{
	struct program again;
	size_t len;
	char *text = print(prog, &len);

	parse(&again, text, len);
	assert_true(program_equal(prog, &again));
	program_destroy(&again);
	free(text);
}

static unsigned int check_edit(const struct edit *edit, struct program *prog, unsigned int at,
			       unsigned int size)
{
	struct program copy;
	bool done;

	program_copy(&copy, prog);
	done = edit->apply(&copy, at, size);
	if (done) {
		check_valid(&copy);
		assert_false(program_equal(&copy, prog));
	}
	program_destroy(&copy);
	return done;
}

static void test_edits_are_valid(void **state)
{
	unsigned int done[NR_EDITS] = { }, units, size, at, i;
	struct program prog;
	u64 seed;

	for (seed = 1; seed <= 32; seed++) {
		scheduled_program(&prog, seed);
		for (i = 0; i < NR_EDITS; i++) {
			units = edits[i]->units(&prog);
			size = edits[i]->chunks && units > 3 ? units / 3 : 1;
			for (at = 0; at + size <= units; at += size)
				done[i] += check_edit(edits[i], &prog, at, size);
		}
		program_destroy(&prog);
	}
	for (i = 0; i < NR_EDITS; i++)
		if (!done[i])
			fail_msg("%s: never applied", edits[i]->name);
}

/* --- what goes with what ------------------------------------------------------------------------ */

#define MACHINE "program 1\nmachine cpus=2 slots=8 table=page count_bits=2 ptl=0 pages=8 " \
		"spaces=2 folios=8\n"

static void check_change(const struct edit *edit, unsigned int at, unsigned int size,
			 const char *before, const char *after)
{
	struct program prog;
	size_t len;
	char *text;

	parse(&prog, before, strlen(before));
	assert_true(edit->apply(&prog, at, size));
	text = print(&prog, &len);
	assert_string_equal(text, after);
	free(text);
	check_valid(&prog);
	program_destroy(&prog);
}

static const char two_tasks[] = MACHINE
	"device A pages=8 ssd\n"
	"task 0 @cpu0 {\n\tmap m0 0\n\tsplit f1\n\treclaim m0 0\n}\n"
	"task 1 @cpu1 {\n\tmap m1 0\n\treclaim m1 0\n}\n"
	"schedule\n"
	"\t0.op1 read#2 -> 1;\n"
	"\t1.op2 read#3 -> 0;\n"
	"\t0.op2 read#1 -> rcu;\n"
	"\t0.op3 alloc(table.atomic)#1 -> fail;\n"
	"\trcu.op0 block#1 -> 1\n";

static void test_operations_take_choices_with_them(void **state)
{
	/* from the end: the last but three is the second of task 0 */
	check_change(&edit_ops, 3, 1, two_tasks, MACHINE
		     "device A pages=8 ssd\n"
		     "task 0 @cpu0 {\n\tmap m0 0\n\treclaim m0 0\n}\n"
		     "task 1 @cpu1 {\n\tmap m1 0\n\treclaim m1 0\n}\n"
		     "schedule\n"
		     "\t0.op1 read#2 -> 1;\n"
		     "\t1.op2 read#3 -> 0;\n"
		     "\t0.op2 alloc(table.atomic)#1 -> fail;\n"
		     "\trcu.op0 block#1 -> 1\n");
	/* a chunk across tasks */
	check_change(&edit_ops, 1, 3, two_tasks, MACHINE
		     "device A pages=8 ssd\n"
		     "task 0 @cpu0 {\n\tmap m0 0\n}\n"
		     "task 1 @cpu1 {\n\treclaim m1 0\n}\n"
		     "schedule\n"
		     "\t0.op1 read#2 -> 1;\n"
		     "\t1.op1 read#3 -> 0;\n"
		     "\trcu.op0 block#1 -> 1\n");
}

static void test_a_reclaim_takes_no_flags_of_a_map(void **state)
{
	static const char before[] = MACHINE
		"device A pages=8 ssd\n"
		"task 0 @cpu0 {\n\tmap m0 0 nr=2 order=1 zero\n\tshrink\n}\n"
		"schedule\n\t0.op2 random#1 -> 1;\n\t0.op2 random#2 -> 1\n";

	/* behind it */
	check_change(&edit_exchange, 0, 1, before, MACHINE
		     "device A pages=8 ssd\n"
		     "task 0 @cpu0 {\n\tmap m0 0 nr=2 order=1 zero\n\treclaim m0 0 nr=2\n"
		     "\tshrink\n}\n"
		     "schedule\n\t0.op3 random#1 -> 1;\n\t0.op3 random#2 -> 1\n");
	/* in place of a later one */
	check_change(&edit_exchange, 3, 1, before, MACHINE
		     "device A pages=8 ssd\n"
		     "task 0 @cpu0 {\n\tmap m0 0 nr=2 order=1 zero\n\treclaim m0 0 nr=2\n}\n");
}

static void test_tasks_are_renumbered(void **state)
{
	/* from the end */
	check_change(&edit_tasks, 1, 1, two_tasks, MACHINE
		     "device A pages=8 ssd\n"
		     "task 0 @cpu1 {\n\tmap m1 0\n\treclaim m1 0\n}\n"
		     "schedule\n"
		     "\trcu.op0 block#1 -> 0\n");
}

static void test_merged_tasks_keep_their_choices(void **state)
{
	/* 1 follows 0: who ran 1 runs 0 */
	check_change(&edit_merge, 2, 1, two_tasks, MACHINE
		     "device A pages=8 ssd\n"
		     "task 0 @cpu0 {\n\tmap m0 0\n\tsplit f1\n\treclaim m0 0\n\tmap m1 0\n"
		     "\treclaim m1 0\n}\n"
		     "schedule\n"
		     "\trcu.op0 block#1 -> 0;\n"
		     "\t0.op1 read#2 -> 0;\n"
		     "\t0.op2 read#1 -> rcu;\n"
		     "\t0.op3 alloc(table.atomic)#1 -> fail;\n"
		     "\t0.op5 read#3 -> 0\n");
}

static void test_devices_are_retargeted(void **state)
{
	static const char before[] = MACHINE
		"device A pages=8 ssd\ndevice B pages=9 ssd\ndevice C pages=10 ssd\n"
		"task 0 @cpu0 {\n\tswapoff B\n\tswapoff C\n\tlookup A 1\n}\n"
		"schedule\n\t0.op2 read#1 -> rcu\n";

	/* B goes: its operations, too */
	check_change(&edit_devices, 4, 1, before, MACHINE
		     "device A pages=8 ssd\ndevice B pages=10 ssd\n"
		     "task 0 @cpu0 {\n\tswapoff B\n\tlookup A 1\n}\n"
		     "schedule\n\t0.op1 read#1 -> rcu\n");
	/* B goes: its operations go to C, which is B now */
	check_change(&edit_devices, 5, 1, before, MACHINE
		     "device A pages=8 ssd\ndevice B pages=10 ssd\n"
		     "task 0 @cpu0 {\n\tswapoff B\n\tswapoff B\n\tlookup A 1\n}\n"
		     "schedule\n\t0.op2 read#1 -> rcu\n");
	/* A goes: its operations go to C */
	check_change(&edit_devices, 2, 1, before, MACHINE
		     "device A pages=9 ssd\ndevice B pages=10 ssd\n"
		     "task 0 @cpu0 {\n\tswapoff A\n\tswapoff B\n\tlookup B 1\n}\n"
		     "schedule\n\t0.op2 read#1 -> rcu\n");
}

static void test_numbers_get_simpler_until_all_are(void **state)
{
	struct program prog, copy;
	u64 seed, was;
	unsigned int at;

	for (seed = 1; seed <= 30; seed++) {
		program_generate(&prog, seed);
		prog.nr_fails = 0;
		for (at = 0; at < edit_numbers.units(&prog); ) {
			was = program_distance(&prog);
			program_copy(&copy, &prog);
			if (!edit_numbers.apply(&copy, at, 1) || program_distance(&copy) >= was) {
				at++;
				continue;
			}
			prog = copy;
		}
		for (at = 0; at < prog.nr_devices; at++)
			prog.devices[at].nr_bad = 0;
		assert_int_equal(program_distance(&prog), 0);
		assert_int_equal(prog.geometry.cluster_slots, 8);
		assert_int_equal(prog.geometry.pmd_order, 3);
		check_valid(&prog);
	}
}

static void test_numbers_that_are_alike_stay_so(void **state)
{
	static const char before[] = MACHINE
		"device A pages=8 ssd\n"
		"task 0 @cpu0 {\n\tmap m1 3 nr=4\n\tmap m0 3\n\treclaim m1 3 nr=4\n}\n";
	struct program prog;
	unsigned int at, nr = 0;

	parse(&prog, before, strlen(before));
	for (at = 0; at < edit_alike.units(&prog); at++) {
		struct program copy = prog;

		if (!edit_alike.apply(&copy, at, 1))
			continue;
		nr++;
		assert_int_equal(copy.tasks[0].ops[0].nr, copy.tasks[0].ops[2].nr);
		assert_int_equal(copy.tasks[0].ops[0].args[0], copy.tasks[0].ops[2].args[0]);
		assert_int_equal(copy.tasks[0].ops[0].args[1], copy.tasks[0].ops[1].args[1]);
	}
	/* m1 -> m0; 3 -> 0, 2; nr=4 -> 1, 3 */
	assert_int_equal(nr, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edits_are_valid),
		cmocka_unit_test(test_operations_take_choices_with_them),
		cmocka_unit_test(test_a_reclaim_takes_no_flags_of_a_map),
		cmocka_unit_test(test_tasks_are_renumbered),
		cmocka_unit_test(test_merged_tasks_keep_their_choices),
		cmocka_unit_test(test_devices_are_retargeted),
		cmocka_unit_test(test_numbers_get_simpler_until_all_are),
		cmocka_unit_test(test_numbers_that_are_alike_stay_so),
	};

	return cmocka_run_group_tests_name("shrink", tests, NULL, NULL);
}
