/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs whose diagrams are known, and how a test draws them. Include it after cmocka.h.
 */
#ifndef FUZZ_TEST_DRAW_H
#define FUZZ_TEST_DRAW_H

#include <stdlib.h>
#include <string.h>

#include <fuzz/explain/block.h>
#include <fuzz/explain/internal.h>

/* Not every test draws each of them. */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-const-variable"

/* The sleeper wakes up on another CPU and follows that CPU's hint: its own cluster is lost. */
static const char seed_v1_a[] =
	"program 1\n"
	"machine cpus=2 slots=8 ptl=3\n"
	"device A pages=24 ssd\n"
	"fail table.atomic 2\n"
	"task 0 @cpu0 { map m0 0 order=1; reclaim m0 0 }\n"
	"task 1 @cpu1 { map m0 8 order=1; reclaim m0 8 }\n"
	"schedule 0.op2 lock(local)#1 -> 1; 0.op2 cpu#4 -> cpu1\n"
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
"        swap_cluster_populate(A/2) {\n"
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

/* The sleeping attempt fails, too, and the cluster is not put back. */
static const char seed_v1_b[] =
	"program 1\n"
	"machine cpus=2 slots=8 table=slab\n"
	"device A pages=16 ssd\n"
	"fail table.atomic 1\n"
	"fail table.sleep 1\n"
	"task 0 @cpu0 { map m0 0 nr=2 order=1; reclaim m0 0 }\n"
	"expect INV-C8 with mutant seed-v1-b\n";

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

/* Between the look at all devices and the drain a task gets its first swap entry. */
static const char mmlist_drained[] =
	"program 1\n"
	"machine cpus=1 slots=8 table=page count_bits=2 ptl=0 pages=1 spaces=1 folios=1\n"
	"device A pages=2 ssd\n"
	"device B pages=2 ssd sync\n"
	"task 0 @cpu0 { swapoff A; swapoff B }\n"
	"task 1 @cpu0 { map m0 0; reclaim m0 0 }\n"
	"schedule 0.op1 lock(mmlist)#1 -> 1\n"
	"expect INV-G20 with mutant upstream-mmlist-drained\n";

/* Task 0 has found f0; before it locks it, task 1 does more than a picture has room for. */
#define LOOKUPS "lookup A 1; lookup A 1; lookup A 1; lookup A 1; lookup A 1; lookup A 1; lookup A 1; lookup A 1;"
static const char lookup_long_ago[] =
	"program 1\n"
	"machine cpus=2 slots=8 table=page count_bits=2 ptl=0 pages=3 spaces=1 folios=4\n"
	"device A pages=5 ssd\n"
	"task 0 @cpu1 { map m0 0 nr=3; reclaim m0 0 nr=3; exit m0; map m0 0 nr=2; reclaim m0 0 }\n"
	"task 1 @cpu0 { " LOOKUPS LOOKUPS LOOKUPS LOOKUPS LOOKUPS " lookup A 1 }\n"
	"schedule 0.op4 cpu#4 -> cpu0; 0.op5 trylock(folio)#2 -> 1\n"
	"expect WARN with mutant reclaim-no-recheck\n";

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

#pragma clang diagnostic pop

static inline void parse(struct program *prog, const char *text)
{
	struct program_error err;

	if (program_parse(prog, text, strlen(text), &err))
		fail_msg("%u:%u: %s\n%s", err.line, err.column, err.text, text);
}

typedef void (*draw_fn)(FILE *out, const struct timeline *tl, const struct program *prog,
			const struct diagram_options *options);

/* Return: malloc. */
static inline char *draw(const char *text, draw_fn fn, enum diagram_detail detail)
{
	struct diagram_options options = { .detail = detail };
	char *drawn = NULL;
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
	options.check = out.check;
	options.failure = out.failure.valid ? &out.failure : NULL;
	fn(f, tl, &prog, &options);
	fclose(f);
	outcome_destroy(&out);
	timeline_destroy(tl);
	program_destroy(&prog);
	return drawn;
}

/* Each of them, in this order. */
static inline void assert_rows(const char *drawn, const char *const *rows, unsigned int nr)
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

#endif
