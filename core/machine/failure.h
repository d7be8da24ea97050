/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A failure as a record: what failed, where, what it is about, what every task was doing. It is filled
 * where the check fails, by harness_fail() and what else ends a run (fail.c), and lies in memory that an
 * engine can share with the process that it runs schedules in. Text is made of it at the edge: reports,
 * pictures, JSON. Only a sanitizer's report is text from the start.
 */
#ifndef _MACHINE_FAILURE_H
#define _MACHINE_FAILURE_H

#include <stdarg.h>
#include <stdio.h>

#include <kernel/bug.h>

#define FAILURE_OBJECTS_MAX 16
#define FAILURE_TASKS_MAX 32
#define FAILURE_LOCKS_MAX 8
#define FAILURE_SITE_MAX 64

/* The letters are those of OBJ_DEVICE, ... in kernel/bug.h. */
enum failure_kind {
	FAILURE_DEVICE = 'D',		/* in: its type */
	FAILURE_CLUSTER = 'C',		/* in: its device's type, nr: its index there */
	FAILURE_SLOT = 'S',		/* in: its device's type, nr: its offset there */
	FAILURE_FOLIO = 'F',		/* nr: its page frame number */
	FAILURE_PAGE = 'P',		/* in: its mm, nr: the page in it */
	FAILURE_TASK = 'T',		/* nr: its id */
	FAILURE_HINT = 'H',		/* in: its CPU, nr: its order */
};

struct failure_object {
	unsigned char kind;		/* enum failure_kind */
	unsigned int in;
	unsigned long nr;
};

struct failure_task {
	unsigned int id, cpu;
	char name[24], op[24];		/* op: "": none */
	unsigned long op_nr;
	unsigned int nr_locks;		/* of which the first FAILURE_LOCKS_MAX are kept */
	struct {
		unsigned char class;	/* enum lock_class */
		char site[FAILURE_SITE_MAX];
	} locks[FAILURE_LOCKS_MAX];
	bool in_rcu;
	char waits[FAILURE_SITE_MAX];	/* where; "": nowhere */
};

struct failure {
	bool valid;
	char check[40];			/* an id of check/checks.def */
	char site[256];			/* file and line; "during FUNCTION" behind it */
	char text[1024];		/* the values that disagree; objects are marked, see failure_object() */
	unsigned int task;		/* whose failure it is */
	unsigned int nr_objects;	/* that the text names, each once */
	struct failure_object objects[FAILURE_OBJECTS_MAX];
	unsigned int nr_tasks;
	struct failure_task tasks[FAILURE_TASKS_MAX];
};

/* Never NULL: where the next failure goes. */
extern struct failure *failure;

/* From now on failures of this process and of the children that it forks go to shared memory. */
void failure_share(void);

/**
 * failure_fill - set the record
 * @check, @site: as harness_fail() has them
 * @function: that of the code under test which the check looked at, if the site is not in it; or NULL
 * @fmt, @args: the values that disagree
 *
 * Context: any, other tasks may go on.
 */
void failure_fill(const char *check, const char *site, const char *function, const char *fmt,
		  va_list args);

/**
 * failure_object - the object that begins at a place of a record's text
 * @text: there
 * @obj: set if one does
 *
 * Return: what is behind it; NULL: none begins there.
 */
const char *failure_object(const char *text, struct failure_object *obj);

/* The values as plain text, objects by the numbers of the machine. */
void failure_print_text(FILE *out, const char *text);
/* "task 4 (w0) on cpu 2: op map #17; holds ..." */
void failure_print_task(FILE *out, const struct failure_task *task);

/* "slot", ...; *@in: what obj->in is, NULL: nothing. */
const char *failure_kind_name(enum failure_kind kind, const char **in);

#endif /* _MACHINE_FAILURE_H */
