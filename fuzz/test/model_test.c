// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reference model: each of its checks fires if the core is not what it says, here because the
 * test changes it behind the model's back or a known bug is on, and none fires otherwise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/mutate/mutate.h>
#include <fuzz/run/engine.h>
#include <fuzz/run/model.h>
#include <kernel/mutant.h>
#include <mm/mm.h>
#include <swap/swap_table.h>

static void parse(struct program *prog, const char *text)
{
	struct program_error err;

	if (program_parse(prog, text, strlen(text), &err))
		fail_msg("%u:%u: %s", err.line, err.column, err.text);
}

/* m0's page 0 is present, page 1 is swapped to A's first slot, B is off. */
static const char small[] =
	"program 1\n"
	"machine pages=8 spaces=2 folios=32\n"
	"device A pages=16 ssd bad=9\n"
	"device B pages=16 ssd off\n"
	"task 0 @cpu0 { write m0 0 nr=2; reclaim m0 1; drain; exit m1 }\n";

/* In the child: before the model looks at what the exit left. */
static void (*sabotage)(void);
static int sabotage_ret;

static void after_op(unsigned int task, const struct op *op, int ret)
{
	if (op && op->id == OP_exit) {
		if (sabotage)
			sabotage();
		ret += sabotage_ret;
	}
	model_after_op(task, op, ret);
}

static int run(void *arg)
{
	const struct program *prog = arg;

	sim_set_strategy(&sim_strategy_default);
	sim_set_replay(prog->choices, prog->nr_choices);
	model_begin(prog, true);
	program_after_op(after_op);
	program_run(prog);
	return 0;
}

static void expect(const char *text, const char *check)
{
	struct program prog;
	struct outcome out;

	parse(&prog, text);
	child_run(run, &prog, false, &out);
	if (strcmp(out.check, check))
		fail_msg("'%s' failed, '%s' was expected\n%s", out.check, check, out.report);
	assert_int_equal(out.status, !!*check);
	outcome_destroy(&out);
	program_destroy(&prog);
}

static void expect_sabotage(void (*fn)(void), int ret, const char *check)
{
	sabotage = fn;
	sabotage_ret = ret;
	expect(small, check);
	sabotage = NULL;
	sabotage_ret = 0;
}

/* --- what a test does behind the model's back; atomics, which TSan does not report -------- */

#define SET(x, v) __atomic_store_n(&(x), v, __ATOMIC_RELAXED)
#define ADD(x, v) __atomic_fetch_add(&(x), v, __ATOMIC_RELAXED)

static struct swap_info_struct *device_a(void)
{
	return swap_info[world.devices[0].type];
}

static long *word_of_a(unsigned int slot)
{
	return (long *)&device_a()->cluster_info[slot / SWAPFILE_CLUSTER]
		.table[slot % SWAPFILE_CLUSTER].counter;
}

static void unmap_page(void)
{
	SET(world.spaces[0]->ptes[0].val, 0UL);
}

static void map_page(void)
{
	SET(world.spaces[0]->ptes[5].val, world.spaces[0]->ptes[0].val);
}

static void swap_pte_of_nothing(void)
{
	SET(world.spaces[0]->ptes[1].val, swp_entry_to_pte(swp_entry(3, 1)).val);
}

static void change_page(void)
{
	pte_t pte = world.spaces[0]->ptes[0];

	ADD(pte_folio(pte)->content[0], 1);
}

static void count_twice(void)
{
	ADD(*word_of_a(1), 1L << SWP_TB_COUNT_SHIFT);
}

static void count_not(void)
{
	ADD(*word_of_a(1), -(1L << SWP_TB_COUNT_SHIFT));
}

static void good_slot(void)
{
	SET(*word_of_a(9), 0L);
}

static void bad_slot(void)
{
	SET(*word_of_a(2), (long)SWP_TB_BAD);
}

static void one_page_more(void)
{
	ADD(nr_swap_pages.counter, 1);
}

static void one_page_in_all_more(void)
{
	ADD(total_swap_pages, 1);
}

static void one_in_use_more(void)
{
	ADD(device_a()->inuse_pages.counter, 1);
	ADD(nr_swap_pages.counter, -1);
}

static void device_off(void)
{
	SET(device_a()->flags, device_a()->flags & ~(unsigned long)SWP_WRITEOK);
}

static void device_smaller(void)
{
	ADD(device_a()->pages, -1);
}

