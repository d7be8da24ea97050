/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that the literature measures schedulers with (SCTBench, RADBench, SafeStack), rewritten for
 * the controlled machine: each has a bug, which is recorded and does not end the run.
 */
#ifndef _FUZZ_SCT_H
#define _FUZZ_SCT_H

#include <kernel/types.h>

struct sct_program {
	const char *name;
	unsigned int nr_tasks;
	void (*task)(unsigned int me);
	/* Published number of schedules to the bug, if a figure is known; else NULL. */
	const char *published;
	const char *text;
};
extern const struct sct_program sct_programs[];
extern const unsigned int nr_sct_programs;

/* Return: the program of that name, or NULL. */
const struct sct_program *sct_find(const char *name);

enum sct_setting {
	SCT_AT_ONCE,			/* all tasks exist from the beginning */
	SCT_CREATED,			/* a task creates the others; private accesses are points */
};

/**
 * sct_run - run one schedule of a program, under the strategy that is set and seeded
 * @program: which
 * @setting: how its tasks begin
 *
 * Return: true if the bug showed.
 */
bool sct_run(const struct sct_program *program, enum sct_setting setting);

#endif /* _FUZZ_SCT_H */
