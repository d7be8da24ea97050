// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs programs, on either machine. Built without instrumentation, as all code that hands
 * objects from task to task must be: tokens say what orders the tasks.
 */
#include <string.h>

#include <check/check.h>
#include <check/coverage.h>
#include "exec.h"

#define PATHS_MAX 64

struct exec exec;
static bool counting;
static trace_probe_fn event_probe;
static program_op_fn after_op;
static unsigned long path_counts[PATHS_MAX];
static unsigned long op_runs[NR_OPS], op_successes[NR_OPS];

static void task_main(void *arg)
{
	unsigned long task = (unsigned long)arg;
	const struct program_task *t = &exec.prog->tasks[task];
	unsigned int i;
	int ret;

	for (i = 0; i < t->nr_ops; i++) {
		task_op_begin(op_infos[t->ops[i].id].name);
		ret = op_run(task, &t->ops[i]);
		if (ret >= 0)
			__atomic_fetch_add(&op_successes[t->ops[i].id], 1, __ATOMIC_RELAXED);
		__atomic_fetch_add(&op_runs[t->ops[i].id], 1, __ATOMIC_RELAXED);
		if (unlikely(after_op)) {
			machine_mute();
			after_op(task, &t->ops[i], ret);
			machine_unmute();
		}
		task_op_end();
	}
}

static void fails_plan(const struct program *prog)
{
	struct fail_plan plan;
	unsigned int i;

	for (i = 0; i < prog->nr_fails; i++) {
		const struct program_fail *f = &prog->fails[i];

		plan = (struct fail_plan){ .every = f->every };
		if (!f->every) {
			plan.from = f->from;
			plan.to = f->to == PROGRAM_FOREVER ? ULONG_MAX : f->to;
		}
		alloc_fail_plan(f->site, &plan);
	}
}

static void count_paths(void)
{
	unsigned int i;

	for (i = 0; i < nr_rare_paths && i < PATHS_MAX; i++)
		path_counts[i] += coverage_count(&rare_paths[i]);
}

void exec_start(const struct program *prog, const struct machine_config *config)
{
	char name[TASK_NAME_MAX];
	unsigned int i;

	memset(&exec, 0, sizeof(exec));
	exec.prog = prog;
	world_up(&prog->world, config, event_probe);
	machine_mute();
	fails_plan(prog);
	for (i = 0; i < prog->nr_tasks; i++) {
		snprintf(name, sizeof(name), "%u", i);
		exec.tasks[i] = task_create(name, prog->tasks[i].cpu, task_main,
					    (void *)(unsigned long)i);
	}
	machine_unmute();
}

void exec_check(void)
{
	machine_mute();
	if (after_op)
		after_op(0, NULL, 0);
	check_quiescent();
	if (counting)
		count_paths();
	machine_unmute();
}

void program_probe_events(trace_probe_fn probe)
{
	event_probe = probe;
}

void program_after_op(program_op_fn fn)
{
	after_op = fn;
}

void program_count_coverage(bool on)
{
	counting = on;
}

unsigned int program_print_coverage(FILE *out)
{
	unsigned int i, missing = 0;

	for (i = 0; i < nr_rare_paths && i < PATHS_MAX; i++) {
		fprintf(out, "path\t%s\t%lu\n", rare_paths[i].name, path_counts[i]);
		missing += !path_counts[i];
	}
	for (i = 0; i < NR_OPS; i++)
		fprintf(out, "op\t%s\t%lu\t%lu\n", op_infos[i].name, op_runs[i], op_successes[i]);
	return missing;
}
