/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints of core/swap (most of them macros of swap/trace.h) and of core/mm. Probes see every
 * event, in the task that caused it, with the locks of that place held; a probe that blocks holds
 * the task there. Probes are attached before tasks start. Empty with TRACEPOINTS_OFF (bench).
 *
 * Each event has a function and a record with members of the same names, made from its row in
 * trace_events.def:
 *
 *	trace_swap_alloc_taken(si, ci, slot, nr);
 *	rec->swap_alloc_taken.nr
 */
#ifndef _KERNEL_TRACEPOINT_H
#define _KERNEL_TRACEPOINT_H

#include <kernel/swap_entry.h>
#include <kernel/types.h>

struct folio;
struct swap_info_struct;
struct swap_cluster_info;

/* Kinds of arguments. They are printed by name, not by address. */
enum trace_kind {
	TRACE_DEVICE,		/* the event's device */
	TRACE_CLUSTER,
	TRACE_ENTRY,		/* its device is the event's */
	TRACE_SLOT,		/* of the event's device */
	TRACE_HINT,		/* a slot; 0: none */
	TRACE_WORD,		/* of the cluster's table */
	TRACE_TABLE,		/* NULL: none */
	TRACE_FOLIO,		/* NULL: not known */
	TRACE_LIST,		/* CLUSTER_FLAG_* */
	TRACE_COUNT,
	TRACE_ORDER,
	TRACE_CPU,
	TRACE_MM,		/* its id */
	TRACE_SITE,		/* enum alloc_site */
	TRACE_FLAG,
	TRACE_ERROR,		/* a positive errno */
	TRACE_RESULT,
};

/* The type that trace_<name>() takes them with. */
#define __TRACE_TYPE_DEVICE const struct swap_info_struct *
#define __TRACE_TYPE_CLUSTER const struct swap_cluster_info *
#define __TRACE_TYPE_ENTRY swp_entry_t
#define __TRACE_TYPE_SLOT unsigned long
#define __TRACE_TYPE_HINT unsigned long
#define __TRACE_TYPE_WORD unsigned long
#define __TRACE_TYPE_TABLE const void *
#define __TRACE_TYPE_FOLIO const struct folio *
#define __TRACE_TYPE_LIST unsigned int
#define __TRACE_TYPE_COUNT unsigned long
#define __TRACE_TYPE_ORDER unsigned int
#define __TRACE_TYPE_CPU unsigned int
#define __TRACE_TYPE_MM unsigned int
#define __TRACE_TYPE_SITE unsigned int
#define __TRACE_TYPE_FLAG bool
#define __TRACE_TYPE_ERROR int
#define __TRACE_TYPE_RESULT long

/* Their members of the event's record, each of the size of a long. */
#define __TRACE_MEMBER_DEVICE(name)
#define __TRACE_MEMBER_CLUSTER(name)
#define __TRACE_MEMBER_ENTRY(name) swp_entry_t name;
#define __TRACE_MEMBER_SLOT(name) unsigned long name;
#define __TRACE_MEMBER_HINT(name) unsigned long name;
#define __TRACE_MEMBER_WORD(name) unsigned long name;
#define __TRACE_MEMBER_TABLE(name) const void *name;
#define __TRACE_MEMBER_FOLIO(name) const struct folio *name;
#define __TRACE_MEMBER_LIST(name) unsigned long name;
#define __TRACE_MEMBER_COUNT(name) unsigned long name;
#define __TRACE_MEMBER_ORDER(name) unsigned long name;
#define __TRACE_MEMBER_CPU(name) unsigned long name;
#define __TRACE_MEMBER_MM(name) unsigned long name;
#define __TRACE_MEMBER_SITE(name) unsigned long name;
#define __TRACE_MEMBER_FLAG(name) unsigned long name;
#define __TRACE_MEMBER_ERROR(name) long name;
#define __TRACE_MEMBER_RESULT(name) long name;

/* Into the record __rec, of which __nr values are set. */
#define __TRACE_STORE_DEVICE(x) __rec.si = (x);
#define __TRACE_STORE_CLUSTER(x) __rec.ci = (x);
#define __TRACE_STORE_ENTRY(x) __rec.si = trace_entry_device(x); __rec.values[__nr++] = (x).val;
#define __TRACE_STORE_SLOT(x) __rec.values[__nr++] = (unsigned long)(x);
#define __TRACE_STORE_HINT(x) __rec.values[__nr++] = (unsigned long)(x);
#define __TRACE_STORE_WORD(x) __rec.values[__nr++] = (unsigned long)(x);
#define __TRACE_STORE_TABLE(x) __rec.values[__nr++] = (unsigned long)(x);
#define __TRACE_STORE_FOLIO(x) __rec.values[__nr++] = (unsigned long)(x);
#define __TRACE_STORE_LIST(x) __rec.values[__nr++] = (unsigned long)(x);
#define __TRACE_STORE_COUNT(x) __rec.values[__nr++] = (unsigned long)(x);
#define __TRACE_STORE_ORDER(x) __rec.values[__nr++] = (unsigned long)(x);
#define __TRACE_STORE_CPU(x) __rec.values[__nr++] = (unsigned long)(x);
#define __TRACE_STORE_MM(x) __rec.values[__nr++] = (unsigned long)(x);
#define __TRACE_STORE_SITE(x) __rec.values[__nr++] = (unsigned long)(x);
#define __TRACE_STORE_FLAG(x) __rec.values[__nr++] = (x);
#define __TRACE_STORE_ERROR(x) __rec.values[__nr++] = (unsigned long)(x);
#define __TRACE_STORE_RESULT(x) __rec.values[__nr++] = (unsigned long)(x);

