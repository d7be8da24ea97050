// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs from seeds, swarm-style. A program draws which operations it has and how often, and anew
 * every few operations; a task begins with what the one before ended with. In half of the programs
 * operations follow the life of their pages, too (life.def). Arguments are drawn close together, so
 * that tasks meet. The machine is drawn by generate_machine.c.
 * Blind to mutants, and shaped for none. Built without instrumentation.
 */
#include <string.h>

#include "generate.h"

struct generator generator;

#define RANGE 16			/* numbers of operations that a task draws from; or 2, 4, 8 times as many, */
					/* of which no more are used than a task can have */
#define RANGE_SHORT 8
#define PHASE 2				/* operations between two swarms of a task, on average; or 2, 4 times as many */

/* Where most operations of a program happen, so that they find something there, and each other. */
#define HOT_MAX 2
static struct hot {
	unsigned int space, page, nr;
} hot[HOT_MAX];
static unsigned int nr_hot;

enum life { LIFE_NONE, LIFE_MAPPED, LIFE_CACHED, LIFE_SWAPPED };

static const struct life_step {
	enum life from, to;
	enum op_id id;
	unsigned int weight;
} life_steps[] = {
#define STEP(from, to, op, weight) { LIFE_##from, LIFE_##to, OP_##op, weight },
#include "life.def"
#undef STEP
};

/* Mostly one, or a few, or a cluster, or many; of children now and then more than a byte can count. */
static unsigned int generate_nr(const struct program *prog, enum op_id id)
{
	if (id == OP_dup && one_in(48))
		return 256 + below(8);
	switch (below(8)) {
	case 0:
		return prog->geometry.cluster_slots;
	case 1:
		return 1 + below(32);
	default:
		return 1 + below(one_in(2) ? 4 : 1);
	}
}

static void generate_habits(void)
{
	generator.large_one_in = one_in(2) ? 3 : 1 + below(8);
	generator.large_order = one_in(2) ? 1 + below(3) : 0;
	generator.keep_one_in = one_in(2) ? 3 : 1 + below(8);
	generator.zero_one_in = one_in(2) ? 12 : 2 + below(6);
	generator.life_one_in = one_in(2) ? 0 : 1 + below(4);
	generator.discard_one_in = one_in(2) ? 3 : 1 + below(6);
}

static void generate_hot(const struct program *prog)
{
	unsigned int i, room;

	nr_hot = 1 + below(HOT_MAX);
	for (i = 0; i < nr_hot; i++) {
		hot[i].space = below(prog->spaces);
		hot[i].page = one_in(2) ? 0 : below(prog->pages / 2);
		room = prog->pages - hot[i].page;
		hot[i].nr = 1 + below(one_in(4) || room < 12 ? room : 12);
	}
}

/* A space and a page: of @h, or often of a hot range, and then with a number to its end or less. */
static void generate_pages_arg(const struct program *prog, struct op *op, unsigned int n,
			       const struct hot *aim)
{
	const struct hot *h = aim ? : &hot[below(nr_hot)];
	unsigned int page = h->page;

	if (!aim && one_in(4)) {
		op->args[n] = below(prog->spaces + one_in(8));
		op->args[n + 1] = below(one_in(3) || prog->pages < 8 ? prog->pages : 8);
		op->nr = generate_nr(prog, op->id);
		return;
	}
	op->args[n] = h->space;
	if (aim ? one_in(3) : !one_in(3))
		page += below(h->nr);
	op->args[n + 1] = page;
	op->nr = one_in(2) ? generate_nr(prog, op->id) : h->nr - (page - h->page);
}

/* And how many from there on. */
static unsigned int generate_folio(const struct program *prog, struct op *op)
{
	unsigned int first = one_in(2) ? 0 : below(one_in(3) ? prog->folios : 12);

	op->nr = one_in(4) ? generate_nr(prog, op->id) : 1 + below(prog->folios);
	return first;
}

/* Any, or one behind the end of the smallest device, where the next device of the same type may have none. */
static unsigned int generate_slot(const struct program *prog, unsigned int device)
{
	unsigned int pages = prog->devices[device].pages, least = pages, i;

	for (i = 0; i < prog->nr_devices; i++)
		if (prog->devices[i].pages < least)
			least = prog->devices[i].pages;
	if (least < pages && one_in(4))
		return least + below(pages - least);
	return below(pages + one_in(8));
}

static unsigned int generate_argument(const struct program *prog, struct op *op, char letter,
				      unsigned int n)
{
	switch (letter) {
	case 'M':
		return below(prog->spaces + one_in(8));
	case 'F':
		return generate_folio(prog, op);
	case 'S':
		return generate_slot(prog, op->args[n - 1]);
	default:
		return below(operand_most(operand_of(letter), &prog->world) + 1);
	}
}

