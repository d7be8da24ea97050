/* SPDX-License-Identifier: GPL-2.0-only */
/* The events of a schedule: printed, and compared with the tracepoints that a program is to reach. */
#ifndef _FUZZ_TOOLS_TRACE_H
#define _FUZZ_TOOLS_TRACE_H

#include <fuzz/program/program.h>

/**
 * trace_set - select what to watch in the schedules to come
 * @prog: its tracepoints to reach; must outlive these schedules
 * @print: print each event on stdout
 *
 * Context: the process that runs the schedules.
 */
void trace_set(const struct program *prog, bool print);
/* Before each schedule: restarts the numbers of tables and the list of tracepoints to reach. */
void trace_begin(void);
/*
 * Return: how many of the tracepoints were reached, in their order, in this schedule; all of them
 * where this is not known: in a variant without tracepoints (bench), and on a kernel tree.
 */
unsigned int trace_reached(void);

#endif /* _FUZZ_TOOLS_TRACE_H */
