// SPDX-License-Identifier: GPL-2.0-only
/* How reports are read, and what makes two failures the same finding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/run/engine.h>
#include <machine/sanitizer.h>

/* The record of a child that has printed this. */
static void record_of(struct outcome *out)
{
	const char *fail = strstr(out->report, "\nFAIL  "), *site;

	if (!fail)
		return;
	fail += strlen("\nFAIL  ");
	site = strstr(fail, "  ") + 2;
	out->failure.valid = true;
	snprintf(out->failure.check, sizeof(out->failure.check), "%.*s", (int)(site - 2 - fail), fail);
	snprintf(out->failure.site, sizeof(out->failure.site), "%.*s", (int)strcspn(site, "\n"), site);
}

static void key_of(const char *report, char *key)
{
	struct outcome out = { .status = 1, .report = strdup(report) };

	assert_non_null(out.report);
	record_of(&out);
	outcome_parse(&out);
	outcome_key(&out, key);
	outcome_destroy(&out);
}

static void key_is(const char *report, const char *as)
{
	char key[OUTCOME_KEY];

	key_of(report, key);
	assert_string_equal(key, as);
}

static void two_assertions_of_one_file_are_two(void **state)
{
	key_is("\nFAIL  WARN  core/swap/alloc.c:527\n      f: WARN_ON(x)\n", "WARN  core/swap/alloc.c:527");
	key_is("\nFAIL  WARN  core/swap/alloc.c:572\n      f: WARN_ON(x)\n", "WARN  core/swap/alloc.c:572");
}

static void of_a_check_of_ours_the_function_counts(void **state)
{
	key_is("\nFAIL  INV-C8  core/check/claims.c:96 during free_slot\n      x\n",
	       "INV-C8  core/check/claims.c:96 during free_slot");
	key_is("\nFAIL  INV-C8  core/check/claims.c:96 during move_cluster\n      x\n",
	       "INV-C8  core/check/claims.c:96 during move_cluster");
	key_is("\nFAIL  LIVELOCK  core/sim/sched.c:150 during move_cluster\n      x\n",
	       "LIVELOCK  core/sim/sched.c");
}

#define ASAN(line, function)								\
	"==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010\n"	\
	"    #0 0x55 in __asan_memcpy asan.cpp:1\n"					\
	"    #1 0x56 in " function " core/swap/swap_table.h:" line ":34\n"		\
	"SUMMARY: AddressSanitizer: heap-use-after-free asan.cpp:1 in __asan_memcpy\n"	\
	"\nFAIL  UAF  asan.cpp:1 in __asan_memcpy\n"

static void of_a_sanitizer_the_function_counts(void **state)
{
	key_is(ASAN("164", "swap_table_get"), "UAF  core/swap/swap_table.h in swap_table_get");
	key_is(ASAN("170", "swap_table_get"), "UAF  core/swap/swap_table.h in swap_table_get");
	key_is(ASAN("164", "swap_table_set"), "UAF  core/swap/swap_table.h in swap_table_set");
}

#define TSAN(one, other)							\
	"WARNING: ThreadSanitizer: data race (pid=1)\n"				\
	"  Write of size 8 at 0x7b by thread T1:\n"				\
	"    #0 " one " core/mm/fault.c:12:3 (replay+0x1)\n"			\
	"\n  Previous read of size 8 at 0x7b by thread T2:\n"			\
	"    #0 " other " core/mm/fault.c:99:3 (replay+0x2)\n"			\
	"SUMMARY: ThreadSanitizer: data race core/mm/fault.c:12:3 in " one "\n"	\
	"\nFAIL  RACE  core/mm/fault.c:12:3 in " one "\n"

static void a_tree_names_its_own_files(void **state)
{
	key_is("WARNING: ThreadSanitizer: data race (pid=1)\n"
	       "  Write of size 8 at 0x7b by thread T1:\n"
	       "    #0 atomic_long_set core/kernel/atomic.h:5:1 (replay+0x1)\n"
	       "    #1 swap_alloc_slow mm/swapfile.c:1312:3 (replay+0x1)\n"
	       "\n  Previous read of size 8 at 0x7b by thread T2:\n"
	       "    #0 plist_del lib/plist.c:99:3 (replay+0x2)\n"
	       "SUMMARY: ThreadSanitizer: data race mm/swapfile.c:1312:3 in swap_alloc_slow\n"
	       "\nFAIL  RACE  mm/swapfile.c:1312:3 in swap_alloc_slow\n",
	       "RACE  mm/swapfile.c in plist_del and swap_alloc_slow");
	key_is("\nFAIL  WARN  mm/swapfile.c:527\n", "WARN  mm/swapfile.c:527");
}

static void a_race_has_two_functions_in_either_order(void **state)
{
	key_is(TSAN("map_one", "zap_one"), "RACE  core/mm/fault.c in map_one and zap_one");
	key_is(TSAN("zap_one", "map_one"), "RACE  core/mm/fault.c in map_one and zap_one");
	key_is(TSAN("map_one", "map_two"), "RACE  core/mm/fault.c in map_one and map_two");
}

static void a_deadlock_is_wherever_a_task_happens_to_be(void **state)
{
	char one[OUTCOME_KEY], other[OUTCOME_KEY];

	key_of("\nFAIL  DEADLOCK  core/sim/sched.c:10\n", one);
	key_of("\nFAIL  DEADLOCK  core/sim/sched.c:20\n", other);
	assert_string_equal(one, other);
	key_of("\nFAIL  DEADLOCK  core/sim/rcu.c:20\n", other);
	assert_string_not_equal(one, other);
	key_of("\nFAIL  LIVELOCK  core/sim/sched.c:10\n", other);
	assert_string_not_equal(one, other);
}

