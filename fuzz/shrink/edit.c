// SPDX-License-Identifier: GPL-2.0-only
/* Edits that take something out of a program. Each leaves a valid one. */
#include <string.h>

#include <fuzz/mutate/mutate.h>
#include "shrink.h"

/* --- choices ------------------------------------------------------------------------------------ */

static unsigned int choices_units(struct program *prog)
{
	return prog->nr_choices;
}

static bool choices_apply(struct program *prog, unsigned int at, unsigned int size)
{
	unsigned int left = prog->nr_choices - at - size;

	memmove(&prog->choices[at], &prog->choices[at + size], left * sizeof(*prog->choices));
	prog->nr_choices -= size;
	return true;
}

const struct edit edit_choices = {
	.name = "choices", .units = choices_units, .apply = choices_apply, .chunks = true,
};

#define PAIRS_OF 12			/* there are too many pairs of more */

static unsigned int pairs(unsigned int n)
{
	return n < 3 || n > PAIRS_OF ? 0 : n * n;
}

/* Two that only make sense together: there and back again. */
static unsigned int choice_pairs_units(struct program *prog)
{
	return pairs(prog->nr_choices);
}

static bool choice_pairs_apply(struct program *prog, unsigned int at, unsigned int size)
{
	unsigned int a = at / prog->nr_choices, b = at % prog->nr_choices;

	/* neighbours are a chunk */
	if (b < a + 2)
		return false;
	choices_apply(prog, b, 1);
	return choices_apply(prog, a, 1);
}

const struct edit edit_choice_pairs = {
	.name = "choice pairs", .units = choice_pairs_units, .apply = choice_pairs_apply,
};

/* One goes, and a few others change. */
const struct edit edit_choice_near = {
	.name = "choices nearby", .units = choices_units, .apply = choices_apply,
	.search = { 16, 200 },
};

#define RESCHEDULES 4

/* Another schedule altogether; another seed by what is kept of the old one. */
static unsigned int reschedule_units(struct program *prog)
{
	return prog->nr_choices > 1 ? RESCHEDULES : 0;
}

static bool reschedule_apply(struct program *prog, unsigned int at, unsigned int size)
{
	prog->nr_choices = prog->nr_choices * at / RESCHEDULES;
	return true;
}

const struct edit edit_reschedule = {
	.name = "schedule", .units = reschedule_units, .apply = reschedule_apply,
	.search = { 100, 1000 },
};

/* --- tasks -------------------------------------------------------------------------------------- */

static unsigned int tasks_units(struct program *prog)
{
	return prog->nr_tasks > 1 ? prog->nr_tasks : 0;
}

static bool tasks_apply(struct program *prog, unsigned int at, unsigned int size)
{
	program_delete_task(prog, prog->nr_tasks - 1 - at);
	return true;
}

const struct edit edit_tasks = {
	.name = "tasks", .units = tasks_units, .apply = tasks_apply, .search = { 64, 400 },
};

static unsigned int merge_units(struct program *prog)
{
	return prog->nr_tasks * prog->nr_tasks;
}

/* One task's operations follow another's, with their choices. */
static bool merge_apply(struct program *prog, unsigned int at, unsigned int size)
{
	unsigned int from = at / prog->nr_tasks, to = at % prog->nr_tasks, i;
	struct program_task *a = &prog->tasks[to], *b = &prog->tasks[from];
	struct choice *c;

	if (from == to || a->nr_ops + b->nr_ops > PROGRAM_OPS_MAX)
		return false;
	for (i = 0; i < prog->nr_choices; i++) {
		c = &prog->choices[i];
		if (anchor_schedules(c->anchor) && c->value == SIM_TASK_USER + from)
			c->value = SIM_TASK_USER + to;
		if (c->task != SIM_TASK_USER + from || !c->op)
			continue;
		c->task = SIM_TASK_USER + to;
		c->op += a->nr_ops;
	}
	memcpy(&a->ops[a->nr_ops], b->ops, b->nr_ops * sizeof(b->ops[0]));
	a->nr_ops += b->nr_ops;
	schedule_sort(prog);
	program_delete_task(prog, from);
	return true;
}

