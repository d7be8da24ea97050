/* SPDX-License-Identifier: GPL-2.0-only */
/* Internal to explore: declarations that its parts share. */
#ifndef _FUZZ_EXPLORE_EXPLORE_H
#define _FUZZ_EXPLORE_EXPLORE_H

#include <limits.h>

#include <fuzz/run/engine.h>
#include <fuzz/tools/shared_options.h>

/* Beyond enum strategy_kind */
enum {
	MIX = NR_STRATEGIES,		/* random walk or PCT, drawn by program */
	PORTFOLIO,			/* most of them, drawn by schedule */
};

#define FILES_MAX 4096
#define FINDINGS_MAX 1024
#define OUT_MAX 400			/* bytes of --out and --worth */

/* --- options.c --- */

struct explore_options {
	unsigned long first, last;	/* seeds */
	unsigned long schedules, per_program;
	double seconds;
	unsigned int strategy;
	struct strategy_config config;
	char mutant[PROGRAM_MUTANT_MAX];
	bool keep_going, near, coverage, quiet;
	const char *self, *out;
	const char *worth;		/* directory; NULL: none is kept */
	unsigned long worth_max;	/* schedules */
	const char *files[FILES_MAX];
	unsigned int nr_files;
};
extern struct explore_options options;
extern struct program *programs;	/* of the files */

/* Parses the command line and reads the files; exits with 2 if they are bad. */
void options_parse(int argc, char **argv);
const char *explore_strategy_name(unsigned int strategy);

/* --- explore.c --- */

struct finding {
	char key[OUTCOME_KEY];		/* of outcome_key(): unique among the findings of the run */
	char check[PROGRAM_NAME_MAX];
	char path[512];			/* "": the child left no program */
	bool stored;			/* it is on the disk */
	bool known;			/* it was there before this run */
	unsigned long count;		/* failures */
	unsigned long seed, schedules;	/* of the first failure */
	double seconds;
	struct failure failure;		/* the first one's record */
};

/* Shared between the parent and the jobs. */
struct shared {
	bool stop;
	unsigned int killed;		/* children: by another process */
	unsigned int nr_findings;	/* distinct ones */
	unsigned long failures;		/* all of them */
	struct finding findings[FINDINGS_MAX];
};
extern struct shared *shared;
extern struct progress *progress[JOBS_MAX];
extern unsigned int job;		/* this process's */

double elapsed(void);
unsigned long total_schedules(void);
/* Asks all jobs to end; the run ends when all of them have. */
void explore_stop(void);

/* --- child.c: the schedules of one job, in children that a failure ends --- */

void run_job(void);
/*
 * The program of a position: one of the files, or @made, generated from the seed. The caller ends with
 * explore_program_done().
 */
const struct program *explore_program(unsigned long position, struct program *made);
void explore_program_done(struct program *made);

/* --- worth.c: schedules that are worth a sanitizer's look --- */

struct worth_result {
	unsigned long found;		/* schedules that met rare pairs */
	unsigned long planned, written;	/* of these, to be written; and written */
	unsigned long too_long;		/* schedules that were left out */
	int err;			/* a negative errno: why not all were written */
};

/* Makes the directory, and room. Return: 0; -1 after a message: it cannot be written to, or no memory. */
int worth_open(void);
/* Before and after a schedule, whose number in the program is @nr. */
void worth_begin(void);
void worth_end(unsigned long nr);
/* In the parent, when all jobs have ended: writes the schedules with the most rare pairs. */
void worth_write(struct worth_result *result);

/* --- findings.c --- */

/* Makes the directory of findings. Return: 0; -1 after a message if it cannot be written to. */
int findings_open(void);
/*
 * A child has failed. A failure that is new in this run is written to the disk, then reported. It is
 * printed if it could not be written.
 */
void keep_finding(struct outcome *out);

/* --- verdict.c --- */

/* The number of programs asked for; 0: as many as there is time for. */
unsigned long programs_planned(void);
void print_progress(bool live);
/*
 * @jobs_died: jobs that died before they were done. Return: the exit status. If the file of --json
 * could not be written, its text has been printed.
 */
int print_verdict(unsigned int jobs_died, const struct worth_result *worth);

#endif /* _FUZZ_EXPLORE_EXPLORE_H */