/* --- sanitizers --------------------------------------------------------------------------- */

static void test_reports_are_checks(void **state)
{
	static const struct {
		const char *report, *check, *where;
	} cases[] = {
		{ "==1==ERROR: AddressSanitizer: heap-use-after-free\n"
		  "    #0 0x1 in atomic_long_read core/kernel/atomic.h:124:1\n"
		  "    #1 0x1 in swap_table_get core/swap/swap_table.h:164:34\n"
		  "freed by thread T0 here:\n    #0 0x2 in __free_cluster core/swap/cluster.c:98:2\n"
		  "SUMMARY: AddressSanitizer: heap-use-after-free core/kernel/atomic.h:124:1 in x\n"
		  "\nFAIL  UAF  core/kernel/atomic.h:124:1 in x\n",
		  "UAF", "core/swap/swap_table.h:164:34 in swap_table_get" },
		{ "WARNING: ThreadSanitizer: data race (pid=1)\n"
		  "  Write of size 8 at 0x7 by thread T4 (mutexes: write M0):\n"
		  "    #0 memset <null> (explore+0x665dd) (BuildId: c1)\n"
		  "    #1 __free_cluster core/swap/cluster.c:98:2 (explore+0x1) (BuildId: c1)\n"
		  "\n  Previous atomic read of size 8 at 0x7 by thread T5:\n"
		  "    #0 atomic_long_read core/kernel/atomic.h:124:1 (explore+0x1)\n"
		  "    #1 swap_table_get core/swap/swap_table.h:164:34 (explore+0x1)\n"
		  "SUMMARY: ThreadSanitizer: data race (explore+0x665dd) in memset\n"
		  "\nFAIL  RACE  in memset\n",
		  "RACE", "core/swap/cluster.c:98:2 in __free_cluster and swap_table_get" },
		{ "\nFAIL  INV-G1  core/check/quiesce.c:164\n      a sentence\n      values\n",
		  "INV-G1", "core/check/quiesce.c:164" },
		{ "no report at all\n", "", "" },
	};
	struct outcome out;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&out, 0, sizeof(out));
		out.report = strdup(cases[i].report);
		record_of(&out);
	outcome_parse(&out);
		assert_string_equal(out.check, cases[i].check);
		assert_string_equal(out.where, cases[i].where);
		outcome_destroy(&out);
	}
}

static void test_kinds_of_reports(void **state)
{
	static const char *const kinds[][2] = {
		{ "AddressSanitizer: heap-use-after-free", "UAF" },
		{ "AddressSanitizer: attempting double-free", "UAF" },
		{ "ThreadSanitizer: heap-use-after-free", "UAF" },
		{ "AddressSanitizer: heap-buffer-overflow", "OOB" },
		{ "AddressSanitizer: global-buffer-overflow", "OOB" },
		{ "ThreadSanitizer: data race", "RACE" },
		{ "UndefinedBehaviorSanitizer: undefined-behavior", "UBSAN" },
		{ "AddressSanitizer: SEGV", "CRASH" },
		{ "ThreadSanitizer: SEGV", "CRASH" },
		{ "AddressSanitizer: stack-overflow", "STACK-OVERFLOW" },
		{ "AddressSanitizer: out-of-memory", "SANITIZER" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		assert_string_equal(sanitizer_classify(kinds[i][0]), kinds[i][1]);
}

static const struct program *expects(const char *check, const char *mutant)
{
	static struct program prog;

	prog.has_expect = true;
	snprintf(prog.expect, sizeof(prog.expect), "%s", check);
	snprintf(prog.mutant, sizeof(prog.mutant), "%s", mutant);
	return &prog;
}

static void test_whose_check_it_is(void **state)
{
	struct outcome race = { .check = "RACE" }, uaf = { .check = "UAF" };
	bool tsan = !check_variant("RACE"), asan = !check_variant("UAF");

	assert_false(tsan && asan);
	assert_null(check_variant("INV-C8"));
	assert_null(check_variant("CRASH"));
	if (!asan) {
		assert_string_equal(check_variant("UAF"), "asan");
		assert_string_equal(check_variant("OOB"), "asan");
		assert_string_equal(check_variant("UBSAN"), "asan");
	}
	if (!tsan)
		assert_string_equal(check_variant("RACE"), "tsan");
	assert_true(outcome_expected(&uaf, expects("UAF", "")));
	assert_false(outcome_expected(&uaf, expects("RACE", "")));
	assert_int_equal(outcome_expected(&race, expects("UAF", "")), tsan);
	assert_int_equal(outcome_expected(&race, expects("CRASH", "table-relaxed")), tsan);
	assert_int_equal(outcome_expected(&race, expects("CRASH", "add-no-table+table-relaxed")), tsan);
	assert_false(outcome_expected(&race, expects("CRASH", "add-no-table")));
	assert_false(outcome_expected(&uaf, expects("CRASH", "table-relaxed")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_assertions_of_one_file_are_two),
		cmocka_unit_test(of_a_check_of_ours_the_function_counts),
		cmocka_unit_test(of_a_sanitizer_the_function_counts),
		cmocka_unit_test(a_tree_names_its_own_files),
		cmocka_unit_test(a_race_has_two_functions_in_either_order),
		cmocka_unit_test(a_deadlock_is_wherever_a_task_happens_to_be),
		cmocka_unit_test(test_reports_are_checks),
		cmocka_unit_test(test_kinds_of_reports),
		cmocka_unit_test(test_whose_check_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
