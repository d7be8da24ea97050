/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of a program, on either machine. */
#ifndef _FUZZ_RUN_EXEC_H
#define _FUZZ_RUN_EXEC_H

#include <fuzz/program/program.h>
#include <kernel/tracepoint.h>
#include <machine/machine.h>

/*
 * Runs the program once, from an empty world to an empty world, under the strategy and the
 * replay that are set, and checks everything at rest. Returns if nothing fails: a failed check
 * ends the process. The program's geometry becomes the core's.
 */
void program_run(const struct program *prog);

/*
 * The same on pthreads, from an empty world to an empty world, once a process. The program's
 * schedule does not apply. @config: noise, seed and watchdog.
 */
void program_play(const struct program *prog, const struct machine_config *config);

/* Shows every trace event of the schedules to come to @probe. */
void program_probe_events(trace_probe_fn probe);

/*
 * Calls @fn behind each operation of the schedules to come, in its task, and with NULL for one
 * when all is at rest; there are no scheduling points meanwhile. NULL: nobody.
 */
typedef void (*program_op_fn)(unsigned int task, const struct op *op, int ret);
void program_after_op(program_op_fn fn);

/* Adds up how often rare paths were reached, over the schedules to come. */
void program_count_coverage(bool on);
/*
 * "path", name, count; "op", name, how often it ran, and to some purpose: lines with tabs.
 * Return: paths that were never reached.
 */
unsigned int program_print_coverage(FILE *out);

/* What the operations work on. */
struct exec {
	const struct program *prog;
	struct mm_struct *spaces[WORLD_SPACES_MAX];
	struct exec_device {
		struct block_device *bdev;
		unsigned int bad[WORLD_BAD_MAX];
		int type;			/* -1: never on */
	} devices[WORLD_DEVICES_MAX];
	struct swap_image *images[PROGRAM_TASKS_MAX];	/* each its task's own */
	struct task_struct *tasks[PROGRAM_TASKS_MAX];
};
extern struct exec exec;

/* exec.c. Sets the world up and starts the tasks. */
void exec_start(const struct program *prog, const struct machine_config *config);
/* All tasks have ended: no allocation fails any more, what is queued runs. */
void exec_rest(void);
/* Everything is at rest. */
void exec_check(void);
/* Everything that the program left goes away by operations: what is left then is a leak. */
void exec_end(void);

/* ops.c; @task: whose operation it is. Return: 0 or a negative errno. */
int op_run(unsigned int task, const struct op *op);
int device_on(unsigned int index);
bool device_is_on(const struct exec_device *dev);

#endif /* _FUZZ_RUN_EXEC_H */
