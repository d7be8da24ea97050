// SPDX-License-Identifier: GPL-2.0-only
/* Programs on the controlled machine. Built without instrumentation, see exec.c. */
#include <check/check.h>
#include <machine/alloc.h>
#include <sim/sim.h>
#include "exec.h"

void program_run(const struct program *prog)
{
	struct machine_config config = { .seed = 1 };

	exec_start(prog, &config);
	task_op_begin("join");
	sim_join_all();
	world_rest();
	task_op_end();
	exec_check();
	sim_settle();
	world_down();
	machine_stop();
	/* the rest of the world goes away as it is */
	alloc_drop_all();
}
