// SPDX-License-Identifier: GPL-2.0-only
/* Crossover: a program with parts of another one. Choices go with the tasks they are anchored in. */
#include <stdlib.h>
#include <string.h>

#include "mutate.h"

/* Appends @from's choices that are anchored in the task, or all of them if @task < 0. */
static void choices_append(struct program *prog, const struct program *from, int task, int as)
{
	struct choice *choices;
	unsigned int i, n = prog->nr_choices;

	if (!from->nr_choices)
		return;
	choices = realloc(prog->choices, (n + from->nr_choices) * sizeof(*choices));
	if (!choices)
		abort();
	for (i = 0; i < from->nr_choices && n < PROGRAM_CHOICES_MAX; i++) {
		if (task >= 0 && from->choices[i].task != SIM_TASK_USER + task)
			continue;
		choices[n] = from->choices[i];
		if (task >= 0)
			choices[n].task = SIM_TASK_USER + as;
		n++;
	}
	prog->choices = choices;
	prog->nr_choices = n;
}

static void choices_drop(struct program *prog, unsigned int task, unsigned int from_op)
{
	unsigned int i, nr = 0;

	for (i = 0; i < prog->nr_choices; i++)
		if (prog->choices[i].task != SIM_TASK_USER + task || prog->choices[i].op < from_op)
			prog->choices[nr++] = prog->choices[i];
	prog->nr_choices = nr;
}

/* Operations of one, schedule of the other. */
static void cross_schedule(struct program *prog, const struct program *with, struct rng *rng)
{
	schedule_clear(prog);
	choices_append(prog, with, -1, 0);
}

/* Both schedules. */
static void cross_schedules(struct program *prog, const struct program *with, struct rng *rng)
{
	choices_append(prog, with, -1, 0);
	schedule_sort(prog);
}

static void cross_world(struct program *prog, const struct program *with, struct rng *rng)
{
	if (rng_below(rng, 2)) {
		prog->nr_fails = with->nr_fails;
		memcpy(prog->fails, with->fails, sizeof(prog->fails));
		return;
	}
	prog->geometry = with->geometry;
	prog->pages = with->pages;
	prog->spaces = with->spaces;
	prog->folios = with->folios;
	prog->nr_devices = with->nr_devices;
	memcpy(prog->devices, with->devices, sizeof(prog->devices));
}

/* A task of the other one takes a task's place, or comes as one more. */
static void cross_task(struct program *prog, const struct program *with, struct rng *rng)
{
	unsigned int from = rng_below(rng, with->nr_tasks), to = rng_below(rng, prog->nr_tasks);

	if (prog->nr_tasks < 4 && !rng_below(rng, 3))
		to = prog->nr_tasks++;
	prog->tasks[to] = with->tasks[from];
	choices_drop(prog, to, 0);
	choices_append(prog, with, from, to);
	schedule_sort(prog);
}

/* The beginning of a task, the end of one of the other program's. */
static void cross_tail(struct program *prog, const struct program *with, struct rng *rng)
{
	unsigned int from = rng_below(rng, with->nr_tasks), to = rng_below(rng, prog->nr_tasks);
	const struct program_task *tail = &with->tasks[from];
	struct program_task *head = &prog->tasks[to];
	unsigned int keep = rng_below(rng, head->nr_ops + 1), at = rng_below(rng, tail->nr_ops + 1);
	unsigned int i, nr = tail->nr_ops - at, first;

	if (keep + nr > PROGRAM_OPS_MAX)
		nr = PROGRAM_OPS_MAX - keep;
	memcpy(&head->ops[keep], &tail->ops[at], nr * sizeof(*tail->ops));
	head->nr_ops = keep + nr;
	choices_drop(prog, to, keep + 1);
	first = prog->nr_choices;
	choices_append(prog, with, from, to);
	for (i = first; i < prog->nr_choices; i++)
		/* what is not in the tail gets a number that program_repair() drops */
		prog->choices[i].op = prog->choices[i].op > at ? prog->choices[i].op - at + keep
								: 65535;
	program_repair(prog);
	schedule_sort(prog);
}

void program_cross(struct program *prog, const struct program *with, u64 seed)
{
	static void (*const crosses[])(struct program *prog, const struct program *with,
				       struct rng *rng) = {
		cross_schedule, cross_schedules, cross_world, cross_task, cross_task, cross_tail,
		cross_tail,
	};
	struct rng rng = { seed };

	program_expect_nothing(prog);
	if (prog->nr_tasks && with->nr_tasks)
		crosses[rng_below(&rng, ARRAY_SIZE(crosses))](prog, with, &rng);
	program_repair(prog);
}
