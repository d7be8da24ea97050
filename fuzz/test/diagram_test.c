// SPDX-License-Identifier: GPL-2.0-only
/*
 * Diagrams and failure blocks: what is drawn of known interleavings, the same in every variant,
 * and how sanitizers' reports are read.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/block.h>
#include <fuzz/diagram_internal.h>
#include <machine/sanitizer.h>

/* The sleeper wakes up on another CPU and follows that CPU's hint: its own cluster is lost. */
static const char seed_v1_a[] =
	"program 1\n"
	"machine cpus=2 slots=8 ptl=3\n"
	"device A pages=24 ssd\n"
	"fail table.atomic 2\n"
	"task 0 @cpu0 { map m0 0 order=1; reclaim m0 0 }\n"
	"task 1 @cpu1 { map m0 8 order=1; reclaim m0 8 }\n"
	"schedule 0.op2 lock(local)#1 -> 1; 0.op2 cpu#3 -> cpu1\n"
	"expect INV-C8 with mutant seed-v1-a\n";

static const char seed_v1_a_drawn[] =
"    CPU 0 (task 0)                                CPU 1 (task 1)\n"
"    --------------                                --------------\n"
"    op2: reclaim m0 0\n"
"      folio_alloc_swap(f0) {\n"
"                                                  op2: reclaim m0 8\n"
"                                                    folio_alloc_swap(f1) {\n"
"                                                      ...\n"
"                                                      alloc_swap_scan_cluster(A/1) {\n"
"                                                        ...\n"
"                                                        hint of CPU 1 = A:10\n"
"                                                      }\n"
"                                                    }\n"
"        ...\n"
"        trylock ci A/2\n"
"        isolate_lock_cluster: A/2 FREE -> NONE\n"
"        swap_cluster_alloc_table(A/2) {\n"
"          table.atomic fails\n"
"          unlock ci A/2\n"
"          unlock local\n"
"          sleeps for a table; A/2 dangles\n"
"          wakes up on CPU 0 with t2\n"
"          now on CPU 1\n"
"          lock local\n"
"          lock ci A/1\n"
"          uses the hint's cluster A/1 instead\n"
"        }\n"
"        lets go of A/2  <-- FAIL INV-C8\n";

/* The sleeping attempt fails, too, and nobody puts the cluster back. */
static const char seed_v1_b[] =
	"program 1\n"
	"machine cpus=2 slots=8 table=slab\n"
	"device A pages=16 ssd\n"
	"fail table.atomic 1\n"
	"fail table.sleep 1\n"
	"task 0 @cpu0 { map m0 0 nr=2 order=1; reclaim m0 0 }\n"
	"expect INV-C8 with mutant seed-v1-b\n";

static const char seed_v1_b_drawn[] =
"    CPU 0 (task 0)\n"
"    --------------\n"
"    op2: reclaim m0 0\n"
"      folio_alloc_swap(f0) {\n"
"        ...\n"
"        trylock ci A/1\n"
"        isolate_lock_cluster: A/1 FREE -> NONE\n"
"        swap_cluster_alloc_table(A/1) {\n"
"          table.atomic fails\n"
"          unlock ci A/1\n"
"          unlock local\n"
"          sleeps for a table; A/1 dangles\n"
"          table.sleep fails\n"
"          wakes up on CPU 0 with no table\n"
"          lock local\n"
"        } = NULL\n"
"        lets go of A/1  <-- FAIL INV-C8\n";

/* Nothing fails; a lock is waited for, a trylock fails, a grace period ends. */
static const char passes[] =
	"program 1\n"
	"machine cpus=2 slots=8 table=page\n"
	"device A pages=24 ssd\n"
	"task 0 @cpu0 { map m0 0; reclaim m0 0 keep_cache; zap m0 0; sync_rcu }\n"
	"task 1 @cpu1 { map m0 8; reclaim_folio f0; read m0 8 }\n"
	"schedule 0.op2 unlock(local)#1 -> 1\n";

/* At rest the counters disagree: no object is named. */
static const char hib_double_dec[] =
	"program 1\n"
	"device A pages=16 ssd\n"
	"task 0 @cpu0 { hib_alloc A nr=2 }\n"
	"task 1 @cpu1 { map m0 0; reclaim m0 0 }\n"
	"expect INV-G1 with mutant hib-double-dec\n";

