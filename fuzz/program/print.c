// SPDX-License-Identifier: GPL-2.0-only
/* Programs as text, in canonical form. Built without instrumentation: reports print, too. */
#include <kernel/tracepoint.h>
#include "program.h"

void program_print_choice(FILE *out, const struct choice *choice)
{
	char name[16], value[16];

	fprintf(out, "%s.op%u %s#%u -> ", program_task_name(choice->task, name, sizeof(name)),
		choice->op, anchor_name(choice->anchor), choice->nth);
	if (anchor_schedules(choice->anchor))
		fputs(program_task_name(choice->value, value, sizeof(value)), out);
	else if (choice->anchor == ANCHOR_CPU)
		fprintf(out, "cpu%u", choice->value);
	else if (choice->anchor >= ANCHOR_ALLOC && choice->anchor < ANCHOR_STORE)
		fputs(choice->value ? "fail" : "ok", out);
	else
		fprintf(out, "%u", choice->value);
}

void program_print_reach(FILE *out, const struct program_reach *reach)
{
	const struct trace_value *v;
	const struct trace_arg *arg;
	char name[16];
	unsigned int i;

	if (reach->task != PROGRAM_ANY_TASK)
		fprintf(out, "%s:", program_task_name(reach->task, name, sizeof(name)));
	fputs(trace_name(reach->event), out);
	for (i = 0; (arg = trace_arg(reach->event, i)); i++) {
		v = &reach->values[i];
		if (!v->given && v->device < 0)
			continue;
		fprintf(out, ",%s=", arg->name);
		trace_value_print(out, arg->kind, v);
	}
}

static void print_device(FILE *out, unsigned int index, const struct world_device *dev)
{
	static const char *const discards[NR_WORLD_DISCARDS] = {
		"", " discard", " discard_once", " discard_pages",
	};
	unsigned int i;

	fprintf(out, "device %c pages=%u %s", 'A' + index, dev->pages,
		dev->rotating ? "rotating" : "ssd");
	if (dev->prio >= 0)
		fprintf(out, " prio=%d", dev->prio);
	if (dev->short_by)
		fprintf(out, " short=%u", dev->short_by);
	fprintf(out, "%s%s%s%s%s", discards[dev->discard], dev->synchronous ? " sync" : "",
		dev->stable ? " stable" : "", dev->fs ? " fs" : dev->file ? " file" : "", dev->off ? " off" : "");
	for (i = 0; i < dev->nr_bad; i++)
		fprintf(out, "%s%u", i ? "," : " bad=", dev->bad[i]);
	fputc('\n', out);
}

static void print_fail(FILE *out, const struct program_fail *fail)
{
	fprintf(out, "fail %s ", alloc_site_name(fail->site));
	if (fail->every)
		fprintf(out, "every %u\n", fail->every);
	else if (fail->to == PROGRAM_FOREVER)
		fprintf(out, "%u..\n", fail->from);
	else if (fail->to == fail->from)
		fprintf(out, "%u\n", fail->from);
	else
		fprintf(out, "%u..%u\n", fail->from, fail->to);
}

static void print_task(FILE *out, unsigned int index, const struct program_task *task)
{
	unsigned int i;

	fprintf(out, "task %u @cpu%u {\n", index, task->cpu);
	for (i = 0; i < task->nr_ops; i++) {
		fputc('\t', out);
		op_print(out, &task->ops[i]);
		fputc('\n', out);
	}
	fputs("}\n", out);
}

void program_print(FILE *out, const struct program *prog)
{
	const struct geometry *g = &prog->geometry;
	unsigned int i;

	fprintf(out, "program 1\nmachine cpus=%u slots=%u table=%s count_bits=%u ptl=%u pages=%u "
		"spaces=%u folios=%u\n", g->nr_cpus, g->cluster_slots,
		g->table == TABLE_SLAB ? "slab" : "page", g->count_bits, g->ptl_shift,
		prog->pages, prog->spaces, prog->folios);
	for (i = 0; i < prog->nr_devices; i++)
		print_device(out, i, &prog->devices[i]);
	for (i = 0; i < prog->nr_fails; i++)
		print_fail(out, &prog->fails[i]);
	for (i = 0; i < prog->nr_tasks; i++)
		print_task(out, i, &prog->tasks[i]);
	if (prog->nr_choices)
		fputs("schedule\n", out);
	for (i = 0; i < prog->nr_choices; i++) {
		fputc('\t', out);
		program_print_choice(out, &prog->choices[i]);
		fputs(i + 1 < prog->nr_choices ? ";\n" : "\n", out);
	}
	for (i = 0; i < prog->nr_reaches; i++) {
		fputs("reaches ", out);
		program_print_reach(out, &prog->reaches[i]);
		fputc('\n', out);
	}
	if (!prog->has_expect)
		return;
	fprintf(out, "expect %s", prog->expect[0] ? prog->expect : "pass");
	if (prog->mutant[0])
		fprintf(out, " with mutant %s", prog->mutant);
	fputc('\n', out);
}