static unsigned int generate_order(const struct program *prog)
{
	if (!one_in(generator.large_one_in))
		return 0;
	return generator.large_order ? : below(prog->geometry.pmd_order + 1);
}

/* Flags by their odds in operands.def, unless the program has a habit; numbers each in its way. */
static void generate_option(const struct program *prog, struct op *op, const struct operand *o)
{
	switch (o->letter) {
	case 'n':
		/* an argument may have chosen it */
		if (!op->nr)
			op->nr = generate_nr(prog, op->id);
		break;
	case 'o':
		op->order = generate_order(prog);
		break;
	case 'w':
		op->window = 1 << below(5);
		break;
	case 's':
		op->signal = one_in(2) ? 1 + below(30) : 0;
		break;
	case 'k':
		op->flags |= one_in(generator.keep_one_in) ? o->flag : 0;
		break;
	case 'z':
		op->flags |= one_in(generator.zero_one_in) ? o->flag : 0;
		break;
	default:
		if (o->flag)
			operand_set(o, op, one_in(o->odds));
		else
			operand_set(o, op, o->least + below(o->most - o->least + 1));
		break;
	}
}

/* @aim: the pages that it is about; NULL: any. */
static void generate_operands(const struct program *prog, struct op *op, const struct hot *aim)
{
	unsigned int n = 0;
	const char *args;

	for (args = op_infos[op->id].args; *args; args++) {
		if (!strncmp(args, "MV", 2)) {
			/* fork's first space is its source */
			generate_pages_arg(prog, op, n, aim);
			n += 2;
			args++;
		} else if (!strncmp(args, "MMV", 3)) {
			generate_pages_arg(prog, op, n + 1, aim);
			op->args[n] = op->args[n + 1];
			op->args[n + 1] = below(prog->spaces + 1);
			n += 3;
			args += 2;
		} else if (operand_is_argument(*args)) {
			op->args[n] = generate_argument(prog, op, *args, n);
			n++;
		} else {
			generate_option(prog, op, operand_of(*args));
		}
	}
}

static void generate_op(const struct program *prog, struct op *op, const unsigned int *weights,
			unsigned int total)
{
	unsigned int at = below(total);

	memset(op, 0, sizeof(*op));
	while (at >= weights[op->id])
		at -= weights[op->id++];
	generate_operands(prog, op, NULL);
}

static bool life_has(const struct life_step *step, enum life life, const unsigned int *weights)
{
	return step->from == life && (weights[step->id] || step->id == OP_read);
}

static void generate_life(const struct program *prog, struct op *op, const unsigned int *weights,
			  enum life *life)
{
	unsigned int h = below(nr_hot), total = 0, i, at;
	const struct life_step *step;

	for (i = 0; i < ARRAY_SIZE(life_steps); i++)
		if (life_has(&life_steps[i], life[h], weights))
			total += life_steps[i].weight;
	at = below(total);
	for (step = life_steps; !life_has(step, life[h], weights) || at >= step->weight; step++)
		if (life_has(step, life[h], weights))
			at -= step->weight;
	op->id = step->id;
	generate_operands(prog, op, &hot[h]);
	/* what was swapped out as a large folio may come back so */
	if (step->from == LIFE_SWAPPED && (op->id == OP_read || op->id == OP_write) && !op->order)
		op->order = generator.large_order;
	/* a move's second range is the one that has the pages */
	if (op->id == OP_move)
		swap(op->args[1], op->args[2]);
	/* of what has no pages for an argument, nobody knows what it meets */
	if (strstr(op_infos[op->id].args, "MV"))
		life[h] = op->flags & OP_KEEP_CACHE ? LIFE_CACHED : step->to;
}

static bool task_has(const struct program_task *task, enum op_id id)
{
	unsigned int i;

	for (i = 0; i < task->nr_ops; i++)
		if (task->ops[i].id == id)
			return true;
	return false;
}

/* A new one, or one that the task has done before. What was swapped off may make room for another device. */
static void generate_next(const struct program *prog, struct program_task *task,
			  const unsigned int *weights, unsigned int total, enum life *life)
{
	struct op *op = &task->ops[task->nr_ops];

	memset(op, 0, sizeof(*op));
	if (generator.life_one_in && one_in(generator.life_one_in))
		generate_life(prog, op, weights, life);
	else if (task->nr_ops && one_in(5))
		*op = task->ops[below(task->nr_ops)];
	else if (task_has(task, OP_hib_alloc) && one_in(6))
		op->id = OP_hib_free;
	else if (task->nr_ops && op[-1].id == OP_swapoff && one_in(4))
		*op = (struct op){ .id = OP_swapon, .args = { below(prog->nr_devices) } };
	else
		do
			generate_op(prog, op, weights, total);
		while (op->id == OP_hib_free && !task_has(task, OP_hib_alloc) && !one_in(16));
	task->nr_ops++;
}