/* The lock of an unusable hint's cluster is leaked, and soon met again. */
static const char fast_lock_leak[] =
	"program 1\n"
	"machine cpus=2 slots=8 table=page count_bits=2 ptl=0 pages=3 spaces=1 folios=3\n"
	"device A pages=16 ssd\n"
	"task 0 @cpu0 {\n"
	"write m0 0 nr=3\n"
	"reclaim m0 0 nr=3\n"
	"}\n"
	"schedule\n"
	"0.op2 cpu#2 -> cpu1;\n"
	"0.op2 alloc(charge)#2 -> fail\n"
	"expect LOCK-ORDER with mutant fast-lock-leak\n";

/* The device becomes full, and not full again before it is taken off the list. */
static const char full_blind[] =
	"program 1\n"
	"machine cpus=1 slots=8 pages=9 folios=16\n"
	"device A pages=10 ssd sync\n"
	"task 0 @cpu0 { map m0 0 nr=9; reclaim m0 0 nr=8; reclaim m0 8 }\n"
	"task 1 @cpu0 { zap m0 0 }\n"
	"schedule 0.op3 lock(avail)#1 -> 1\n"
	"expect INV-G5 with mutant full-blind\n";

static const char full_blind_drawn[] =
"    CPU 0 (task 0)                  CPU 0 (task 1)                  at rest\n"
"    --------------                  --------------                  -------\n"
"    op3: reclaim m0 8\n"
"      usage of A + 1\n"
"                                    op1: zap m0 0\n"
"                                      usage of A - 1\n"
"      del_from_avail_list: avail list entries of A 0, should be 1; wrong\n"
"          from here on\n"
"      A leaves the avail list\n"
"                                                                    device A: 8 of 9 pages in use,\n"
"                                                                        WRITEOK 1, OFFLIST 0, on the\n"
"                                                                        active list 1, on the avail\n"
"                                                                        list 0  <-- FAIL INV-G5\n";

/* One of two counts is not taken back. */
static const char rollback_short[] =
	"program 1\n"
	"machine cpus=1 slots=8 table=page count_bits=2 ptl=1 pages=2 spaces=1 folios=2\n"
	"device A pages=16 ssd\n"
	"fail extend.atomic 1\n"
	"task 0 @cpu0 { map m0 0 order=1; dup m0 1 nr=3 }\n"
	"schedule 0.op2 random#12 -> 0; 0.op2 random#13 -> 0\n"
	"expect INV-G6 with mutant dup-rollback-short\n";

/* The walk over two devices without memory for a table never ends. */
static const char slow_requeue[] =
	"program 1\n"
	"machine cpus=1 slots=8 table=page count_bits=2 ptl=0 pages=15 spaces=1 folios=15\n"
	"device A pages=16 ssd prio=2\n"
	"device B pages=24 ssd prio=2\n"
	"fail table.sleep 1..\n"
	"fail table.atomic 1..\n"
	"task 0 @cpu0 { map m0 0 nr=15; reclaim m0 0 nr=15 }\n"
	"expect PROG-3 with mutant upstream-slow-requeue\n";

/* Found by the main task, when it has swapped everything off. */
static const char hint_kept[] =
	"program 1\n"
	"machine cpus=1 slots=8 table=page count_bits=2 ptl=0 pages=1 spaces=1 folios=1\n"
	"device A pages=3 ssd\n"
	"task 0 @cpu0 { map m0 0; reclaim m0 0 }\n"
	"expect INV-G8 with mutant hint-kept\n";

static const char many_tasks[] =
	"program 1\n"
	"device A pages=64 ssd\n"
	"task 0 @cpu0 { map m0 0; reclaim m0 0 }\n"
	"task 1 @cpu1 { map m0 1; reclaim m0 1 }\n"
	"task 2 @cpu0 { map m0 2; reclaim m0 2 }\n"
	"task 3 @cpu1 { map m0 3; reclaim m0 3 }\n"
	"task 4 @cpu0 { map m0 4; reclaim m0 4 }\n"
	"task 5 @cpu1 { map m0 5; reclaim m0 5 }\n"
	"task 6 @cpu0 { map m0 6; swapoff A }\n";

static void parse(struct program *prog, const char *text)
{
	struct program_error err;

	if (program_parse(prog, text, strlen(text), &err))
		fail_msg("%u:%u: %s\n%s", err.line, err.column, err.text, text);
}

typedef void (*draw_fn)(FILE *out, const struct timeline *tl, const struct program *prog,
			const struct diagram_options *options);

