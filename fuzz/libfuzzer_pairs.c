// SPDX-License-Identifier: GPL-2.0-only
/*
 * Concurrency coverage for libFuzzer: a counter for each pair (event of another task, event of
 * this task) that follow each other on one object, so that an input which only reaches a new
 * interleaving is kept. An event is its kind and the operation that it is in. Built without
 * instrumentation: it runs inside the scheduler.
 */
#include <stdlib.h>
#include <string.h>

#include "exec.h"
#include "target.h"

#define COUNTERS (32U << 10)		/* more of them cost libFuzzer more than they tell */
#define OBJECTS (1U << 13)

/* Not static: clang deletes what nobody can read. */
extern u8 fuzz_pair_counters[COUNTERS];
__attribute__((section("__libfuzzer_extra_counters"), aligned(sizeof(u64)))) u8 fuzz_pair_counters[COUNTERS];

/* By address, with all of it compared: which objects collide must not show in the counters. */
static struct object {
	const volatile void *obj;
	u32 run;			/* entries of former runs are free */
	u16 task, event;
} objects[OBJECTS];
static unsigned int run, nr_objects;

static struct object *object_find(const volatile void *obj)
{
	unsigned int at = ((unsigned long)obj * 0x9e3779b97f4a7c15UL) >> 51;

	while (objects[at].run == run && objects[at].obj != obj)
		at = (at + 1) % OBJECTS;
	return &objects[at];
}

static unsigned int event_of(const struct task_struct *task, unsigned int anchor)
{
	unsigned int op = 0;

	if (task->id >= SIM_TASK_USER && task->op_nr)
		op = 1 + exec.prog->tasks[task->id - SIM_TASK_USER].ops[task->op_nr - 1].id;
	return op * NR_ANCHORS + anchor;
}

static void pair(const struct task_struct *task, unsigned int anchor, unsigned int nth,
		 const volatile void *obj)
{
	unsigned int event = event_of(task, anchor);
	struct object *o;

	if (!obj)
		return;
	o = object_find(obj);
	if (o->run != run) {
		if (nr_objects == OBJECTS / 2)
			return;
		nr_objects++;
		*o = (struct object){ .obj = obj, .run = run };
	} else if (o->task != task->id) {
		fuzz_pair_counters[((o->event * 4096UL + event) * 0x9e3779b97f4a7c15UL) >> 49] |= 1;
	}
	o->task = task->id;
	o->event = event;
}

static bool wanted(void)
{
	static int off = -1;
	const char *value;

	if (off < 0) {
		value = getenv("SWAPHAMMER_PAIRS");
		off = value && !strcmp(value, "0");
	}
	return !off;
}

void fuzz_pairs_begin(void)
{
	if (!wanted())
		return;
	if (!++run) {
		memset(objects, 0, sizeof(objects));
		run = 1;
	}
	nr_objects = 0;
	sim_set_tracer(pair);
}

bool fuzz_pairs_new(void)
{
	static u64 seen[COUNTERS / sizeof(u64)];
	u64 *counters = (u64 *)fuzz_pair_counters;
	bool new = !wanted();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(seen); i++) {
		if (!counters[i])
			continue;
		new |= counters[i] & ~seen[i];
		seen[i] |= counters[i];
		counters[i] = 0;
	}
	return new;
}
