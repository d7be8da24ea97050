/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for what trace events are about, as programs and diagrams write them: devices are the
 * world's, by letter, clusters and slots numbers of them, folios and tables numbers. No address
 * gets in.
 */
#ifndef _WORLD_NAMES_H
#define _WORLD_NAMES_H

#include <stdio.h>

#include <kernel/tracepoint.h>

/* The index of a device; -1: none of the world's. */
int world_device_index(const struct swap_info_struct *si);
/*
 * The cluster in whose struct @addr lies. @stale: maybe of an array that no device has any more.
 * Return: its device's index, 0xff: none of the world's; @nr: its number there. -1: it lies in none.
 */
int world_cluster_at(const volatile void *addr, bool stale, unsigned int *nr);
/* Clusters of former worlds have no names any more. */
void world_names_reset(void);

/* Tables in the order of their allocation: memory that is used again is another table. */
#define TRACE_TABLES_MAX 4096
struct trace_tables {
	unsigned int nr;
	const void *tables[TRACE_TABLES_MAX];
	u64 slept;			/* tasks that have one which is not published, as bits */
};
/* Of events in the order of their occurrence. Return: the number of the event's table; 0: none. */
unsigned int trace_table_number(struct trace_tables *t, unsigned int task,
				const struct trace_record *rec);

/* An argument's value. */
struct trace_value {
	int device;			/* that the cluster or slot is of; -1: none, not known */
	bool given;			/* is there a number? */
	long nr;
};
/* @table: the event's, by its number. */
void trace_value_of(struct trace_value *v, const struct trace_record *rec, unsigned int arg,
		    unsigned int table);
/* "A/1", "A:8", "f2", "t1", "FREE", "3" */
void trace_value_print(FILE *out, enum trace_kind kind, const struct trace_value *v);
/* The number that a name stands for; -1: none. For LIST, SITE and HINT. */
long trace_value_find(enum trace_kind kind, const char *name, size_t len);

/* " si=A ci=A/1 old=FREE" */
void trace_print_args(FILE *out, const struct trace_record *rec, unsigned int table);

#endif /* _WORLD_NAMES_H */