/* Return: malloc. */
static char *draw(const char *text, draw_fn fn, enum diagram_detail detail)
{
	struct diagram_options options = { .detail = detail };
	char *drawn = NULL, *values;
	struct program prog;
	struct outcome out;
	struct timeline *tl;
	size_t size;
	FILE *f = open_memstream(&drawn, &size);

	parse(&prog, text);
	tl = record_run(&prog, &out);
	if (strcmp(out.check, prog.expect))
		print_error("%s\n", out.report);
	assert_string_equal(out.check, prog.expect);
	values = report_values(&out);
	options.check = out.check;
	options.values = values;
	fn(f, tl, &prog, &options);
	fclose(f);
	free(values);
	outcome_destroy(&out);
	timeline_destroy(tl);
	program_destroy(&prog);
	return drawn;
}

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

/* Each of them, in this order. */
static void assert_rows(const char *drawn, const char *const *rows, unsigned int nr)
{
	const char *at = drawn;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		at = strstr(at, rows[i]);
		if (!at)
			fail_msg("no '%s' where it should be in\n%s", rows[i], drawn);
		at++;
	}
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
		"op1: hib_alloc A nr=2\n", "  usage of A + 1\n",
		"  swap_alloc_hibernation_slot: nr_swap_pages 13, should be 14; wrong\n",
		"          from here on\n",
		"swap_alloc_hibernation_slot = A:1\n",
		"  usage of A + 1\n", "  swap_usage_add: nr_swap_pages 13, should be 13\n",
		"swap_alloc_hibernation_slot = A:2\n", "op2: reclaim m0 0\n", "usage of A + 1\n",
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
		"device A slot 8: count 2, 1 PTEs", "<-- FAIL INV-G6\n",
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
	struct diagram_options options = { .check = "DEADLOCK", .values = "task 4 waits at here" };
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

static const char *const all_programs[] = {
	seed_v1_a, seed_v1_b, passes, hib_double_dec, fast_lock_leak, full_blind, slow_requeue,
	hint_kept, many_tasks,
};

/* Paste it anywhere. */
static void test_rows_are_ascii_and_at_most_100_wide(void **state)
{
	unsigned int i, detail;
	char *drawn, *line, *end, *p;

	for (i = 0; i < ARRAY_SIZE(all_programs) * 2; i++) {
		detail = i % 2 ? DIAGRAM_FULL : DIAGRAM_FOLDED;
		drawn = draw(all_programs[i / 2], diagram_print, detail);
		for (line = drawn; *line; line = end + 1) {
			end = strchr(line, '\n');
			assert_non_null(end);
			if (end - line > DIAGRAM_WIDTH || (end > line && end[-1] == ' '))
				fail_msg("too wide, or spaces at its end: %.*s", (int)(end - line),
					 line);
			for (p = line; p < end; p++)
				assert_true(isascii(*p) && isprint(*p));
		}
		/* no address has got in */
		assert_null(strstr(drawn, "0x"));
		free(drawn);
	}
}

static void test_full_shows_more(void **state)
{
	char *folded = draw(seed_v1_a, diagram_print, DIAGRAM_FOLDED);
	char *full = draw(seed_v1_a, diagram_print, DIAGRAM_FULL);

	assert_true(strlen(full) > 4 * strlen(folded));
	assert_non_null(strstr(full, "set-up\n"));
	assert_non_null(strstr(full, "rcu_lock\n"));
	assert_null(strstr(full, "...\n"));
	assert_non_null(strstr(full, "<-- FAIL INV-C8\n"));
	free(folded);
	free(full);
}

static void test_the_same_twice(void **state)
{
	unsigned int i;
	char *a, *b;

	for (i = 0; i < ARRAY_SIZE(all_programs); i++) {
		a = draw(all_programs[i], diagram_print, DIAGRAM_FULL);
		b = draw(all_programs[i], diagram_print, DIAGRAM_FULL);
		assert_string_equal(a, b);
		free(a);
		free(b);
	}
}

/* What an XML parser would stop at: elements not closed, bare < and &, attributes unquoted. */
static void assert_xml(const char *text)
{
	const char *stack[16], *p = text, *end, *name;
	unsigned int depth = 0, quotes;

	for (; (p = strpbrk(p, "<&")); p++) {
		if (*p == '&') {
			assert_true(!strncmp(p, "&lt;", 4) || !strncmp(p, "&gt;", 4) ||
				    !strncmp(p, "&amp;", 5) || !strncmp(p, "&quot;", 6));
			continue;
		}
		name = p + 1 + (p[1] == '/');
		for (quotes = 0, end = p + 1; *end && (*end != '>' || quotes % 2); end++) {
			quotes += *end == '"';
			assert_true(*end != '<');
		}
		assert_true(*end == '>' && quotes % 2 == 0);
		if (p[1] == '/') {
			assert_true(depth > 0);
			depth--;
			assert_int_equal(strncmp(stack[depth], name, end - name), 0);
		} else if (p[1] != '?' && end[-1] != '/') {
			assert_true(depth < ARRAY_SIZE(stack));
			stack[depth++] = name;
		}
		p = end;
	}
	assert_int_equal(depth, 0);
}

