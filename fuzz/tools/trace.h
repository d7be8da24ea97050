/* SPDX-License-Identifier: GPL-2.0-only */
/* The events of a schedule: printed, and compared with the tracepoints that a program is to reach. */
#ifndef _FUZZ_TOOLS_TRACE_H
#define _FUZZ_TOOLS_TRACE_H

#include <fuzz/program/program.h>

/**
 * trace_set - what the schedules to come are looked at for
 * @prog: its tracepoints to reach; must outlive these schedules
 * @print: each event goes to stdout
 *
 * Context: the process that runs the schedules.
 */
void trace_set(const struct program *prog, bool print);
/* Before each schedule: tables are numbered anew, nothing is reached. */
void trace_begin(void);
/*
 * Return: how many of the tracepoints to reach have come, in their order, in this schedule; all
 * of them if it cannot be told: in a variant without tracepoints (bench), and on a kernel tree.
 */
unsigned int trace_reached(void);

#endif /* _FUZZ_TOOLS_TRACE_H */
