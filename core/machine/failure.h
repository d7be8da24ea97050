/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A failure as a record: what failed and where, the objects concerned, what every task was doing. It is
 * filled where the check fails, by harness_fail() and the other ends of a run (fail.c), in memory that an
 * engine can share with the process that runs its schedules. Reports, pictures and JSON are formatted from
 * it at the edge. Only a sanitizer's report is text from the start.
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
	char waits[FAILURE_SITE_MAX];	/* where it waits; "": it does not */
};

struct failure {
	bool valid;
	char check[40];			/* an id of check/checks.def */
	char site[256];			/* file and line, then perhaps "during FUNCTION" */
	char text[1024];		/* the values that disagree; objects are marked, see failure_object() */
	unsigned int task;		/* the task that failed */
	unsigned int nr_objects;	/* objects that the text names, each once */
	struct failure_object objects[FAILURE_OBJECTS_MAX];
	unsigned int nr_tasks;
	struct failure_task tasks[FAILURE_TASKS_MAX];
};

/* The record for the next failure; never NULL. */
extern struct failure *failure;

/* From now on failures of this process and of the children that it forks go to shared memory. */
void failure_share(void);

/**
 * failure_fill - set the record
 * @check, @site: as for harness_fail()
 * @function: the function of the code under test that was checked, if the site is not in it; or NULL
 * @fmt, @args: the values that disagree
 *
 * Context: any; other tasks may keep running.
 */
void failure_fill(const char *check, const char *site, const char *function, const char *fmt,
		  va_list args);

/**
 * failure_object - parse the object that begins at a position in a record's text
 * @text: the position
 * @obj: set to the object, if there is one
 *
 * Return: the text after the object; NULL if no object begins there.
 */
const char *failure_object(const char *text, struct failure_object *obj);

/* The values as plain text, objects by the numbers of the machine. */
void failure_print_text(FILE *out, const char *text);
/* "task 4 (w0) on cpu 2: op map #17; holds ..." */
void failure_print_task(FILE *out, const struct failure_task *task);

/* "slot", ...; *@in: the kind of obj->in, NULL if it has none. */
const char *failure_kind_name(enum failure_kind kind, const char **in);

#endif /* _MACHINE_FAILURE_H */