/* The task begins with mapping a hot range, and maybe swaps it out. */
static void generate_fill(const struct program *prog, struct program_task *task, enum life *life)
{
	unsigned int which = below(nr_hot), order = generate_order(prog);
	bool map = one_in(2), zero = one_in(generator.zero_one_in);
	const struct hot *h = &hot[which];

	life[which] = LIFE_MAPPED;
	task->ops[task->nr_ops++] = (struct op){
		.id = map ? OP_map : OP_write, .args = { h->space, h->page }, .nr = h->nr,
		.order = order, .flags = zero ? OP_ZERO : 0,
	};
	if (one_in(3))
		return;
	task->ops[task->nr_ops++] = (struct op){
		.id = OP_reclaim, .args = { h->space, h->page }, .nr = h->nr,
		.flags = one_in(generator.keep_one_in) ? OP_KEEP_CACHE : 0,
	};
	life[which] = task->ops[task->nr_ops - 1].flags ? LIFE_CACHED : LIFE_SWAPPED;
}

/* The swarm: each operation is in or out, and more or less likely. Return: their sum. */
static unsigned int generate_weights(unsigned int *weights)
{
	unsigned int i, total = 0;

	for (i = 0; i < NR_OPS; i++) {
		weights[i] = op_infos[i].weight * (1 + below(8));
		/* without these nothing happens */
		if (i != OP_map && i != OP_write && i != OP_reclaim && one_in(2))
			weights[i] = 0;
		total += weights[i];
	}
	return total;
}

/* @range: numbers of operations that a task draws from; 0: drawn */
static void generate(struct program *prog, u64 seed, unsigned int range)
{
	unsigned int weights[NR_OPS], total, phase, i, j;
	enum life life[HOT_MAX];
	struct program_task *task;
	bool fill;
	int prio;

	generator.rng.state = seed * 0x2545f4914f6cdd1dUL;
	program_init(prog);
	generate_habits();
	generate_machine(prog);
	prog->nr_devices = one_in(2) ? 1 : 2 + below(2);
	prio = one_in(2) ? (int)below(3) : -1;
	for (i = 0; i < prog->nr_devices; i++)
		generate_device(&prog->devices[i], prog->geometry.cluster_slots, !i, prio);
	generate_pages(prog);
	generate_hot(prog);
	generate_fails(prog);
	total = generate_weights(weights);
	prog->nr_tasks = one_in(12) ? 1 : 2 + one_in(3) + one_in(6);
	fill = !one_in(4);
	/* in long programs more comes about, in short ones a preemption is where it matters */
	range = range ? : RANGE << below(4);
	/* what a task has brought about, it then meets with other operations */
	phase = PHASE << below(3);
	for (i = 0; i < prog->nr_tasks; i++) {
		task = &prog->tasks[i];
		task->cpu = below(prog->geometry.nr_cpus);
		/* what other tasks have done to the pages by then */
		for (j = 0; j < HOT_MAX; j++)
			life[j] = fill ? below(LIFE_SWAPPED + 1) : LIFE_NONE;
		if (fill && (!i || one_in(2)))
			generate_fill(prog, task, life);
		for (j = (prog->nr_tasks == 1 ? 6 : 2) + below(range); j && task->nr_ops < PROGRAM_OPS_MAX; j--) {
			generate_next(prog, task, weights, total, life);
			if (one_in(phase))
				total = generate_weights(weights);
		}
	}
}

void program_generate(struct program *prog, u64 seed)
{
	generate(prog, seed, 0);
}

void program_generate_short(struct program *prog, u64 seed)
{
	generate(prog, seed, RANGE_SHORT);
}

/* --- parts, for mutations ----------------------------------------------------------------- */

void program_generate_op(struct program *prog, struct op *op, u64 seed)
{
	unsigned int weights[NR_OPS], total = 0, i;

	generator.rng.state = seed;
	generate_hot(prog);
	generate_habits();
	for (i = 0; i < NR_OPS; i++)
		total += weights[i] = op_infos[i].weight;
	generate_op(prog, op, weights, total);
}

void program_generate_device(const struct program *prog, struct world_device *dev, u64 seed)
{
	generator.rng.state = seed;
	generate_habits();
	generate_device(dev, prog->geometry.cluster_slots, false, -1);
}

void program_generate_fail(struct program_fail *fail, u64 seed)
{
	generator.rng.state = seed;
	generate_fail(fail, 1 + below(NR_ALLOC_SITES - 1));
}
