// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tracepoints: probes, and the ring of last events of each task. Built without
 * instrumentation: nothing here may order tasks in the eyes of TSan.
 */
#include <string.h>

#include <kernel/bug.h>
#include <kernel/tracepoint.h>
#include <machine/task.h>

#define PROBES_MAX 8

static const char *const names[NR_TRACE_EVENTS] = {
#define TRACE_EVENT(name, ...) #name,
#include <kernel/trace_events.def>
#undef TRACE_EVENT
};

/* behind the last one: no name */
static const struct trace_arg args_of[NR_TRACE_EVENTS][TRACE_ARGS_MAX + 1] = {
#define TRACE_EVENT(name, rank, shape, role, args, ...) { TRACE_NAMES(args) },
#include <kernel/trace_events.def>
#undef TRACE_EVENT
};

#define TRACE_EVENT(name, ...)							\
	_Static_assert(sizeof(((struct trace_record *)0)->name) <=		\
		       TRACE_VALUES_MAX * sizeof(long), #name " has too many values");
#include <kernel/trace_events.def>
#undef TRACE_EVENT

/* everything is wanted: the ring of last events is always on */
bool trace_wanted[NR_TRACE_EVENTS] = { [0 ... NR_TRACE_EVENTS - 1] = true };
static trace_probe_fn probes[NR_TRACE_EVENTS + 1][PROBES_MAX];
static unsigned long trace_seq;

const char *trace_name(enum trace_id id)
{
	return names[id];
}

void trace_attach(enum trace_id id, trace_probe_fn probe)
{
	unsigned int i;

	for (i = 0; i < PROBES_MAX; i++) {
		if (probes[id][i] == probe)
			return;
		if (!probes[id][i]) {
			probes[id][i] = probe;
			return;
		}
	}
	harness_fail("SETUP", CODE_SITE, "more than %d probes on one tracepoint", PROBES_MAX);
}

void trace_detach_all(void)
{
	memset(probes, 0, sizeof(probes));
}

const struct trace_arg *trace_arg(enum trace_id id, unsigned int i)
{
	return i < TRACE_ARGS_MAX && args_of[id][i].name ? &args_of[id][i] : NULL;
}

int trace_arg_value(enum trace_id id, unsigned int i)
{
	const struct trace_arg *arg = args_of[id];
	unsigned int j;
	int nr = 0;

	if (arg[i].kind <= TRACE_CLUSTER)
		return -1;
	for (j = 0; j < i; j++)
		nr += arg[j].kind > TRACE_CLUSTER;
	return nr;
}

int trace_arg_find(enum trace_id id, const char *name, unsigned long len)
{
	const struct trace_arg *arg;
	unsigned int i;

	for (i = 0; (arg = trace_arg(id, i)); i++)
		if (strlen(arg->name) == len && !memcmp(arg->name, name, len))
			return i;
	return -1;
}

static bool same_record(const struct trace_record *a, const struct trace_record *b)
{
	unsigned int i;

	if (a->id != b->id || a->si != b->si || a->ci != b->ci)
		return false;
	for (i = 0; i < TRACE_VALUES_MAX; i++)
		if (a->values[i] != b->values[i])
			return false;
	return true;
}

/* What a task only repeats takes one place, or a loop would push out what led to it. */
static void keep_event(struct task_struct *t, const struct trace_record *rec)
{
	struct task_event *event = &t->events[(t->event_seq - 1) % TASK_EVENTS_MAX];

	if (!t->event_seq || !same_record(&event->rec, rec)) {
		event = &t->events[t->event_seq++ % TASK_EVENTS_MAX];
		event->times = 0;
		event->rec = *rec;
	}
	event->times++;
	event->seq = __atomic_fetch_add(&trace_seq, 1, __ATOMIC_RELAXED);
}

void __trace_emit(const struct trace_record *rec)
{
	struct task_struct *t = current;
	enum trace_id id = rec->id;
	unsigned int i;

	keep_event(t, rec);
	machine_mute();
	for (i = 0; i < PROBES_MAX && probes[id][i]; i++)
		probes[id][i](rec);
	for (i = 0; i < PROBES_MAX && probes[NR_TRACE_EVENTS][i]; i++)
		probes[NR_TRACE_EVENTS][i](rec);
	machine_unmute();
}
