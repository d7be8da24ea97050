// SPDX-License-Identifier: GPL-2.0-only
/* Diagrams: what is drawn of known interleavings, the same in every variant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "draw.h"

static const char seed_v1_b_drawn[] =
"    CPU 0 (task 0)\n"
"    --------------\n"
"    op2: reclaim m0 0\n"
"      folio_alloc_swap(f0) {\n"
"        ...\n"
"        trylock ci A/1\n"
"        isolate_lock_cluster: A/1 FREE -> NONE\n"
"        swap_cluster_populate(A/1) {\n"
"          table.atomic fails\n"
"          unlock ci A/1\n"
"          unlock local\n"
"          sleeps for a table; A/1 dangles\n"
"          table.sleep fails\n"
"          wakes up on CPU 0 with no table\n"
"          lock local\n"
"        } = NULL\n"
"        lets go of A/1  <-- FAIL INV-C8\n";

static const char full_blind_drawn[] =
"    CPU 0 (task 0)                                CPU 0 (task 1)\n"
"    --------------                                --------------\n"
"    op3: reclaim m0 8\n"
"      usage of A + 1 follows\n"
"                                                  op1: zap m0 0\n"
"                                                    usage of A - 1 follows\n"
"      del_from_avail_list: avail list entries of A 0, should be 1; wrong from here on\n"
"      A leaves the avail list\n"
"      device A: 8 of 9 pages in use, on the avail list 0; last swap_avail_del by task 0\n"
"          in reclaim #3  <-- FAIL INV-G5\n";

/* One of two counts is not taken back. */
static const char rollback_short[] =
	"program 1\n"
	"machine cpus=1 slots=8 table=page count_bits=2 ptl=1 pages=2 spaces=1 folios=2\n"
	"device A pages=16 ssd\n"
	"fail extend.atomic 1\n"
	"task 0 @cpu0 { map m0 0 order=1; dup m0 1 nr=3 }\n"
	"schedule 0.op2 random#12 -> 0; 0.op2 random#13 -> 0\n"
	"expect INV-G6 with mutant dup-rollback-short\n";

static void check_drawn(const char *text, const char *expected)
{
	char *drawn = draw(text, diagram_print, DIAGRAM_FOLDED);

	assert_string_equal(drawn, expected);
	free(drawn);
}

static void test_two_tasks_take_turns(void **state)
{
	check_drawn(seed_v1_a, seed_v1_a_drawn);
}

static void test_one_task_gets_one_column(void **state)
{
	check_drawn(seed_v1_b, seed_v1_b_drawn);
}

static void test_a_program_that_passes_is_drawn_in_full(void **state)
{
	static const char *const rows[] = {
		"op1: map m0 0\n", "trylock f0\n", "folio_alloc_swap(f0) {\n",
		"isolate_lock_cluster: A/0 NONFULL -> NONE\n", "takes A:1, A/0 has 2\n",
		"move_cluster: A/0 NONE -> FRAG\n", "unlock ci A/0\n", "op1: map m0 8\n",
		"op2: reclaim_folio f0\n", "trylock f0 fails\n", "op3: read m0 8\n",
		"swap-out: slots A:1\n", "op3: zap m0 0\n", "A:1: count becomes 0\n",
		"op4: sync_rcu\n", "synchronize_rcu: a grace period is over\n",
	};
	char *drawn = draw(passes, diagram_print, DIAGRAM_FOLDED);

	assert_rows(drawn, rows, ARRAY_SIZE(rows));
	assert_null(strstr(drawn, "FAIL"));
	free(drawn);
}

static void test_counters_are_drawn_as_their_changes(void **state)
{
	static const char *const rows[] = {
		"CPU 0 (task 0)", "CPU 1 (task 1)", "at rest\n",
		"op1: hib_alloc A nr=2\n", "  usage of A + 1 follows\n",
		"  swap_alloc_hibernation_slot: nr_swap_pages 13, should be 14; wrong\n",
		"          from here on\n",
		"swap_alloc_hibernation_slot = A:1\n",
		"  usage of A + 1 follows\n", "  swap_usage_add: nr_swap_pages 13, should be 13\n",
		"swap_alloc_hibernation_slot = A:2\n", "op2: reclaim m0 0\n", "usage of A + 1 follows\n",
		"<-- FAIL INV-G1\n",
	};
	char *drawn = draw(hib_double_dec, diagram_print, DIAGRAM_FOLDED);

	assert_rows(drawn, rows, ARRAY_SIZE(rows));
	assert_null(strstr(drawn, "lock"));
	free(drawn);
}

