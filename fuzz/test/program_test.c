// SPDX-License-Identifier: GPL-2.0-only
/* The text format: round trips, and errors with their places. Any bytes: bytes_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <kernel/tracepoint.h>
#include "round_trip.h"

static void add_reaches(struct program *prog, struct rng *rng)
{
	const struct trace_arg *arg;
	struct program_reach *r;
	unsigned int i;

	prog->nr_reaches = rng_below(rng, 4);
	for (r = prog->reaches; r < prog->reaches + prog->nr_reaches; r++) {
		memset(r, 0, sizeof(*r));
		r->task = rng_below(rng, 2) ? PROGRAM_ANY_TASK :
			  rng_below(rng, SIM_TASK_USER + prog->nr_tasks);
		r->event = rng_below(rng, NR_TRACE_EVENTS);
		for (i = 0; i < TRACE_ARGS_MAX; i++)
			r->values[i].device = -1;
		for (i = 0; (arg = trace_arg(r->event, i)); i++) {
			if (rng_below(rng, 2))
				continue;
			if (arg->kind <= TRACE_HINT && prog->nr_devices && rng_below(rng, 2))
				r->values[i].device = rng_below(rng, prog->nr_devices);
			r->values[i].given = arg->kind != TRACE_DEVICE && rng_below(rng, 4);
			r->values[i].nr = !r->values[i].given ? 0 :
					  (long)rng_below(rng, 5) - (arg->kind >= TRACE_ERROR ? 4 : 0);
			/* no hint is no device's */
			if (arg->kind == TRACE_HINT && r->values[i].given && !r->values[i].nr)
				r->values[i].device = -1;
		}
	}
}

/* Any choices, some of each kind. */
static void add_choices(struct program *prog, struct rng *rng)
{
	unsigned int i, n = rng_below(rng, 20);
	struct choice *c;

	prog->choices = calloc(n + 1, sizeof(*prog->choices));
	prog->nr_choices = n;
	for (i = 0; i < n; i++) {
		c = &prog->choices[i];
		c->task = rng_below(rng, SIM_TASK_USER + prog->nr_tasks);
		c->op = c->task < SIM_TASK_USER ? rng_below(rng, 100) :
			rng_below(rng, prog->tasks[c->task - SIM_TASK_USER].nr_ops + 1);
		c->anchor = rng_below(rng, NR_ANCHORS);
		/* no two for an event */
		c->nth = 1 + i + 20 * rng_below(rng, 50);
		if (anchor_schedules(c->anchor))
			c->value = rng_below(rng, SIM_TASK_USER + prog->nr_tasks);
		else if (c->anchor == ANCHOR_STORE)
			c->value = rng_below(rng, SIM_STORE_DELAYS);
		else if (c->anchor >= ANCHOR_ALLOC)
			c->value = rng_below(rng, 2);
		else if (c->anchor == ANCHOR_CPU)
			c->value = rng_below(rng, prog->geometry.nr_cpus);
		else
			c->value = rng_below(rng, 9);
	}
	add_reaches(prog, rng);
	prog->has_expect = rng_below(rng, 2);
	if (prog->has_expect && rng_below(rng, 2))
		strcpy(prog->expect, "INV-C1");
	if (prog->has_expect && rng_below(rng, 2))
		strcpy(prog->mutant, rng_below(rng, 2) ? "seed-v1-a" : "late-dec+hib-double-dec+seed-v1");
}

static void test_generated_round_trip(void **state)
{
	struct program prog, same;
	struct rng rng = { 1 };
	u64 seed;

	for (seed = 0; seed < 20000; seed++) {
		program_generate(&prog, seed);
		program_generate(&same, seed);
		assert_true(program_equal(&prog, &same));
		check_round_trip(&prog);
		add_choices(&prog, &rng);
		check_round_trip(&prog);
		program_copy(&same, &prog);
		assert_true(program_equal(&prog, &same));
		program_destroy(&same);
		program_destroy(&prog);
	}
}

