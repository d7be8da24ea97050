/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for the objects of trace events, as programs and diagrams write them: devices of the world
 * have letters, clusters and slots are numbered within a device, folios and tables have numbers.
 * Addresses never appear.
 */
#ifndef _WORLD_NAMES_H
#define _WORLD_NAMES_H

#include <stdio.h>

#include <kernel/tracepoint.h>

/* The index of a device; -1 if it is not one of the world's. */
int world_device_index(const struct swap_info_struct *si);
/*
 * The cluster in whose struct @addr lies. @stale: the array may be one that no device has any more.
 * Return: its device's index, 0xff for a device outside the world; @nr: its number; -1: not in a cluster.
 */
int world_cluster_at(const volatile void *addr, bool stale, unsigned int *nr);
/* A device comes: the memory of clusters that no device has any more may be used again, and has no names. */
void world_names_forget(void);
/* Clusters of former worlds have no names any more. */
void world_names_reset(void);

/* Tables in the order of their allocation; memory that is used again is a different table. */
#define TRACE_TABLES_MAX 4096
struct trace_tables {
	unsigned int nr;
	const void *tables[TRACE_TABLES_MAX];
	unsigned __int128 slept;	/* tasks that have an unpublished table, as bits */
};
/* To be called for events in their order. Return: the number of the event's table, 0 if it has none. */
unsigned int trace_table_number(struct trace_tables *t, unsigned int task,
				const struct trace_record *rec);

/* An argument's value. */
struct trace_value {
	int device;			/* of the cluster or slot; -1: none, or not known */
	bool given;			/* is there a number? */
	long nr;
};
/* @table: the event's, by its number. */
void trace_value_of(struct trace_value *v, const struct trace_record *rec, unsigned int arg,
		    unsigned int table);
/* "A/1", "A:8", "f2", "t1", "FREE", "3" */
void trace_value_print(FILE *out, enum trace_kind kind, const struct trace_value *v);
/* The number that a name stands for; -1 if it is not a name. For LIST, SITE and HINT. */
long trace_value_find(enum trace_kind kind, const char *name, size_t len);

/* " si=A ci=A/1 old=FREE" */
void trace_print_args(FILE *out, const struct trace_record *rec, unsigned int table);

#endif /* _WORLD_NAMES_H */