static void test_who_made_a_number_wrong_is_drawn(void **state)
{
	static const char *const rows[] = {
		"op2: dup m0 1 nr=3\n", "__swap_cluster_dup_entry: count of A:8 1, should be 0; wrong",
		"A:8: count becomes 1\n", "extend.atomic fails\n",
		"takes back 1 counts from A:8 on\n",
		"__swap_cluster_dup_entry: count of A:8 2, should be 0\n",
		"m0 page 0: PTE = A:8\n", "install_entry: count of A:8 2, should be 1\n",
		"slot A:8: count 2, 1 PTEs", "<-- FAIL INV-G6\n",
	};
	char *drawn;

	check_drawn(full_blind, full_blind_drawn);
	drawn = draw(rollback_short, diagram_print, DIAGRAM_FOLDED);
	assert_rows(drawn, rows, ARRAY_SIZE(rows));
	/* what was before it is not of interest */
	assert_null(strstr(drawn, "op1: "));
	free(drawn);
}

static void test_a_loop_is_drawn_once(void **state)
{
	static const char *const rows[] = {
		"folio_alloc_swap(f14) {\n", "        again and again:\n",
		"swap_alloc_slow: tries A\n", "wakes up on CPU 0 with no table\n",
		"swap_alloc_slow: tries B\n", "wakes up on CPU 0 with no table\n",
		"swap_alloc_slow: tries A  <-- FAIL PROG-3\n",
	};
	char *drawn = draw(slow_requeue, diagram_print, DIAGRAM_FOLDED);
	const char *again = strstr(drawn, "again and again:");

	assert_rows(drawn, rows, ARRAY_SIZE(rows));
	assert_null(strstr(again + 1, "again and again:"));
	again = strstr(again, "tries B");
	assert_null(strstr(again + 1, "tries B"));
	free(drawn);
}

static void test_what_main_does_at_the_end_is_drawn(void **state)
{
	static const char *const rows[] = {
		"CPU 0 (task 0)", "CPU 0 (main)", "op2: reclaim m0 0\n", "hint of CPU 0 = A:2\n",
		"the end: all spaces exit, swapoff\n", "swapoff: A is not WRITEOK any more\n",
		"swapoff: A is off\n", "CPU 0 order 0: the hint names device A", "FAIL INV-G8\n",
	};
	char *drawn = draw(hint_kept, diagram_print, DIAGRAM_FOLDED);

	assert_rows(drawn, rows, ARRAY_SIZE(rows));
	free(drawn);
}

static void test_a_trylock_of_what_the_task_holds_fails(void **state)
{
	static const char *const rows[] = {
		"lock ci A/1\n", "A/1 is not usable: FREE\n", "trylock ci A/1 fails\n",
		"trylock ci A/0  <-- FAIL LOCK-ORDER\n",
	};
	char *drawn = draw(fast_lock_leak, diagram_print, DIAGRAM_FOLDED);

	assert_rows(drawn, rows, ARRAY_SIZE(rows));
	free(drawn);
}