static void test_quiet(void **state)
{
	expect_sabotage(NULL, 0, "");
	/* a device without a page that can be used is never on */
	expect("program 1\ndevice A pages=2 ssd bad=1\ndevice B pages=2 ssd off bad=1\n"
	       "task 0 @cpu0 { write m0 0; reclaim m0 0; swapon A; swapon B; swapoff A }\n", "");
	/* zeroes in place of something, and where there are some already */
	expect("program 1\nmachine pages=8 spaces=2 folios=32\ndevice A pages=16 ssd\n"
	       "task 0 @cpu0 { write m0 0 nr=2; write m0 0 nr=2 zero; write m0 1 zero; write m0 1; reclaim m0 0; "
	       "write m0 0 nr=2 zero; write m1 0 zero }\n", "");
}

static void test_pte(void **state)
{
	expect_sabotage(unmap_page, 0, "MODEL-PTE");
	expect_sabotage(map_page, 0, "MODEL-PTE");
	expect_sabotage(swap_pte_of_nothing, 0, "MODEL-PTE");
}

static void test_content(void **state)
{
	expect_sabotage(change_page, 0, "MODEL-CONTENT");
}

static void test_slot(void **state)
{
	expect_sabotage(count_twice, 0, "MODEL-SLOT");
	expect_sabotage(count_not, 0, "MODEL-SLOT");
	expect_sabotage(good_slot, 0, "MODEL-SLOT");
	expect_sabotage(bad_slot, 0, "MODEL-SLOT");
}

static void test_usage(void **state)
{
	expect_sabotage(one_page_more, 0, "MODEL-USAGE");
	expect_sabotage(one_page_in_all_more, 0, "MODEL-USAGE");
	expect_sabotage(one_in_use_more, 0, "MODEL-USAGE");
}

static void test_device(void **state)
{
	expect_sabotage(device_off, 0, "MODEL-PTE");	/* its slots are named */
	expect_sabotage(device_smaller, 0, "MODEL-DEVICE");
}

static void test_result(void **state)
{
	expect_sabotage(NULL, -5, "MODEL-RESULT");
}

/* --- known bugs of one task --------------------------------------------------------------- */

static int run_mutant(void *arg)
{
	struct program *prog = arg;

	return engine_mutant(prog->mutant) ? 2 : run(prog);
}

static void expect_mutant(const char *text, const char *mutant, const char *check)
{
	struct program prog;
	struct outcome out;

	expect(text, "");
	parse(&prog, text);
	snprintf(prog.mutant, sizeof(prog.mutant), "%s", mutant);
	child_run(run_mutant, &prog, false, &out);
	if (strcmp(out.check, check))
		fail_msg("%s: '%s' failed, '%s' was expected\n%s", mutant, out.check, check,
			 out.report);
	outcome_destroy(&out);
	program_destroy(&prog);
}

static void test_mutants(void **state)
{
	expect_mutant("program 1\ndevice A pages=16 ssd\ntask 0 @cpu0 { hib_alloc A }\n",
		      "hib-double-dec", "MODEL-USAGE");
	expect_mutant("program 1\ndevice A pages=16 ssd\nfail charge 1\n"
		      "task 0 @cpu0 { write m0 0; reclaim m0 0 }\n", "late-dec", "MODEL-USAGE");
}

/* --- any program -------------------------------------------------------------------------- */

static void one_task(struct program *prog)
{
	if (prog->nr_tasks > 1)
		prog->nr_tasks = 1;
	program_repair(prog);
}

/* Generated ones, the default's way, and some schedules in which workers and failures come up. */
static int run_generated(void *arg)
{
	struct strategy_config config = { .kind = STRATEGY_RANDOM, .values = true };
	struct program prog;
	unsigned int i;
	u64 seed;

	program_after_op(model_after_op);
	sim_set_replay(NULL, 0);
	for (seed = 1; seed <= 300; seed++) {
		program_generate(&prog, seed);
		one_task(&prog);
		sim_set_strategy(&sim_strategy_default);
		model_begin(&prog, true);
		program_run(&prog);
		for (i = 0; i < 8; i++) {
			strategy_set(&config);
			strategy_seed(seed * 8 + i);
			model_begin(&prog, false);
			program_run(&prog);
		}
		program_destroy(&prog);
	}
	return 0;
}

static void test_generated(void **state)
{
	struct outcome out;

	child_run(run_generated, NULL, false, &out);
	if (out.status)
		fail_msg("%s", out.report);
	outcome_destroy(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_pte),
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_slot),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_result),
		cmocka_unit_test(test_mutants),
		cmocka_unit_test(test_generated),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
