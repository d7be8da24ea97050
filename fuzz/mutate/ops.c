// SPDX-License-Identifier: GPL-2.0-only
/* Changes of operations and tasks. Choices go with the operations they are anchored in. */
#include <string.h>

#include "mutate.h"

static struct program_task *any_task(struct program *prog, struct rng *rng, unsigned int *index)
{
	*index = rng_below(rng, prog->nr_tasks);
	return &prog->tasks[*index];
}

void program_insert_op(struct program *prog, unsigned int index, unsigned int at,
		       const struct op *op)
{
	struct program_task *task = &prog->tasks[index];

	if (task->nr_ops == PROGRAM_OPS_MAX)
		return;
	memmove(&task->ops[at + 1], &task->ops[at], (task->nr_ops - at) * sizeof(*op));
	task->ops[at] = *op;
	task->nr_ops++;
	schedule_shift_ops(prog, index, at, 1);
}

void program_delete_op(struct program *prog, unsigned int index, unsigned int at)
{
	struct program_task *task = &prog->tasks[index];

	schedule_move_op(prog, index, at, PROGRAM_OPS_MAX);
	task->nr_ops--;
	memmove(&task->ops[at], &task->ops[at + 1], (task->nr_ops - at) * sizeof(*task->ops));
	schedule_shift_ops(prog, index, at, -1);
}

static void op_insert(struct program *prog, struct rng *rng)
{
	unsigned int index;
	struct program_task *task = any_task(prog, rng, &index);
	struct op op;

	program_generate_op(prog, &op, rng_next(rng));
	program_insert_op(prog, index, rng_below(rng, task->nr_ops + 1), &op);
}

static void op_delete(struct program *prog, struct rng *rng)
{
	unsigned int index, n;
	struct program_task *task = any_task(prog, rng, &index);

	for (n = rng_below(rng, 4) ? 1 : 1 + rng_below(rng, 4); n && task->nr_ops; n--)
		program_delete_op(prog, index, rng_below(rng, task->nr_ops));
}

/* To anywhere, with its choices if it stays in its task. */
static void op_move(struct program *prog, struct rng *rng)
{
	unsigned int index, from, to;
	struct program_task *task = any_task(prog, rng, &index);
	struct op op;

	if (task->nr_ops < 2)
		return;
	from = rng_below(rng, task->nr_ops);
	to = rng_below(rng, task->nr_ops - 1);
	to += to >= from;
	op = task->ops[from];
	if (from < to)
		memmove(&task->ops[from], &task->ops[from + 1], (to - from) * sizeof(op));
	else
		memmove(&task->ops[to + 1], &task->ops[to], (from - to) * sizeof(op));
	task->ops[to] = op;
	schedule_move_op(prog, index, from, to);
}

/* A copy beside it, or in another task; or moved there. */
static void op_duplicate(struct program *prog, struct rng *rng)
{
	unsigned int from, to, at;
	struct program_task *task = any_task(prog, rng, &from), *other;
	struct op op;

	if (!task->nr_ops)
		return;
	at = rng_below(rng, task->nr_ops);
	op = task->ops[at];
	other = any_task(prog, rng, &to);
	if (to != from && rng_below(rng, 2))
		program_delete_op(prog, from, at);
	program_insert_op(prog, to, rng_below(rng, other->nr_ops + 1), &op);
}

/* The same kind of argument of another operation: tasks must meet. */
static bool borrow_arg(const struct program *prog, struct rng *rng, char kind, u16 *arg)
{
	const struct program_task *task = &prog->tasks[rng_below(rng, prog->nr_tasks)];
	const struct op *op;
	unsigned int i;

	if (!task->nr_ops)
		return false;
	op = &task->ops[rng_below(rng, task->nr_ops)];
	for (i = 0; operand_is_argument(op_infos[op->id].args[i]); i++) {
		if (op_infos[op->id].args[i] != kind)
			continue;
		*arg = op->args[i];
		return true;
	}
	return false;
}

