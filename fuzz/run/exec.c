// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs programs, on either machine. Built without instrumentation, as whatever hands objects
 * from task to task must be; what orders them is said by tokens.
 */
#include <string.h>

#include <check/check.h>
#include <check/coverage.h>
#include <kernel/bug.h>
#include <kernel/rcupdate.h>
#include <kernel/workqueue.h>
#include <machine/alloc.h>
#include <machine/warn.h>
#include <mm/mm.h>
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

static void device_create(unsigned int index)
{
	const struct world_device *spec = &exec.prog->devices[index];
	struct exec_device *dev = &exec.devices[index];
	struct bdev_options options = {
		.pages = spec->pages,
		.rotating = spec->rotating,
		.discard = spec->discard || spec->discard_once,
		.synchronous = spec->synchronous,
		.stable_writes = spec->stable,
		.swap_file = spec->file,
		.nr_badpages = spec->nr_bad,
		.badpages = dev->bad,
	};
	unsigned int i;

	for (i = 0; i < spec->nr_bad; i++)
		dev->bad[i] = spec->bad[i];
	dev->bdev = bdev_create(&options);
	dev->type = -1;
	if (!spec->off)
		device_on(index);
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

static void world_create(const struct program *prog)
{
	const char *why;

	memset(&exec, 0, sizeof(exec));
	exec.prog = prog;
	if (geometry_set(&prog->geometry, &why))
		harness_fail("SETUP", CODE_SITE, "%s", why);
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

	world_create(prog);
	machine_start(config);
	/* nobody else is there to interfere with the set-up, so points mean nothing */
	machine_mute();
	if (mm_world_init(prog->folios) || swapfile_init())
		harness_fail("SETUP", CODE_SITE, "no memory");
	/* first: a check that fails on an event ends the process */
	if (event_probe)
		trace_attach(NR_TRACE_EVENTS, event_probe);
	check_init();
	task_op_begin("setup");
	for (i = 0; i < prog->nr_devices; i++)
		device_create(i);
	for (i = 0; i < prog->spaces; i++)
		exec.spaces[i] = mm_create(prog->pages);
	task_op_end();
	fails_plan(prog);
	for (i = 0; i < prog->nr_tasks; i++) {
		snprintf(name, sizeof(name), "%u", i);
		exec.tasks[i] = task_create(name, prog->tasks[i].cpu, task_main,
					    (void *)(unsigned long)i);
	}
	machine_unmute();
}

void exec_rest(void)
{
	alloc_fail_reset();
	warn_reset();
	flush_all_work();
	rcu_barrier();
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

static void world_end(void)
{
	const struct program *prog = exec.prog;
	unsigned int i;

	task_op_begin("end");
	for (i = 0; i < prog->nr_tasks; i++)
		if (exec.images[i])
			swap_image_free(exec.images[i]);
	for (i = 0; i < WORLD_SPACES_MAX; i++)
		if (exec.spaces[i])
			mmput(exec.spaces[i]);
	for (i = 0; i < prog->nr_devices; i++) {
		if (device_is_on(&exec.devices[i]) && swapoff(exec.devices[i].type))
			harness_fail("LEAK", CODE_SITE, "device %c cannot be swapped off at the end",
				     'A' + i);
		bdev_destroy(exec.devices[i].bdev);
	}
	exec_rest();
	task_op_end();
}

void exec_end(void)
{
	struct alloc_stat stat;
	unsigned int type;

	world_end();
	machine_mute();
	check_world_empty();
	check_exit();
	machine_unmute();
	swapfile_exit();
	mm_world_exit();
	for (type = 0; type < NR_ALLOC_TYPES; type++) {
		alloc_stat_read(type, &stat);
		if (stat.objects || stat.waiting)
			harness_fail("LEAK", CODE_SITE, "%ld objects (type %u) are left, %ld bytes",
				     stat.objects + stat.waiting, type, stat.bytes);
	}
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
