// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs on the native machine: pthreads run their operations as fast as they can, with the
 * failures that are planned. Schedules do not apply. Built without instrumentation, see exec.c.
 */
#include <check/check.h>
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <mm/mm.h>
#include "exec.h"

void program_play(const struct program *prog, const struct machine_config *config)
{
	unsigned int i;

	exec_start(prog, config);
	task_op_begin("join");
	for (i = 0; i < prog->nr_tasks; i++)
		task_join(exec.tasks[i]);
	world_rest();
	task_op_end();
	exec_check();
	world_down();
	machine_stop();
}
