// SPDX-License-Identifier: GPL-2.0-only
/* The events of a schedule. Built without instrumentation: it runs inside the scheduler. */
#include <string.h>

#include <fuzz/explain/timeline.h>
#include <fuzz/run/exec.h>
#include <machine/tsan.h>
#include <swap/swap.h>
#include "trace.h"

static const struct program *prog;
static unsigned int reached;
static bool printing;
static bool slept[SIM_TASKS_MAX];	/* its table has a number, and is not published */

/* Numbers, not addresses: two traces can be compared. */
struct fields {
	unsigned int given, table;	/* bits of enum trace_field */
	long value[NR_TRACE_FIELDS];
};

static void set_field(struct fields *f, enum trace_field field, long value)
{
	f->given |= BIT(field);
	f->value[field] = value;
}

/* A table has a number, as in a diagram; none is 0. */
static void set_table(struct fields *f, enum trace_field field, unsigned long table, bool new)
{
	struct object nowhere = { 0 };

	set_field(f, field, table ? table_number(table, &nowhere, new) : 0);
	f->table |= table ? BIT(field) : 0;
}

static void find_fields(struct fields *f, const struct trace_record *rec)
{
	bool *sleeper = &slept[current->id];

	memset(f, 0, sizeof(*f));
	if (rec->si)
		set_field(f, FIELD_DEV, rec->si->type);
	if (rec->ci && rec->si)
		set_field(f, FIELD_CI, rec->ci - rec->si->cluster_info);
	set_field(f, FIELD_A, rec->a);
	set_field(f, FIELD_B, rec->b);
	switch (rec->id) {
	case TRACE_swap_table_slept:
		set_table(f, FIELD_B, rec->b, true);
		*sleeper = rec->b;
		break;
	case TRACE_swap_table_published:
		set_table(f, FIELD_A, rec->a, !*sleeper);
		*sleeper = false;
		break;
	case TRACE_swap_table_freed:
	case TRACE_swap_table_loaded:
		set_table(f, FIELD_A, rec->a, false);
		break;
	default:
		break;
	}
}

static void print_event(const struct trace_record *rec, const struct fields *f)
{
	const struct task_struct *task = current;
	unsigned int i;

	printf("%-6s op%-3lu %-14s   %s", task->name, task->op_nr, task->op ? : "-",
	       trace_name(rec->id));
	for (i = 0; i < NR_TRACE_FIELDS; i++)
		if (f->given & BIT(i))
			printf(" %s=%s%ld", trace_field_name(i), f->table & BIT(i) ? "t" : "",
			       f->value[i]);
	putchar('\n');
}

static bool is(const struct program_reach *reach, const struct trace_record *rec,
	       const struct fields *f)
{
	unsigned int i;

	if (reach->event != rec->id ||
	    (reach->task != PROGRAM_ANY_TASK && reach->task != current->id))
		return false;
	for (i = 0; i < NR_TRACE_FIELDS; i++)
		if ((reach->given & BIT(i)) &&
		    (!(f->given & BIT(i)) || f->value[i] != reach->value[i] ||
		     (f->table & BIT(i)) != (reach->table & BIT(i))))
			return false;
	return true;
}

/* A probe. */
static void event(const struct trace_record *rec)
{
	struct fields f;

	tsan_ignore_begin();
	find_fields(&f, rec);
	if (printing)
		print_event(rec, &f);
	if (reached < prog->nr_reaches && is(&prog->reaches[reached], rec, &f))
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
	objects_reset();
	memset(slept, 0, sizeof(slept));
	reached = cannot_tell() ? prog->nr_reaches : 0;
}

unsigned int trace_reached(void)
{
	return reached;
}
