/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rare paths that a run must reach before a pass means anything. They are counted per task, without
 * synchronisation, and read when tasks are at rest.
 */
#ifndef _CHECK_COVERAGE_H
#define _CHECK_COVERAGE_H

#include <stdio.h>
#include <check/check.h>
#include <kernel/tracepoint.h>

/* paths that the name of a trace event does not identify */
enum cover_special {
	COVER_SLEEP_OK,			/* the sleeping table allocation succeeded */
	COVER_MIGRATED,			/* ... and woke up on another CPU */
	COVER_SECOND_ROUND,
	COVER_SIGNALLED,
	COVER_REF_OUTSTANDING,
	COVER_STOLEN,
	COVER_DISCARD_RACE,
	COVER_HIB_BESIDE,
	COVER_HIB_NEARLY_FULL,
	NR_COVER_SPECIALS,
};

/* which workloads must reach a path */
enum cover_workload {
	COVER_PRESSURE = BIT(0),
	COVER_SWAPOFF = BIT(1),
	COVER_REDIS = BIT(2),
	COVER_KBUILD = BIT(3),
	COVER_THP = BIT(4),
	COVER_DISCARD = BIT(5),
	COVER_HIBERNATE = BIT(6),
	COVER_OTHER = BIT(7),		/* a workload that must reach only the common paths */
	COVER_ALL = BIT(8) - 1,
};

struct rare_path {
	const char *name;
	unsigned int workloads;		/* enum cover_workload */
	unsigned long (*count)(void);
};
extern const struct rare_path rare_paths[];
extern const unsigned int nr_rare_paths;

/* The bit of a workload's name; COVER_OTHER for any other name. */
unsigned int coverage_workload(const char *name);

#ifdef CHECK_ON
void coverage_reset(void);
unsigned long coverage_count(const struct rare_path *path);
unsigned long coverage_event(enum trace_id id);
/* Prints the paths that the workload must reach. Return: how many of them it did not reach. */
unsigned int coverage_print(FILE *out, unsigned int workload);
#else
static inline void coverage_reset(void) { }
static inline unsigned long coverage_count(const struct rare_path *path) { return 0; }
static inline unsigned long coverage_event(enum trace_id id) { return 0; }
static inline unsigned int coverage_print(FILE *out, unsigned int workload) { return 0; }
#endif

struct ghost_task;
void coverage_trace(struct ghost_task *t, const struct trace_record *rec);

#endif /* _CHECK_COVERAGE_H */
