// SPDX-License-Identifier: GPL-2.0-only
/* The events of a schedule. Built without instrumentation: it runs inside the scheduler. */
#include <stdio.h>

#include <fuzz/run/exec.h>
#include <kernel/sched.h>
#include <machine/tsan.h>
#include <sim/sim.h>
#include <world/names.h>
#include "trace.h"

static const struct program *prog;
static unsigned int reached;
static bool printing;
static struct trace_tables tables;

static void print_event(const struct trace_record *rec, unsigned int table)
{
	const struct task_struct *task = current;

	printf("%-6s op%-3lu %-14s   %s", task->name, task->op_nr, task->op ? : "-",
	       trace_name(rec->id));
	trace_print_args(stdout, rec, table);
	putchar('\n');
}

static bool is(const struct program_reach *reach, const struct trace_record *rec,
	       unsigned int table)
{
	const struct trace_value *want;
	struct trace_value value;
	unsigned int i;

	if (reach->event != rec->id ||
	    (reach->task != PROGRAM_ANY_TASK && reach->task != current->id))
		return false;
	for (i = 0; trace_arg(rec->id, i); i++) {
		want = &reach->values[i];
		trace_value_of(&value, rec, i, table);
		if ((want->device >= 0 && value.device != want->device) ||
		    (want->given && (!value.given || value.nr != want->nr)))
			return false;
	}
	return true;
}

/* A probe. */
static void event(const struct trace_record *rec)
{
	unsigned int table;

	tsan_ignore_begin();
	table = trace_table_number(&tables, current->id, rec);
	if (printing)
		print_event(rec, table);
	if (reached < prog->nr_reaches && is(&prog->reaches[reached], rec, table))
		reached++;
	tsan_ignore_end();
}

/* A point of the scheduler. */
static void point(const struct task_struct *task, unsigned int anchor, unsigned int nth,
		  const volatile void *obj)
{
	tsan_ignore_begin();
	printf("%-6s op%-3lu %-14s %s#%u\n", task->name, task->op_nr, task->op ? : "-",
	       anchor_name(anchor), nth);
	tsan_ignore_end();
}

void trace_set(const struct program *program, bool print)
{
	prog = program;
	printing = print;
	if (print) {
		sim_set_tracer(point);
		setvbuf(stdout, NULL, _IOLBF, 0);
	}
	if (print || prog->nr_reaches)
		program_probe_events(event);
}

/* No tracepoints, or those of a kernel tree, whose functions are not core/swap's. */
static bool cannot_tell(void)
{
#ifdef TRACEPOINTS_OFF
	return true;
#else
	return geometry_fixed;
#endif
}

void trace_begin(void)
{
	tables.nr = 0;
	tables.slept = 0;
	reached = cannot_tell() ? prog->nr_reaches : 0;
}

unsigned int trace_reached(void)
{
	return reached;
}
