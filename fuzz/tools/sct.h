/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs by which the field measures schedulers (SCTBench, RADBench, SafeStack), written anew for
 * the controlled machine: each has a bug, which is noted and ends nothing.
 */
#ifndef _FUZZ_SCT_H
#define _FUZZ_SCT_H

#include <kernel/types.h>

struct sct_program {
	const char *name;
	unsigned int nr_tasks;
	void (*task)(unsigned int me);
	/* Schedules to the bug as published, for those of which a figure is known; NULL: none. */
	const char *published;
	const char *text;
};
extern const struct sct_program sct_programs[];
extern const unsigned int nr_sct_programs;

/* Return: the program of that name; NULL: none. */
const struct sct_program *sct_find(const char *name);

enum sct_setting {
	SCT_AT_ONCE,			/* all tasks are there at the begin */
	SCT_CREATED,			/* a task creates the others; private accesses are points */
};

/**
 * sct_run - one schedule of a program, under the strategy that is set and seeded
 * @program: which
 * @setting: how its tasks begin
 *
 * Return: did the bug show?
 */
bool sct_run(const struct sct_program *program, enum sct_setting setting);

#endif /* _FUZZ_SCT_H */