const struct edit edit_merge = {
	.name = "merge tasks", .units = merge_units, .apply = merge_apply, .search = { 64, 400 },
};

/* --- operations --------------------------------------------------------------------------------- */

unsigned int program_nr_ops(const struct program *prog)
{
	unsigned int i, nr = 0;

	for (i = 0; i < prog->nr_tasks; i++)
		nr += prog->tasks[i].nr_ops;
	return nr;
}

static unsigned int ops_units(struct program *prog)
{
	return program_nr_ops(prog);
}

/* The n-th of all tasks' operations. */
static void op_delete(struct program *prog, unsigned int n)
{
	unsigned int task = 0;

	while (n >= prog->tasks[task].nr_ops)
		n -= prog->tasks[task++].nr_ops;
	program_delete_op(prog, task, n);
}

/* From the end on: what came after the failure goes first. */
static bool ops_apply(struct program *prog, unsigned int at, unsigned int size)
{
	unsigned int first = program_nr_ops(prog) - at - size;

	while (size--)
		op_delete(prog, first + size);
	return true;
}

const struct edit edit_ops = {
	.name = "operations", .units = ops_units, .apply = ops_apply, .chunks = true,
	.search = { 48, 300 },
};

static unsigned int op_pairs_units(struct program *prog)
{
	return pairs(program_nr_ops(prog));
}

static bool op_pairs_apply(struct program *prog, unsigned int at, unsigned int size)
{
	unsigned int nr = program_nr_ops(prog), a = at / nr, b = at % nr;

	if (b < a + 2)
		return false;
	op_delete(prog, b);
	op_delete(prog, a);
	return true;
}

const struct edit edit_op_pairs = {
	.name = "operation pairs", .units = op_pairs_units, .apply = op_pairs_apply,
	.search = { 8, 100 },
};

static unsigned int exchange_units(struct program *prog)
{
	return prog->nr_choices > 1 ? 2 * program_nr_ops(prog) : 0;
}

static void drop_choices(struct program *prog, unsigned int task, unsigned int op)
{
	unsigned int i, nr = 0;

	for (i = 0; i < prog->nr_choices; i++)
		if (prog->choices[i].task != SIM_TASK_USER + task || prog->choices[i].op != op + 1)
			prog->choices[nr++] = prog->choices[i];
	prog->nr_choices = nr;
}

/*
 * Reclaim under memory pressure takes choices: it can be asked for instead, behind the operation
 * that fills the range, or in place of a later one that only allocates.
 */
static bool exchange_apply(struct program *prog, unsigned int at, unsigned int size)
{
	bool replace = at >= program_nr_ops(prog);
	struct program_task *t = prog->tasks;
	unsigned int task = 0, from;
	struct op op;

	if (replace)
		at -= program_nr_ops(prog);
	while (at >= t->nr_ops)
		at -= t++->nr_ops, task++;
	for (from = at; replace && from && t->ops[from].id != OP_map && t->ops[from].id != OP_write; )
		from--;
	op = t->ops[from];
	if ((op.id != OP_map && op.id != OP_write) ||
	    (replace && (from == at || t->ops[at].id == OP_reclaim)) ||
	    t->nr_ops == PROGRAM_OPS_MAX)
		return false;
	op.id = OP_reclaim;
	op.order = 0;
	op.flags = 0;
	drop_choices(prog, task, at);
	if (replace)
		t->ops[at] = op;
	else
		program_insert_op(prog, task, at + 1, &op);
	return true;
}

const struct edit edit_exchange = {
	.name = "choices for an operation", .units = exchange_units, .apply = exchange_apply,
	.search = { 200, 1000 },
};

/* --- devices ------------------------------------------------------------------------------------ */

static unsigned int op_device(const struct op *op)
{
	const char *d = strchr(op_infos[op->id].args, 'D');

	return d ? (unsigned int)(d - op_infos[op->id].args) : OP_ARGS_MAX;
}

