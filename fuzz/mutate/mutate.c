// SPDX-License-Identifier: GPL-2.0-only
/* A mutation as a whole: what kinds of changes, making the result valid, making it fit. */
#include <stdlib.h>
#include <string.h>

#include <fuzz/program/choice_set.h>
#include "mutate.h"

void program_mutate(struct program *prog, u64 seed, const struct events *events)
{
	struct rng rng = { seed };
	unsigned int n, schedules = 0, worlds = 0, ops = 0;

	/* mostly one change, sometimes several: 1, 1, 2, 2, 3 .. 8 */
	n = rng_below(&rng, 2) ? 1 : rng_below(&rng, 2) ? 2 : 3 + rng_below(&rng, 6);
	while (n--) {
		switch (rng_below(&rng, 16)) {
		case 0 ... 7:
			schedules++;
			break;
		case 8 ... 13:
			ops++;
			break;
		default:
			worlds++;
			break;
		}
	}
	/* first the schedule, while its events are those of this program */
	while (schedules--) {
		mutate_schedule(prog, &rng, events);
		events = NULL;
	}
	while (ops--)
		mutate_ops(prog, &rng);
	while (worlds--)
		mutate_world(prog, &rng);
	program_expect_nothing(prog);
	program_repair(prog);
}

/* --- validity ----------------------------------------------------------------------------- */

static unsigned int within(unsigned int n, unsigned int min, unsigned int max)
{
	return n < min ? min : n > max ? min + n % (max - min + 1) : n;
}

static void repair_device(struct world_device *dev)
{
	unsigned int i, nr = 0;

	dev->pages = within(dev->pages, 2, WORLD_DEVICE_PAGES_MAX);
	for (i = 0; i < dev->nr_bad; i++)
		if (dev->bad[i] && dev->bad[i] < dev->pages && (!nr || dev->bad[i] > dev->bad[nr - 1]))
			dev->bad[nr++] = dev->bad[i];
	dev->file |= dev->fs;
	dev->short_by = within(dev->short_by, 0, WORLD_DEVICE_PAGES_MAX);
	dev->nr_bad = nr;
}

static void repair_op(const struct program *prog, struct op *op)
{
	const struct op was = *op;
	const struct operand *o;
	const char *letter;
	unsigned int n = 0;

	op_init(op, was.id);
	for (letter = op_infos[op->id].args; *letter; letter++) {
		o = operand_of(*letter);
		if (operand_is_argument(*letter)) {
			op->args[n] = was.args[n] % (operand_most(o, &prog->world) + 1);
			n++;
		} else {
			operand_set(o, op, within(operand_get(o, &was), o->least, o->most));
		}
	}
}

static void repair_fails(struct program *prog)
{
	unsigned int i, nr = 0;
	u64 sites = 0;

	for (i = 0; i < prog->nr_fails; i++) {
		if (sites & BIT(prog->fails[i].site))
			continue;
		sites |= BIT(prog->fails[i].site);
		prog->fails[nr++] = prog->fails[i];
	}
	prog->nr_fails = nr;
}

static bool choice_valid(const struct program *prog, const struct choice *c)
{
	unsigned int ops = 65535;

	if (c->task >= SIM_TASK_USER + prog->nr_tasks || c->anchor >= NR_ANCHORS || !c->nth)
		return false;
	if (c->task >= SIM_TASK_USER)
		ops = prog->tasks[c->task - SIM_TASK_USER].nr_ops;
	if (c->op > ops)
		return false;
	if (anchor_schedules(c->anchor))
		return c->value < SIM_TASK_USER + prog->nr_tasks;
	if (c->anchor == ANCHOR_CPU)
		return c->value < prog->geometry.nr_cpus;
	if (c->anchor == ANCHOR_STORE)
		return c->value < SIM_STORE_DELAYS;
	return c->value <= (c->anchor >= ANCHOR_ALLOC ? 1 : 65535);
}

void program_repair(struct program *prog)
{
	struct program_task *task;
	unsigned int i, j, nr = 0;

	program_fit_geometry(prog);
	for (i = 0; i < prog->nr_devices; i++)
		repair_device(&prog->devices[i]);
	repair_fails(prog);
	for (i = 0; i < prog->nr_tasks; i++) {
		task = &prog->tasks[i];
		task->cpu %= prog->geometry.nr_cpus;
		for (j = 0; j < task->nr_ops; j++)
			repair_op(prog, &task->ops[j]);
	}
	for (i = 0; i < prog->nr_choices; i++)
		if (choice_valid(prog, &prog->choices[i]))
			prog->choices[nr++] = prog->choices[i];
	prog->nr_choices = choices_unique(prog->choices, nr);
}

/* --- size --------------------------------------------------------------------------------- */

static size_t print(const struct program *prog, char *data, size_t max)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	if (!file)
		abort();
	program_print(file, prog);
	if (fclose(file))
		abort();
	if (len <= max)
		memcpy(data, text, len);
	free(text);
	return len;
}

/* Return: was there something to leave out? */
static bool cut(struct program *prog)
{
	struct program_task *longest = NULL;
	unsigned int i;

	if (prog->nr_choices) {
		prog->nr_choices /= 2;
		return true;
	}
	for (i = 0; i < prog->nr_tasks; i++)
		if (!longest || prog->tasks[i].nr_ops > longest->nr_ops)
			longest = &prog->tasks[i];
	if (!longest || !longest->nr_ops)
		return false;
	longest->nr_ops--;
	return true;
}

size_t program_fit(struct program *prog, char *data, size_t max)
{
	size_t len;

	while ((len = print(prog, data, max)) > max)
		if (!cut(prog))
			return 0;
	return len;
}
