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
#define TRACE_EVENT(name, a, b, text) #name,
#include <kernel/trace_events.def>
#undef TRACE_EVENT
};

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

void __trace_emit(enum trace_id id, const struct swap_info_struct *si,
		  const struct swap_cluster_info *ci, unsigned long a, unsigned long b)
{
	struct task_struct *t = current;
	struct trace_record rec = { .id = id, .si = si, .ci = ci, .a = a, .b = b };
	struct task_event *event;
	unsigned int i;

	event = &t->events[t->event_seq++ % TASK_EVENTS_MAX];
	event->seq = __atomic_fetch_add(&trace_seq, 1, __ATOMIC_RELAXED);
	event->rec = rec;
	machine_mute();
	for (i = 0; i < PROBES_MAX && probes[id][i]; i++)
		probes[id][i](&rec);
	for (i = 0; i < PROBES_MAX && probes[NR_TRACE_EVENTS][i]; i++)
		probes[NR_TRACE_EVENTS][i](&rec);
	machine_unmute();
}