/* Operations on @gone go to @to; without it, away. Letters that follow move up. */
static void device_delete(struct program *prog, unsigned int gone, unsigned int to)
{
	unsigned int i, j, arg;
	struct op *op;

	for (i = 0; i < prog->nr_tasks; i++) {
		for (j = prog->tasks[i].nr_ops; j--; ) {
			op = &prog->tasks[i].ops[j];
			arg = op_device(op);
			if (arg == OP_ARGS_MAX)
				continue;
			if (op->args[arg] == gone) {
				op->args[arg] = to;
				if (to == gone) {
					program_delete_op(prog, i, j);
					continue;
				}
			}
			op->args[arg] -= op->args[arg] > gone;
		}
	}
	prog->nr_devices--;
	memmove(&prog->devices[gone], &prog->devices[gone + 1],
		(prog->nr_devices - gone) * sizeof(prog->devices[0]));
}

static unsigned int devices_units(struct program *prog)
{
	return prog->nr_devices > 1 ? prog->nr_devices * prog->nr_devices : 0;
}

static bool devices_apply(struct program *prog, unsigned int at, unsigned int size)
{
	unsigned int gone = at / prog->nr_devices, to = at % prog->nr_devices;

	device_delete(prog, gone, to);
	return true;
}

const struct edit edit_devices = {
	.name = "devices", .units = devices_units, .apply = devices_apply,
	.search = { 48, 300 },
};

static unsigned int bad_units(struct program *prog)
{
	unsigned int i, nr = 0;

	for (i = 0; i < prog->nr_devices; i++)
		nr += prog->devices[i].nr_bad;
	return nr;
}

static bool bad_apply(struct program *prog, unsigned int at, unsigned int size)
{
	struct world_device *dev = prog->devices;

	while (at >= dev->nr_bad)
		at -= dev++->nr_bad;
	dev->nr_bad--;
	memmove(&dev->bad[at], &dev->bad[at + 1], (dev->nr_bad - at) * sizeof(dev->bad[0]));
	return true;
}

const struct edit edit_bad = {
	.name = "bad slots", .units = bad_units, .apply = bad_apply,
	.search = { 8, 64 },
};

/* --- planned failures --------------------------------------------------------------------------- */

enum { FAIL_GONE, FAIL_ONCE, FAIL_FIRST, NR_FAIL_EDITS };

static unsigned int fails_units(struct program *prog)
{
	return prog->nr_fails * NR_FAIL_EDITS;
}

static bool fails_apply(struct program *prog, unsigned int at, unsigned int size)
{
	struct program_fail *fail = &prog->fails[at / NR_FAIL_EDITS];

	switch (at % NR_FAIL_EDITS) {
	case FAIL_GONE:
		prog->nr_fails--;
		memmove(fail, fail + 1,
			(prog->nr_fails - at / NR_FAIL_EDITS) * sizeof(*fail));
		return true;
	case FAIL_ONCE:
		if (!fail->every && fail->from == fail->to)
			return false;
		if (fail->every)
			fail->from = fail->every;
		fail->to = fail->from;
		fail->every = 0;
		return true;
	default:
		if (!fail->every)
			return false;
		fail->from = fail->to = 1;
		fail->every = 0;
		return true;
	}
}

const struct edit edit_fails = {
	.name = "failures", .units = fails_units, .apply = fails_apply,
	.search = { 16, 100 },
};

static unsigned int plan_units(struct program *prog)
{
	return prog->nr_choices > 1 ? NR_ALLOC_SITES : 0;
}

/* Many choices that allocations of a site fail become a plan that all do. */
static bool plan_apply(struct program *prog, unsigned int at, unsigned int size)
{
	unsigned int i, nr = 0, gone;

	for (i = 0; i < prog->nr_fails; i++)
		if (prog->fails[i].site == at)
			return false;
	for (i = 0; i < prog->nr_choices; i++)
		if (prog->choices[i].anchor != ANCHOR_ALLOC + at)
			prog->choices[nr++] = prog->choices[i];
	gone = prog->nr_choices - nr;
	prog->nr_choices = nr;
	if (gone < 2 || prog->nr_fails == PROGRAM_FAILS_MAX)
		return false;
	prog->fails[prog->nr_fails++] = (struct program_fail){
		.site = at, .from = 1, .to = PROGRAM_FOREVER,
	};
	return true;
}

const struct edit edit_plan = {
	.name = "choices for a failure", .units = plan_units, .apply = plan_apply,
	.search = { 16, 100 },
};
