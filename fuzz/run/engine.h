/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Running schedules in children: a failed schedule ends its process, so engines fork a child, which
 * records what it found and exits, and then go on.
 */
#ifndef _FUZZ_RUN_ENGINE_H
#define _FUZZ_RUN_ENGINE_H

#include <fuzz/strategy/portfolio.h>
#include <fuzz/strategy/strategy.h>
#include <machine/failure.h>
#include "exec.h"
#include "pairs.h"

#define TRACES_BITS (1UL << 24)

/* Shared between the parent and its children. */
struct progress {
	unsigned long schedules, points, contended, programs;
	unsigned long whole;		/* programs that got all of their schedules, or failed */
	unsigned long complete;		/* ... by an exhaustive search that left nothing out */
	unsigned long bound;		/* all schedules of fewer preemptions were tried, in the last one */
	unsigned long cut;		/* ... whose schedules were too long for an exhaustive search */
	unsigned long traces;		/* distinct trace hashes, by linear counting */
	u64 hash;			/* the sum of them: equal searches have equal ones */
	bool mutant_met;		/* in this schedule, a place of a mutant that is on */
	unsigned long mutant_schedules;	/* that met it */
	unsigned long seed;		/* of the program that runs */
	unsigned long position;		/* the child's: where its successor continues */
	unsigned long replayed;		/* files, with exactly their schedules */
	unsigned long stale;		/* ... that do not reach one of their choices */
	u64 seen[TRACES_BITS / 64];
	unsigned long behaviours;	/* distinct pairs of events */
	struct pairs_set pairs;
	/* of the program that runs; its schedules depend on nothing else */
	unsigned long new_pairs;
	struct pairs_set program_pairs;
	struct portfolio portfolio;
};

struct progress *progress_create(void);
/* Another program begins. */
void progress_program(struct progress *p);
/* Before a schedule, whose pairs count. */
void progress_begin(struct progress *p);
/* In this process, @watch is called for every pair, too, as often as it occurs; NULL: nothing is. */
void progress_watch(pairs_fn watch);
/* After a schedule. */
void progress_count(struct progress *p);

enum child_end {
	CHILD_ENDED,			/* by itself */
	CHILD_HUNG,			/* killed: no scheduling point, and no report of its place */
	CHILD_INTERRUPTED,		/* killed because the engine ends; it found nothing */
	CHILD_KILLED,			/* by another process; it found nothing, either */
};

struct outcome {
	enum child_end end;
	int status;			/* exit code; 128 + signal */
	char check[PROGRAM_NAME_MAX];	/* the check that failed; "" if it is not known */
	char where[256];		/* its site; of a sanitizer's report "FILE:LINE in FUNCTION" */
	struct failure failure;		/* not valid if the child ended without a record */
	char *report;			/* stderr, malloc: a sanitizer's report */
	/*
	 * The program that failed with the schedule up to then, as text, malloc; NULL if the child
	 * kept none, or ended without a report. It has not been written to a disk.
	 */
	char *program;
};

/* outcome.c: fills in check and where from the record, of a sanitizer's failure from its report. */
void outcome_parse(struct outcome *out);

#define OUTCOME_KEY 320

/**
 * outcome_key - the key that two failures of the same finding share
 * @out: how it failed
 * @key: "CHECK  PLACE", OUTCOME_KEY bytes
 *
 * The place is file and line; of a place in the harness also the innermost function of the code under
 * test that it was called from, if there is one; of a sanitizer's report the file and the innermost functions of the
 * tasks that it names, in either order; of a check that fails wherever a task happens to be
 * (DEADLOCK, LIVELOCK), the file.
 */
void outcome_key(const struct outcome *out, char *key);
void outcome_destroy(struct outcome *out);
/*
 * Some checks are a sanitizer's: UAF, OOB and UBSAN are ASan's, RACE is TSan's. Return: the
 * variant that can see the check, if this variant cannot; NULL if it can.
 */
const char *check_variant(const char *check);
/*
 * In how many runs of its schedule, one behind the other in a process, the failure that @prog expects
 * shows itself: 1, but more if TSan has to see it. TSan keeps four accesses of a word; which it
 * forgets depends on all that a task did before, so that it misses some races in a process' first run.
 */
unsigned int outcome_runs(const struct program *prog);
/* Is the check of @out what @prog expects? Under TSan a UAF or a missing barrier may be a RACE. */
bool outcome_expected(const struct outcome *out, const struct program *prog);

/*
 * Runs fn(arg) in a child with its stderr caught. fn returns the exit code: 0 if nothing
 * failed. If a check fails and @keep, child_program()'s program comes back in @out. A child that
 * makes no progress is a failed check, HANG; if it does not even report that, finding_text_as() in
 * this process has its schedule. An interrupt (util/process.h) leaves the child a second.
 */
void child_run(int (*fn)(void *arg), void *arg, bool keep, struct outcome *out);

/* In the child: sets the program that runs, for the finding; NULL: none runs. */
void child_program(const struct program *prog, const char *mutant);

/*
 * In a report's hook: child_program()'s program with the schedule up to now and the check that
 * failed. Return: its text, @len bytes, until the next call; NULL if none runs.
 */
const char *finding_text(size_t *len);
/* The same in the parent, for a child that could not do it; @check: the check that failed. */
const char *finding_text_as(const char *check, size_t *len);

/* Return: 0, or -1 after a message: no such mutant, or mutants are not built in. */
int engine_mutant(const char *name);
/* The same for an option: as mutant_option(). */
int engine_mutant_option(const char *name);
/* " --mutant ID" for each that engine_mutant() switched on in this process, except @known. */
void engine_mutants_print(FILE *out, const char *known);

#endif /* _FUZZ_RUN_ENGINE_H */