static const char example[] =
	"program 1\n"
	"# A free cluster is isolated, its table cannot be allocated atomically.\n"
	"machine  cpus=2 slots=8 table=slab\n"
	"device   A pages=32 ssd prio=1 short=3 bad=3,7\n"
	"fail     table.atomic 1.. ; table.sleep 1 ; io every 3\n"
	"task 0 @cpu0 { map m0 0; reclaim m0 0 } # all on a line\n"
	"task 1 @cpu1 {\n"
	"\tmap m1 0 nr=4 order=2\n"
	"\treclaim m1 0 skip_write\n"
	"}\n"
	"\n"
	"schedule 0.op2 lock(ci)#1 -> 1 ; 1.op2 unlock(ci)#2 -> 0;\n"
	"  rcu.op1 cpu#1 -> cpu1; work0.op2 slab#1 -> 3; 1.op1 alloc(table.atomic)#1 -> fail\n"
	"reaches  0:swap_table_unlocked 1:swap_table_published,ci=2,table=t1 # in this order\n"
	"reaches  swap_reclaim_done,slot=A:9,result=-4 swap_cluster_moved,ci=A/1,old=FREE mm_fault,entry=A\n"
	"expect   INV-C8 with mutant seed-v1-a\n";

/* A build with one geometry: what is not given is the build's, what differs is refused. */
static void test_fixed_geometry(void **state)
{
	static const struct geometry fixed = {
		.cluster_slots = 512, .pmd_order = 9, .count_bits = 4, .table = TABLE_SLAB,
	};
	static const struct { const char *text, *err; } programs[] = {
		{ "program 1\ntask 0 @cpu0 { map m0 0 order=9 }\n", NULL },
		{ "program 1\nmachine slots=512 table=slab count_bits=4\n"
		  "task 0 @cpu0 { map m0 0 }\n", NULL },
		{ "program 1\nmachine cpus=2 slots=8\ntask 0 @cpu0 { map m0 0 }\n",
		  "2:22: this program needs slots=8, and this build is for slots=512 only" },
		{ "program 1\nmachine table=page\ntask 0 @cpu0 { map m0 0 }\n",
		  "2:15: this program needs table=page, and this build is for table=slab only" },
		{ "program 1\nmachine count_bits=2\ntask 0 @cpu0 { map m0 0 }\n",
		  "2:20: this program needs count_bits=2, and this build is for count_bits=4 only" },
	};
	struct program_error err;
	struct program prog;
	char text[256];
	unsigned int i;

	geometry_fixed = &fixed;
	for (i = 0; i < ARRAY_SIZE(programs); i++) {
		text[0] = 0;
		if (program_parse(&prog, programs[i].text, strlen(programs[i].text), &err))
			snprintf(text, sizeof(text), "%u:%u: %s", err.line, err.column, err.text);
		assert_string_equal(text, programs[i].err ? programs[i].err : "");
		if (text[0])
			continue;
		assert_int_equal(prog.geometry.cluster_slots, 512);
		assert_int_equal(prog.geometry.pmd_order, 9);
		assert_int_equal(prog.geometry.table, TABLE_SLAB);
		program_destroy(&prog);
	}
	for (i = 1; i < 50; i++) {
		program_generate(&prog, i);
		assert_int_equal(geometry_set(&prog.geometry, NULL), 0);
		program_destroy(&prog);
	}
	prog.geometry.count_bits = 2;
	assert_int_equal(geometry_set(&prog.geometry, NULL), -EINVAL);
	geometry_fixed = NULL;
	assert_int_equal(geometry_set(&prog.geometry, NULL), 0);
}

static void test_example(void **state)
{
	struct program_error err;
	struct program prog;

	if (program_parse(&prog, example, strlen(example), &err))
		fail_msg("%u:%u: %s", err.line, err.column, err.text);
	assert_int_equal(prog.geometry.table, TABLE_SLAB);
	assert_int_equal(prog.nr_fails, 3);
	assert_int_equal(prog.fails[0].to, PROGRAM_FOREVER);
	assert_int_equal(prog.fails[1].to, 1);
	assert_int_equal(prog.fails[2].every, 3);
	assert_int_equal(prog.devices[0].nr_bad, 2);
	assert_int_equal(prog.devices[0].short_by, 3);
	assert_int_equal(prog.nr_tasks, 2);
	assert_int_equal(prog.tasks[0].nr_ops, 2);
	assert_int_equal(prog.tasks[1].ops[0].nr, 4);
	assert_int_equal(prog.tasks[1].ops[0].order, 2);
	assert_int_equal(prog.tasks[1].ops[1].flags, OP_SKIP_WRITE);
	assert_int_equal(prog.nr_choices, 5);
	assert_int_equal(prog.choices[0].task, SIM_TASK_USER);
	assert_int_equal(prog.choices[0].value, SIM_TASK_USER + 1);
	assert_int_equal(prog.choices[4].anchor, ANCHOR_ALLOC + ALLOC_TABLE_ATOMIC);
	assert_int_equal(prog.nr_reaches, 5);
	assert_int_equal(prog.reaches[0].task, SIM_TASK_USER);
	assert_false(prog.reaches[0].values[0].given);
	assert_int_equal(prog.reaches[0].values[0].device, -1);
	assert_int_equal(prog.reaches[1].event, TRACE_swap_table_published);
	assert_int_equal(prog.reaches[1].values[0].nr, 2);
	assert_int_equal(prog.reaches[1].values[1].nr, 1);
	assert_int_equal(prog.reaches[2].task, PROGRAM_ANY_TASK);
	assert_false(prog.reaches[2].values[1].given);
	assert_int_equal(prog.reaches[2].values[2].device, 0);
	assert_int_equal(prog.reaches[2].values[2].nr, 9);
	assert_int_equal(prog.reaches[2].values[3].nr, -4);
	assert_int_equal(prog.reaches[3].values[1].nr, 1);
	assert_int_equal(prog.reaches[3].values[3].nr, 1);	/* CLUSTER_FLAG_FREE */
	assert_int_equal(prog.reaches[4].values[0].device, 0);
	assert_false(prog.reaches[4].values[0].given);
	assert_int_equal(prog.reaches[2].line, 15);
	assert_string_equal(prog.expect, "INV-C8");
	assert_string_equal(prog.mutant, "seed-v1-a");
	check_round_trip(&prog);
	program_destroy(&prog);
}

