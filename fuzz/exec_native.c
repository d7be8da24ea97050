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

/* Everything that the program left goes away by operations, so that leaks show. */
static void world_end(const struct program *prog)
{
	unsigned int i;

	task_op_begin("end");
	for (i = 0; i < prog->nr_tasks; i++)
		if (exec.images[i])
			swap_image_free(exec.images[i]);
	for (i = 0; i < PROGRAM_SPACES_MAX; i++)
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

void program_play(const struct program *prog, const struct machine_config *config)
{
	unsigned int i;

	exec_start(prog, config);
	task_op_begin("join");
	for (i = 0; i < prog->nr_tasks; i++)
		task_join(exec.tasks[i]);
	exec_rest();
	task_op_end();
	exec_check();
	world_end(prog);
	check_world_empty();
	check_exit();
	swapfile_exit();
	mm_world_exit();
	machine_stop();
}
