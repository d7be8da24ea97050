// SPDX-License-Identifier: GPL-2.0-only
/*
 * Edits of numbers: every number of a program has a simplest value, and goes there, or half the
 * way, or a step; one alone or, of operations, all that are alike.
 */
#include <string.h>

#include <fuzz/mutate/mutate.h>
#include "shrink.h"

struct number {
	void *at;
	u8 size;			/* 1, 2, 4 bytes */
	u8 mask;			/* of a flag; 0: the whole number */
	char kind;			/* of operations: an operand's letter; 0 */
	bool power;			/* halved only */
	u32 goal;
};

#define OP_NUMBERS_MAX 8
#define NUMBERS_MAX (PROGRAM_TASKS_MAX * (1 + PROGRAM_OPS_MAX * OP_NUMBERS_MAX) + 128)

struct numbers {
	unsigned int nr;
	struct number number[NUMBERS_MAX];
};

static struct numbers numbers;

static void add(void *at, unsigned int size, u32 goal)
{
	if (numbers.nr < NUMBERS_MAX)
		numbers.number[numbers.nr++] = (struct number){
			.at = at, .size = size, .goal = goal,
		};
}

#define ADD(field, goal) add(&(field), sizeof(field), goal)

static void add_of_op(void *at, unsigned int size, char kind, unsigned int mask, u32 goal)
{
	struct number *n = &numbers.number[numbers.nr];

	add(at, size, goal);
	n->kind = kind;
	n->mask = mask;
}

static void add_op(struct op *op)
{
	const struct operand *o;
	const char *letter;
	unsigned int arg = 0;

	for (letter = op_infos[op->id].args; *letter; letter++) {
		o = operand_of(*letter);
		if (operand_is_argument(*letter)) {
			add_of_op(&op->args[arg], sizeof(op->args[arg]), *letter, 0, 0);
			arg++;
		} else {
			add_of_op((u8 *)op + o->offset, o->size, *letter, o->flag, o->dflt);
		}
	}
}

static void add_device(struct world_device *dev)
{
	ADD(dev->pages, 2);
	ADD(dev->prio, (u16)-1);
	ADD(dev->rotating, 0);
	ADD(dev->discard, 0);
	ADD(dev->synchronous, 0);
	ADD(dev->stable, 0);
	ADD(dev->fs, 0);
	ADD(dev->file, 0);
	ADD(dev->off, 0);
	ADD(dev->short_by, 0);
}

static void add_fail(struct program_fail *fail)
{
	if (fail->every) {
		ADD(fail->every, 1);
		return;
	}
	ADD(fail->from, 1);
	if (fail->to != PROGRAM_FOREVER)
		ADD(fail->to, fail->from);
}

static void add_machine(struct program *prog)
{
	struct geometry *g = &prog->geometry;

	if (!geometry_fixed) {
		ADD(g->cluster_slots, 8);
		numbers.number[numbers.nr - 1].power = true;
		ADD(g->table, TABLE_PAGE);
		ADD(g->count_bits, 2);
	}
	ADD(g->nr_cpus, 1);
	ADD(g->ptl_shift, 0);
	ADD(prog->spaces, 1);
	ADD(prog->pages, 1);
	ADD(prog->folios, 1);
}

/* Pointers into @prog. */
static void numbers_of(struct program *prog)
{
	unsigned int i, j;

	numbers.nr = 0;
	add_machine(prog);
	for (i = 0; i < prog->nr_devices; i++)
		add_device(&prog->devices[i]);
	for (i = 0; i < prog->nr_fails; i++)
		add_fail(&prog->fails[i]);
	for (i = 0; i < prog->nr_tasks; i++) {
		ADD(prog->tasks[i].cpu, 0);
		for (j = 0; j < prog->tasks[i].nr_ops; j++)
			add_op(&prog->tasks[i].ops[j]);
	}
	for (i = 0; i < prog->nr_choices; i++)
		if (!anchor_schedules(prog->choices[i].anchor))
			ADD(prog->choices[i].value, 0);
}

static u32 get(const struct number *n)
{
	u32 value = n->size == 1 ? *(u8 *)n->at : n->size == 2 ? *(u16 *)n->at : *(u32 *)n->at;

	return n->mask ? !!(value & n->mask) : value;
}

static void set(const struct number *n, u32 value)
{
	if (n->mask)
		*(u8 *)n->at = (*(u8 *)n->at & ~n->mask) | (value ? n->mask : 0);
	else if (n->size == 1)
		*(u8 *)n->at = value;
	else if (n->size == 2)
		*(u16 *)n->at = value;
	else
		*(u32 *)n->at = value;
}

/* A priority that is given is never simpler than none. */
static u32 distance(const struct number *n, u32 value)
{
	return n->goal == (u16)-1 ? value != n->goal :
	       value > n->goal ? value - n->goal : n->goal - value;
}

u64 program_distance(struct program *prog)
{
	u64 sum = 0;
	unsigned int i;

	numbers_of(prog);
	for (i = 0; i < numbers.nr; i++)
		sum += distance(&numbers.number[i], get(&numbers.number[i]));
	for (i = 0; i < prog->nr_devices; i++)
		sum += WORLD_DEVICE_PAGES_MAX * prog->devices[i].nr_bad;
	for (i = 0; i < prog->nr_fails; i++)
		if (prog->fails[i].every || prog->fails[i].to == PROGRAM_FOREVER)
			sum += 1UL << 32;
	return sum;
}

/* --- steps -------------------------------------------------------------------------------------- */

/* All of the way, half, a quarter, one step. */
#define STEPS 4

/* Return: false if the step is none, or that of an earlier number. */
static bool step_to(const struct number *n, unsigned int step, u32 *to)
{
	u32 value = get(n), far = distance(n, value), by;

	if (!far)
		return false;
	by = step == 3 ? 1 : far >> step;
	if (!by || (step == 3 && far >> 2 <= 1) || (step == 3 && far == 1))
		return false;
	if (n->power) {
		*to = value / 2;
		return step == 0;
	}
	*to = step ? value > n->goal ? value - by : value + by : n->goal;
	return true;
}

static unsigned int numbers_units(struct program *prog)
{
	numbers_of(prog);
	return numbers.nr * STEPS;
}

static bool numbers_apply(struct program *prog, unsigned int at, unsigned int size)
{
	const struct number *n = &numbers.number[at / STEPS];
	u32 value, to;

	numbers_of(prog);
	value = get(n);
	if (!step_to(n, at % STEPS, &to))
		return false;
	set(n, to);
	program_repair(prog);
	/* an fs device stays a file */
	return get(n) != value;
}

const struct edit edit_numbers = {
	.name = "numbers", .units = numbers_units, .apply = numbers_apply, .search = { 0, 16 },
};

/* All of that kind with that value, unless it is one alone: two spaces become one, ... */
static bool alike_apply(struct program *prog, unsigned int at, unsigned int size)
{
	const struct number *n = &numbers.number[at / STEPS];
	unsigned int i, nr = 0;
	u32 value, to;

	numbers_of(prog);
	if (!n->kind || !step_to(n, at % STEPS, &to))
		return false;
	value = get(n);
	for (i = 0; i < numbers.nr; i++) {
		if (numbers.number[i].kind != n->kind || get(&numbers.number[i]) != value)
			continue;
		/* the first one stands for all */
		if (&numbers.number[i] < n)
			return false;
		nr++;
		set(&numbers.number[i], to);
	}
	program_repair(prog);
	return nr > 1;
}

const struct edit edit_alike = {
	.name = "numbers that are alike", .units = numbers_units, .apply = alike_apply,
	.search = { 4, 32 },
};