/* What a device discards; also in the old spelling, which had two words. */
static void test_discard(void **state)
{
	static const struct { const char *words; enum world_discard discard; } devices[] = {
		{ "", WORLD_DISCARD_NONE }, { " discard", WORLD_DISCARD }, { " discard_once", WORLD_DISCARD_ONCE },
		{ " discard_pages", WORLD_DISCARD_PAGES }, { " discard discard_once", WORLD_DISCARD_ONCE },
		{ " discard_once discard", WORLD_DISCARD_ONCE },
	};
	struct program_error err;
	struct program prog;
	char text[256];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		snprintf(text, sizeof(text), "program 1\ndevice A pages=32 ssd%s\ntask 0 @cpu0 { map m0 0 }\n",
			 devices[i].words);
		if (program_parse(&prog, text, strlen(text), &err))
			fail_msg("%s: %u:%u: %s", text, err.line, err.column, err.text);
		assert_int_equal(prog.devices[0].discard, devices[i].discard);
		check_round_trip(&prog);
		program_destroy(&prog);
	}
}

/* Every operation of the table, with every option it has. */
static void test_every_operation(void **state)
{
	const struct operand *o;
	struct program prog;
	const char *arg;
	struct op *op;
	unsigned int i;

	for (i = 0; i < NR_OPS; i++) {
		program_init(&prog);
		prog.nr_tasks = 1;
		prog.tasks[0].nr_ops = 1;
		op = &prog.tasks[0].ops[0];
		op_init(op, i);
		for (arg = op_infos[i].args; *arg; arg++) {
			o = operand_of(*arg);
			if (!operand_is_argument(*arg))
				operand_set(o, op, o->most);
		}
		check_round_trip(&prog);
		program_destroy(&prog);
	}
}

#define P "program 1\n"
#define T P "task 0 @cpu0 { map m0 0 }\n"

