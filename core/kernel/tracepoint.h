/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: one foreign word in core/swap and core/mm. Probes see every event of the task
 * that caused it, with the locks of that place held; a probe that blocks holds the task
 * there. Probes are attached before tasks start. Empty with TRACEPOINTS_OFF (bench).
 */
#ifndef _KERNEL_TRACEPOINT_H
#define _KERNEL_TRACEPOINT_H

#include <kernel/types.h>

struct swap_info_struct;
struct swap_cluster_info;

enum trace_id {
#define TRACE_EVENT(name, a, b, text) TRACE_##name,
#include <kernel/trace_events.def>
#undef TRACE_EVENT
	NR_TRACE_EVENTS,
};

struct trace_record {
	enum trace_id id;
	const struct swap_info_struct *si;
	const struct swap_cluster_info *ci;
	unsigned long a, b;
};

typedef void (*trace_probe_fn)(const struct trace_record *rec);

/* Attach to one event, or with NR_TRACE_EVENTS to all. At most 8 probes an event. */
void trace_attach(enum trace_id id, trace_probe_fn probe);
void trace_detach_all(void);
const char *trace_name(enum trace_id id);

void __trace_emit(enum trace_id id, const struct swap_info_struct *si,
		  const struct swap_cluster_info *ci, unsigned long a, unsigned long b);
extern bool trace_wanted[NR_TRACE_EVENTS];

#ifdef TRACEPOINTS_OFF
#define __TRACE_BODY(name) do { } while (0)
#else
#define __TRACE_BODY(name) do {							\
	if (trace_wanted[TRACE_##name])						\
		__trace_emit(TRACE_##name, si, ci, a, b);			\
} while (0)
#endif

#define TRACE_EVENT(name, fa, fb, text)						\
static inline void trace_##name(const struct swap_info_struct *si,		\
				const struct swap_cluster_info *ci,		\
				unsigned long a, unsigned long b)		\
{ __TRACE_BODY(name); }
#include <kernel/trace_events.def>
#undef TRACE_EVENT

#endif /* _KERNEL_TRACEPOINT_H */