/* One argument or option of an operation is drawn anew, as the generator draws it. */
static void op_retarget(struct program *prog, struct rng *rng)
{
	unsigned int index, i, tries = 16;
	struct program_task *task = any_task(prog, rng, &index);
	const struct operand *o;
	struct op *op, fresh;
	const char *args;
	char kind;

	if (!task->nr_ops)
		return;
	op = &task->ops[rng_below(rng, task->nr_ops)];
	args = op_infos[op->id].args;
	if (!*args)
		return;
	i = rng_below(rng, strlen(args));
	kind = args[i];
	if (operand_is_argument(kind) && rng_below(rng, 2) && borrow_arg(prog, rng, kind, &op->args[i]))
		return;
	do
		program_generate_op(prog, &fresh, rng_next(rng));
	while (--tries && !strchr(op_infos[fresh.id].args, kind));
	if (!tries)
		return;
	o = operand_of(kind);
	if (operand_is_argument(kind))
		op->args[i] = fresh.args[strchr(op_infos[fresh.id].args, kind) -
					 op_infos[fresh.id].args];
	else
		operand_set(o, op, o->flag ? !operand_get(o, op) : operand_get(o, &fresh));
}

static void op_replace(struct program *prog, struct rng *rng)
{
	unsigned int index;
	struct program_task *task = any_task(prog, rng, &index);

	if (task->nr_ops)
		program_generate_op(prog, &task->ops[rng_below(rng, task->nr_ops)],
				    rng_next(rng));
}

/* --- tasks -------------------------------------------------------------------------------- */

#define TASKS_GROW_TO 5			/* more of them dilute each other */

/* A copy of another one, or a new one. */
static void task_add(struct program *prog, struct rng *rng)
{
	struct program_task *task = &prog->tasks[prog->nr_tasks];
	struct program other;

	if (prog->nr_tasks >= TASKS_GROW_TO)
		return;
	if (rng_below(rng, 2)) {
		*task = prog->tasks[rng_below(rng, prog->nr_tasks)];
	} else {
		program_generate_short(&other, rng_next(rng));
		*task = other.tasks[0];
		program_destroy(&other);
	}
	task->cpu = rng_below(rng, prog->geometry.nr_cpus);
	prog->nr_tasks++;
}

void program_delete_task(struct program *prog, unsigned int gone)
{
	unsigned int i, nr = 0;
	struct choice *c;

	prog->nr_tasks--;
	memmove(&prog->tasks[gone], &prog->tasks[gone + 1],
		(prog->nr_tasks - gone) * sizeof(prog->tasks[0]));
	gone += SIM_TASK_USER;
	for (i = 0; i < prog->nr_choices; i++) {
		c = &prog->choices[i];
		if (c->task == gone || (anchor_schedules(c->anchor) && c->value == gone))
			continue;
		c->task -= c->task > gone;
		if (anchor_schedules(c->anchor))
			c->value -= c->value > gone;
		prog->choices[nr++] = *c;
	}
	prog->nr_choices = nr;
}

static void task_remove(struct program *prog, struct rng *rng)
{
	unsigned int gone = rng_below(rng, prog->nr_tasks);

	if (prog->nr_tasks > 1)
		program_delete_task(prog, gone);
}

static void task_migrate(struct program *prog, struct rng *rng)
{
	unsigned int index;

	any_task(prog, rng, &index)->cpu = rng_below(rng, prog->geometry.nr_cpus);
}

void mutate_ops(struct program *prog, struct rng *rng)
{
	static const struct {
		void (*change)(struct program *prog, struct rng *rng);
		unsigned int weight;
	} changes[] = {
		{ op_insert, 6 }, { op_delete, 5 }, { op_move, 3 }, { op_duplicate, 4 },
		{ op_retarget, 8 }, { op_replace, 2 }, { task_add, 1 }, { task_remove, 1 },
		{ task_migrate, 1 },
	};
	unsigned int i, total = 0, at;

	if (!prog->nr_tasks) {
		prog->nr_tasks = 1;
		prog->tasks[0].cpu = prog->tasks[0].nr_ops = 0;
	}
	for (i = 0; i < ARRAY_SIZE(changes); i++)
		total += changes[i].weight;
	at = rng_below(rng, total);
	for (i = 0; at >= changes[i].weight; i++)
		at -= changes[i].weight;
	changes[i].change(prog, rng);
}