static const struct bad {
	const char *text;
	unsigned int line, column;
	const char *fragment;
} bad[] = {
	{ "", 1, 1, "expected 'program 1', found the end of the file" },
	{ "prog 1\n", 1, 1, "found 'prog'" },
	{ "program 2\n", 1, 9, "expected version 1, found '2'" },
	{ "program 1 x\n", 1, 11, "expected the end of the line" },
	{ P "mach\n", 2, 1, "expected machine, device" },
	{ P "machine cpus=0\n", 2, 14, "expected cpus, 1 to 16, found '0'" },
	{ P "machine cpus=17\n", 2, 14, "1 to 16" },
	{ P "machine cpus=02\n", 2, 14, "found '02'" },
	{ P "machine cpus=\n", 2, 14, "expected cpus" },
	{ P "machine cpus=2 cpus=2\n", 2, 16, "given twice" },
	{ P "machine slots=12\n", 2, 15, "a power of two" },
	{ P "machine slots=x\n", 2, 15, "expected slots, 8 to 512" },
	{ P "machine table=disk\n", 2, 15, "page or slab" },
	{ P "machine foo=1\n", 2, 9, "found 'foo=1'" },
	{ P "machine\nmachine\n", 3, 1, "each after those before it" },
	{ P "device B pages=9\n", 2, 8, "expected device A" },
	{ P "device A\n", 2, 9, "expected pages=" },
	{ P "device A pages=1\n", 2, 16, "2 to 4096" },
	{ P "device A pages=9 ssd rotating\n", 2, 22, "given twice" },
	{ P "device A pages=9 bad=9\n", 2, 22, "1 to 8" },
	{ P "device A pages=9 bad=3,2\n", 2, 24, "ascending" },
	{ P "device A pages=9 bad=3,\n", 2, 24, "a bad slot" },
	{ P "device A pages=9 fast\n", 2, 18, "found 'fast'" },
	{ P "fail tables 1\n", 2, 6, "an allocation site" },
	{ P "fail io\n", 2, 8, "every N" },
	{ P "fail io 0\n", 2, 9, "an attempt, 1 to 1000000000, found '0'" },
	{ P "fail io 3..2\n", 2, 12, "found '2'" },
	{ P "fail io 1 ; other 2 ; io 3\n", 2, 23, "'io' is given twice" },
	{ P "fail io 1\nfail io 3\n", 3, 6, "'io' is given twice" },
	{ P "fail io every 0\n", 2, 15, "found '0'" },
	{ P "fail io 1 2\n", 2, 11, "the end of the line" },
	{ P "task 1 @cpu0 { }\n", 2, 6, "0 to 0" },
	{ P "task 0 @cpu2 { }\n", 2, 12, "0 to 1" },
	{ P "task 0 @cpu0 map\n", 2, 14, "expected '{'" },
	{ P "task 0 @cpu0 { mapp m0 0 }\n", 2, 16, "an operation or '}'" },
	{ P "task 0 @cpu0 { map m16 0 }\n", 2, 21, "0 to 15" },
	{ P "task 0 @cpu0 { map m0 32 }\n", 2, 23, "0 to 31" },
	{ P "task 0 @cpu0 { map m0 }\n", 2, 23, "a page" },
	{ P "task 0 @cpu0 { map m0 0 order=10 }\n", 2, 31, "0 to 9" },
	{ P "task 0 @cpu0 { map m0 0 window=4 }\n", 2, 25, "an option" },
	{ P "task 0 @cpu0 { map m0 0 nr=2 nr=2 }\n", 2, 30, "given twice" },
	{ P "task 0 @cpu0 { drain now }\n", 2, 22, "the end of the operation" },
	{ P "task 0 @cpu0 { swapon B }\n", 2, 23, "declared above" },
	{ P "task 0 @cpu0 { hint c0 c2 }\n", 2, 25, "0 to 1" },
	{ P "task 0 @cpu0 { map m0 0\n", 3, 1, "found the end of the file" },
	{ T "schedule\n", 4, 1, "TASK.opN" },
	{ T "schedule 1.op1 lock(ci)#1 -> 0\n", 3, 10, "a task of this program" },
	{ T "schedule 0.op2 lock(ci)#1 -> 0\n", 3, 14, "0 to 1" },
	{ T "schedule 0.1 lock(ci)#1 -> 0\n", 3, 12, "expected opN" },
	{ T "schedule 0.op1 lock(cj)#1 -> 0\n", 3, 16, "an event" },
	{ T "schedule 0.op1 lock(ci)#0 -> 0\n", 3, 25, "a number" },
	{ T "schedule 0.op1 lock(ci)#1 0\n", 3, 27, "expected '->'" },
	{ T "schedule 0.op1 cpu#1 -> 0\n", 3, 25, "a CPU" },
	{ T "schedule 0.op1 alloc(io)#1 -> 0\n", 3, 31, "fail or ok" },
	{ T "schedule 0.op1 lock(ci)#1 -> 0; 0.op1 lock(ci)#2 -> 0; 0.op1 lock(ci)#1 -> main\n", 3, 56,
	  "expected one choice for an event, found another one for 0.op1 lock(ci)#1; the first is in line 3" },
	{ T "schedule\n\t0.op1 alloc(io)#1 -> ok;\n\t0.op1 alloc(io)#1 -> fail\n", 5, 2, "in line 4" },
	{ T "reaches\n", 3, 8, "expected a tracepoint, as 0:swap_alloc_taken,slot=8, found the end of the line" },
	{ T "reaches 1:swap_gate\n", 3, 9, "a task of this program" },
	{ T "reaches 0:swap_allok_taken\n", 3, 11, "; near: swap_alloc_taken" },
	{ T "reaches swap_alloc_gate 0:\n", 3, 27, "expected a tracepoint" },
	{ T "reaches swap_alloc_taken,c=1\n", 3, 26, "an argument of this tracepoint, = and its value, found 'c=1'" },
	{ T "reaches swap_alloc_taken,slt=1\n", 3, 26, "; near: slot" },
	{ T "reaches mm_fork_aborted,nr=1\n", 3, 25, "an argument of this tracepoint" },
	{ T "reaches swap_alloc_taken,nr=1,nr=2\n", 3, 31, "'nr' is given twice" },
	{ T "reaches swap_alloc_taken,nr=\n", 3, 29, "expected nr, 0 to 9223372036854775807, found ''" },
	{ T "reaches swap_table_freed,table=t\n", 3, 33, "expected table, 0 to" },
	{ T "reaches swap_alloc_taken,nr=x,slot=1\n", 3, 29, "expected nr, 0 to 9223372036854775807, found 'x'" },
	{ T "reaches swap_alloc_taken,slot=B:1\n", 3, 31, "there is no device B" },
	{ T "reaches swap_alloc_taken,slot=A/1\n", 3, 31, "expected a device and a slot, as A:8, found 'A/1'" },
	{ T "reaches swap_alloc_taken,ci=A:1\n", 3, 29, "expected a device and a cluster, as A/1, found 'A:1'" },
	{ T "reaches swap_alloc_taken,si=1\n", 3, 29, "expected a device, found '1'" },
	{ T "reaches swap_alloc_gate;\n", 3, 24, "the end of the line" },
	{ T "expect pass\nreaches swap_alloc_gate\n", 4, 1, "each after those before it" },
	{ T "expect inv\n", 3, 8, "the id of a check" },
	{ T "expect INV-C81\n", 3, 8, "found 'INV-C81'; near: INV-C1, INV-C8" },
	{ T "expect NONSENSE\n", 3, 8, "the id of a check, found 'NONSENSE'" },
	{ T "expect UAF with mutant sed-v1-b\n", 3, 24, "the id of a mutant, found 'sed-v1-b'; near: seed-v1-b" },
	{ T "expect UAF with mutant late-dec+sed-v1-b\n", 3, 24, "the id of a mutant" },
	{ T "expect UAF with mutant late-dec+\n", 3, 24, "the id of a mutant" },
	{ T "expect UAF with mutant +late-dec\n", 3, 24, "the id of a mutant" },
	{ T "expect UAF with mutant\n", 3, 23, "the id of a mutant, found the end of the line" },
	{ P "machine cpu=2\n", 2, 9, "; near: cpus=" },
	{ P "device A pages=9 rotatin\n", 2, 18, "; near: rotating" },
	{ P "device A pages=9 pro=1\n", 2, 18, "; near: prio=" },
	{ P "fail table.atomc 1\n", 2, 6, "; near: table.atomic" },
	{ P "tsk 0 @cpu0 { }\n", 2, 1, "; near: task" },
	{ P "task 0 @cpu0 { recliam m0 0 }\n", 2, 16, "found 'recliam'; near: reclaim" },
	{ P "task 0 @cpu0 { reclaim m0 0 keep_cach }\n", 2, 29, "; near: keep_cache" },
	{ P "task 0 @cpu0 { reclaim m0 0 n=1 }\n", 2, 29, "; near: nr=" },
	{ T "schedule 0.op1 lck(ci)#1 -> 0\n", 3, 16, "; near: lock(ci)" },
	{ T "expect pass with\n", 3, 17, "'mutant'" },
	{ T "expect pass with mutant X\n", 3, 25, "the id of a mutant" },
	{ T "expect pass\ntask 1 @cpu0 { }\n", 4, 1, "each after those before it" },
};

static void test_bad_input(void **state)
{
	struct program_error err;
	struct program prog;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!program_parse(&prog, bad[i].text, strlen(bad[i].text), &err))
			fail_msg("accepted: %s", bad[i].text);
		if (err.line != bad[i].line || err.column != bad[i].column ||
		    !strstr(err.text, bad[i].fragment))
			fail_msg("%s\n%u:%u: %s\nwanted %u:%u: %s", bad[i].text, err.line,
				 err.column, err.text, bad[i].line, bad[i].column,
				 bad[i].fragment);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_generated_round_trip),
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_fixed_geometry),
		cmocka_unit_test(test_discard),
		cmocka_unit_test(test_every_operation),
		cmocka_unit_test(test_bad_input),
	};

	return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