static void test_svg_is_well_formed_and_says_the_same(void **state)
{
	char *svg;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all_programs); i++) {
		svg = draw(all_programs[i], diagram_svg, DIAGRAM_FULL);
		assert_xml(svg);
		free(svg);
	}
	svg = draw(seed_v1_a, diagram_svg, DIAGRAM_FOLDED);
	assert_xml(svg);
	assert_non_null(strstr(svg, ">CPU 1 (task 1)</text>"));
	assert_non_null(strstr(svg, ">uses the hint's cluster A/1 instead</text>"));
	assert_non_null(strstr(svg, ">lets go of A/2  &lt;-- FAIL INV-C8</text>"));
	free(svg);
}

static void test_every_tracepoint_says_something(void **state)
{
	struct timeline_event e = { .kind = EVENT_TRACE, .task = SIM_TASK_USER };
	struct program prog;
	unsigned int id;

	parse(&prog, passes);
	for (id = 0; id < NR_TRACE_EVENTS; id++) {
		struct step step = { .id = NR_TRACE_EVENTS };

		e.id = id;
		step_text(&step, &e, &prog);
		if (!step.text[0] && step.shape != SHAPE_CLOSE)
			fail_msg("%s has no text in diagram.def", trace_name(id));
	}
	program_destroy(&prog);
}

/* --- the block ---------------------------------------------------------------------------- */

static char *block(const char *text, const struct outcome *first, bool *same)
{
	struct program prog;
	char *printed = NULL;
	size_t size;
	FILE *f = open_memstream(&printed, &size);

	parse(&prog, text);
	*same = block_print(f, &prog, "some/file.prog", "out/dev/explore", first);
	fclose(f);
	program_destroy(&prog);
	return printed;
}

static void test_block_tells_everything_in_order(void **state)
{
	static const char *const rows[] = {
		"FAIL  INV-C8  core/check/claims.c:", "      a cluster on no list is claimed by",
		"cluster A/2 (flags NONE", "\ntasks\n", "task 0 on CPU 1, op2: reclaim m0 0",
		"holds f0, local, ci A/1", "task 1 on CPU 1", "\nprogram\n    program 1\n",
		"expect INV-C8 with mutant seed-v1-a\n", "\ninterleaving\n", seed_v1_a_drawn,
		"\nrepro out/dev/replay some/file.prog\n",
	};
	bool same;
	char *printed = block(seed_v1_a, NULL, &same);

	assert_true(same);
	assert_rows(printed, rows, ARRAY_SIZE(rows));
	assert_int_equal(strncmp(printed, rows[0], strlen(rows[0])), 0);
	free(printed);
}

static void test_block_of_a_failure_that_does_not_come_again(void **state)
{
	static char report[] = "\nFAIL  INV-C1  there\n      told once\n";
	struct outcome first = { .status = 1, .check = "INV-C1", .report = report };
	char *printed;
	bool same;

	printed = block(passes, &first, &same);
	assert_false(same);
	assert_non_null(strstr(printed, "replaying it passes"));
	assert_non_null(strstr(printed, "told once"));
	free(printed);
	printed = block(seed_v1_b, &first, &same);
	assert_false(same);
	assert_non_null(strstr(printed, "fails in another way: INV-C8"));
	free(printed);
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
	assert_true(outcome_expected(&uaf, "UAF"));
	assert_false(outcome_expected(&uaf, "RACE"));
	assert_int_equal(outcome_expected(&race, "UAF"), tsan);
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
		cmocka_unit_test(test_rows_are_ascii_and_at_most_100_wide),
		cmocka_unit_test(test_full_shows_more),
		cmocka_unit_test(test_the_same_twice),
		cmocka_unit_test(test_svg_is_well_formed_and_says_the_same),
		cmocka_unit_test(test_every_tracepoint_says_something),
		cmocka_unit_test(test_block_tells_everything_in_order),
		cmocka_unit_test(test_block_of_a_failure_that_does_not_come_again),
		cmocka_unit_test(test_reports_are_checks),
		cmocka_unit_test(test_kinds_of_reports),
		cmocka_unit_test(test_whose_check_it_is),
	};

	return cmocka_run_group_tests_name("diagram", tests, NULL, NULL);
}
