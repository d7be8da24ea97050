/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A timeline as a kernel changelog draws it: a column for each task, a row for each step, time
 * going down. Plain ASCII, at most DIAGRAM_WIDTH columns. Deterministic: the diagram is the same
 * in every variant.
 */
#ifndef _FUZZ_EXPLAIN_DIAGRAM_H
#define _FUZZ_EXPLAIN_DIAGRAM_H

#include <machine/failure.h>
#include "timeline.h"

#define DIAGRAM_WIDTH 100

enum diagram_detail {
	DIAGRAM_FOLDED,			/* steps that matter to the failure; without one, all steps */
	DIAGRAM_FULL,			/* every scheduling point */
};

/* A data race, as ThreadSanitizer reports it: the failing task's access, and the earlier one. */
struct race {
	bool valid;
	u8 task;			/* the task of the earlier access */
	char how[2][24];		/* "write", "atomic read", ... */
	char function[2][64];		/* of the code under test; "": not known */
};

struct diagram_options {
	enum diagram_detail detail;
	const char *check;		/* the one that failed, or NULL */
	const struct failure *failure;	/* its record; NULL if nothing failed */
	struct race race;
};

void diagram_print(FILE *out, const struct timeline *tl, const struct program *prog,
		   const struct diagram_options *options);
void diagram_svg(FILE *out, const struct timeline *tl, const struct program *prog,
		 const struct diagram_options *options);

/* "A/2", "A:17", "f12", "m0", ... */
void object_name(char *text, size_t size, struct object obj);
/* "ci A/2", "local", "mmap_lock m0", ... */
void lock_name(char *text, size_t size, enum lock_class class, struct object obj);
/* "nr_swap_pages", "references of f3", ... */
void balance_name(char *text, size_t size, const struct balance *balance,
		  const struct timeline *tl);
/* "task 0", "rcu", ... */
void task_title(char *text, size_t size, unsigned int task);
/* A check's values, with the machine's numbers replaced by the program's names. */
void values_print(FILE *out, const char *values, const struct timeline *tl);
/* What a task waits for, from its EVENT_BLOCK. */
void wait_name(char *text, size_t size, const struct timeline_event *e);

#endif /* _FUZZ_EXPLAIN_DIAGRAM_H */