enum trace_id {
#define TRACE_EVENT(name, ...) TRACE_##name,
#include <kernel/trace_events.def>
#undef TRACE_EVENT
	NR_TRACE_EVENTS,
};

#define TRACE_ARGS_MAX 4		/* of an event */
#define TRACE_VALUES_MAX 3		/* those that are neither DEVICE nor CLUSTER */

/*
 * The list (KIND, name)(KIND, name)... goes through two macros that call each other, and the name of
 * the last one gets an _END.
 */
#define __TRACE_LIST(...) __TRACE_LIST_(__VA_ARGS__)
#define __TRACE_LIST_(...) __VA_ARGS__##_END

#define __TRACE_P(kind, name) __TRACE_TYPE_##kind name __TRACE_P_A
#define __TRACE_P_A(kind, name) , __TRACE_TYPE_##kind name __TRACE_P_B
#define __TRACE_P_B(kind, name) , __TRACE_TYPE_##kind name __TRACE_P_A
#define __TRACE_P_END void
#define __TRACE_P_A_END
#define __TRACE_P_B_END
#define TRACE_PARAMETERS(args) __TRACE_LIST(__TRACE_P args)

#define __TRACE_M_A(kind, name) __TRACE_MEMBER_##kind(name) __TRACE_M_B
#define __TRACE_M_B(kind, name) __TRACE_MEMBER_##kind(name) __TRACE_M_A
#define __TRACE_M_A_END
#define __TRACE_M_B_END
#define TRACE_MEMBERS(args) __TRACE_LIST(__TRACE_M_A args)

#define __TRACE_S_A(kind, name) __TRACE_STORE_##kind(name) __TRACE_S_B
#define __TRACE_S_B(kind, name) __TRACE_STORE_##kind(name) __TRACE_S_A
#define __TRACE_S_A_END
#define __TRACE_S_B_END
#define TRACE_STORES(args) __TRACE_LIST(__TRACE_S_A args)

/* A { TRACE_kind, "name" }, of each. */
#define __TRACE_N_A(kind, name) { TRACE_##kind, #name }, __TRACE_N_B
#define __TRACE_N_B(kind, name) { TRACE_##kind, #name }, __TRACE_N_A
#define __TRACE_N_A_END
#define __TRACE_N_B_END
#define TRACE_NAMES(args) __TRACE_LIST(__TRACE_N_A args)

struct trace_record {
	enum trace_id id;
	const struct swap_info_struct *si;	/* its DEVICE, or that of its ENTRY; NULL: none */
	const struct swap_cluster_info *ci;	/* its CLUSTER; NULL: none */
	union {
		unsigned long values[TRACE_VALUES_MAX];
#define TRACE_EVENT(name, rank, shape, role, args, ...) struct { TRACE_MEMBERS(args) } name;
#include <kernel/trace_events.def>
#undef TRACE_EVENT
	};
};

typedef void (*trace_probe_fn)(const struct trace_record *rec);

/* Attach to one event, or with NR_TRACE_EVENTS to all. At most 8 probes an event. */
void trace_attach(enum trace_id id, trace_probe_fn probe);
void trace_detach_all(void);
const char *trace_name(enum trace_id id);

struct trace_arg {
	enum trace_kind kind;
	const char *name;
};
/* The i-th argument of an event; NULL: it has fewer. */
const struct trace_arg *trace_arg(enum trace_id id, unsigned int i);
/* Where its value is in a record's values; -1: it is a DEVICE or a CLUSTER. */
int trace_arg_value(enum trace_id id, unsigned int i);
/* The argument of that name, of @len bytes; -1: the event has none. */
int trace_arg_find(enum trace_id id, const char *name, unsigned long len);

void __trace_emit(const struct trace_record *rec);
extern bool trace_wanted[NR_TRACE_EVENTS];
/* core/mm: NULL: there never was one. Orders nothing, and is not a scheduling point. */
const struct swap_info_struct *trace_entry_device(swp_entry_t entry);

#ifdef TRACEPOINTS_OFF
#define __TRACE_BODY(id_, args) do { } while (0)
#else
#define __TRACE_BODY(id_, args) do {						\
	if (trace_wanted[id_]) {						\
		struct trace_record __rec = { .id = id_ };			\
		unsigned int __nr = 0;						\
		TRACE_STORES(args)						\
		(void)__nr;							\
		__trace_emit(&__rec);						\
	}									\
} while (0)
#endif

/* a record on the stack is nothing that a sanitizer should look at */
#define TRACE_EVENT(name, rank, shape, role, args, ...)				\
__attribute__((disable_sanitizer_instrumentation))				\
static inline void trace_##name(TRACE_PARAMETERS(args))				\
{ __TRACE_BODY(TRACE_##name, args); }
#include <kernel/trace_events.def>
#undef TRACE_EVENT

#endif /* _KERNEL_TRACEPOINT_H */