/* Two tasks, each with a lock that the other waits for; the core has no such bug to show. */
static void test_a_deadlock_shows_who_waits_for_what(void **state)
{
	static const struct timeline_event events[] = {
		{ .kind = EVENT_OP, .task = SIM_TASK_USER, .op = 1 },
		{ .kind = EVENT_LOCK, .task = SIM_TASK_USER, .op = 1, .class = lock_class_folio,
		  .obj = { .kind = OBJECT_FOLIO, .nr = 3 } },
		{ .kind = EVENT_OP, .task = SIM_TASK_USER + 1, .op = 1, .cpu = 1 },
		{ .kind = EVENT_LOCK, .task = SIM_TASK_USER + 1, .op = 1, .cpu = 1,
		  .class = lock_class_cluster, .obj = { .kind = OBJECT_CLUSTER, .nr = 2 } },
		{ .kind = EVENT_LOCK, .task = SIM_TASK_USER + 1, .op = 1, .cpu = 1,
		  .class = lock_class_swap_info, .obj = { .kind = OBJECT_DEVICE } },
		{ .kind = EVENT_BLOCK, .task = SIM_TASK_USER + 1, .op = 1, .cpu = 1,
		  .class = lock_class_folio, .obj = { .kind = OBJECT_FOLIO, .nr = 3 } },
		{ .kind = EVENT_BLOCK, .task = SIM_TASK_USER, .op = 1,
		  .class = lock_class_cluster, .obj = { .kind = OBJECT_CLUSTER, .nr = 2 } },
	};
	static const char drawn[] =
"    CPU 0 (task 0)                                CPU 1 (task 1)\n"
"    --------------                                --------------\n"
"    op1: map m0 0\n"
"      lock f3\n"
"                                                  op1: map m0 8\n"
"                                                    lock ci A/2\n"
"                                                    waits for f3\n"
"      waits for ci A/2  <-- FAIL DEADLOCK\n";
	static const struct failure waits = { .valid = true, .text = "task 4 waits at here" };
	struct diagram_options options = { .check = "DEADLOCK", .failure = &waits };
	struct timeline *tl = timeline_create();
	struct program prog;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	parse(&prog, passes);
	memcpy(tl->events, events, sizeof(events));
	tl->nr = ARRAY_SIZE(events);
	tl->failed = true;
	tl->failing_task = SIM_TASK_USER;
	tl->tasks[SIM_TASK_USER].alive = tl->tasks[SIM_TASK_USER].waits = true;
	tl->tasks[SIM_TASK_USER].wait = events[6];
	tl->tasks[SIM_TASK_USER + 1].alive = tl->tasks[SIM_TASK_USER + 1].waits = true;
	tl->tasks[SIM_TASK_USER + 1].wait = events[5];
	diagram_print(f, tl, &prog, &options);
	fclose(f);
	assert_string_equal(text, drawn);
	free(text);
	timeline_destroy(tl);
	program_destroy(&prog);
}

static void test_owner_lists_and_ptes_are_drawn(void **state)
{
	static const char *const rows[] = {
		"drain_mmlist\n", "m0 page 0: PTE = f0, writable\n", "m0 -> on the mmlist\n",
		"m0 page 0: PTE = B:1\n", "m0 -> off the mmlist  <-- FAIL INV-G20\n",
	};
	char *drawn = draw(mmlist_drained, diagram_print, DIAGRAM_FOLDED);
	char *svg = draw(mmlist_drained, diagram_svg, DIAGRAM_FOLDED);

	assert_rows(drawn, rows, ARRAY_SIZE(rows));
	/* a strip for the page, and one for the space */
	assert_non_null(strstr(svg, ">m0 page 0</text>"));
	assert_non_null(strstr(svg, "<title>f0, writable</title>"));
	assert_non_null(strstr(svg, ">m0</text>"));
	assert_non_null(strstr(svg, "<title>on the mmlist</title>"));
	free(drawn);
	free(svg);
	svg = draw(passes, diagram_svg, DIAGRAM_FULL);
	assert_non_null(strstr(svg, "<title>off the mmlist</title>"));
	assert_non_null(strstr(svg, ": PTE cleared</text>"));
	assert_non_null(strstr(svg, "<title>cleared</title>"));
	free(svg);
}

static void test_the_lookup_of_what_fails_stays(void **state)
{
	static const char *const rows[] = {
		"cluster_reclaim_range(A:1) {\n", "swap_cache_get_folio(A:1) = f0\n", "op14: lookup A 1\n",
		"op41: lookup A 1\n", "trylock f0\n", "  <-- FAIL WARN\n",
	};
	char *drawn = draw(lookup_long_ago, diagram_print, DIAGRAM_FOLDED);

	assert_rows(drawn, rows, ARRAY_SIZE(rows));
	/* there was no room for what came next */
	assert_null(strstr(drawn, "op1: lookup"));
	free(drawn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_tasks_take_turns),
		cmocka_unit_test(test_one_task_gets_one_column),
		cmocka_unit_test(test_a_program_that_passes_is_drawn_in_full),
		cmocka_unit_test(test_counters_are_drawn_as_their_changes),
		cmocka_unit_test(test_who_made_a_number_wrong_is_drawn),
		cmocka_unit_test(test_a_loop_is_drawn_once),
		cmocka_unit_test(test_what_main_does_at_the_end_is_drawn),
		cmocka_unit_test(test_a_trylock_of_what_the_task_holds_fails),
		cmocka_unit_test(test_a_deadlock_shows_who_waits_for_what),
		cmocka_unit_test(test_owner_lists_and_ptes_are_drawn),
		cmocka_unit_test(test_the_lookup_of_what_fails_stays),
	};

	return cmocka_run_group_tests_name("diagram", tests, NULL, NULL);
}
