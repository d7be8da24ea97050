/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of a program, on either machine. */
#ifndef _FUZZ_RUN_EXEC_H
#define _FUZZ_RUN_EXEC_H

#include <fuzz/program/program.h>
#include <kernel/tracepoint.h>
#include <machine/machine.h>
#include <world/world.h>

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
 * Calls @fn after each operation of the schedules to come, in its task, and with a NULL operation
 * when all is at rest; @fn meets no scheduling points. NULL: no function.
 */
typedef void (*program_op_fn)(unsigned int task, const struct op *op, int ret);
void program_after_op(program_op_fn fn);

/* Adds up how often rare paths were reached, over the schedules to come. */
void program_count_coverage(bool on);
/*
 * Prints lines with tabs: "path", name, count; "op", name, how often it ran, how often with effect.
 * Return: the number of paths that were never reached.
 */
unsigned int program_print_coverage(FILE *out);

/* The current run; its operations work on the world. */
struct exec {
	const struct program *prog;
	struct task_struct *tasks[PROGRAM_TASKS_MAX];
};
extern struct exec exec;

/* exec.c. Sets the world up and starts the tasks. */
void exec_start(const struct program *prog, const struct machine_config *config);
/* Everything is at rest. */
void exec_check(void);

#endif /* _FUZZ_RUN_EXEC_H */
