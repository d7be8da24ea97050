/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface of a libFuzzer target. libFuzzer calls libfuzzer.c; program.c and mutate.c are for
 * targets whose input is a program.
 */
#ifndef _FUZZ_LIBFUZZER_TARGET_H
#define _FUZZ_LIBFUZZER_TARGET_H

#include <sys/types.h>
#include <time.h>

#include <fuzz/program/program.h>

struct fuzz_target {
	const char *name;
	/*
	 * Runs one input. Leaves no state that the next one could see. Return: 0, or -1 if it is not
	 * a valid input, or not worth keeping. A failure ends the process.
	 */
	int (*run)(const char *text, size_t len);
};
extern const struct fuzz_target fuzz_target;

/* Ends the process with 2 and a message if libFuzzer would misunderstand its arguments. */
void libfuzzer_options_check(int argc, char **argv);

/* The mutant that SWAPHAMMER_MUTANT names, or "". */
const char *fuzz_mutant(void);
/* A schedule has been run, by libFuzzer or by a mutation. */
void fuzz_count_schedule(void);
/* Switches the environment's mutant and the program's on, and all others off. */
int fuzz_mutants_set(const struct program *prog);

/* --- seeds.c: state that outlives a failing seed --------------------------------------------- */

#define FUZZ_STATE_MAGIC 0x5ea9000000000001UL	/* of this layout */
#define FUZZ_LEFT_OUT_MAX 1024			/* seeds; the next one that fails ends the run */

struct fuzz_state {
	u64 magic;
	pid_t process;
	struct timespec began;
	unsigned long executions, points;
	unsigned long others;		/* schedules that mutations ran */
	bool mutant_reached;		/* a place of the mutant that is on */
	unsigned int nr_left_out;
	u64 left_out[FUZZ_LEFT_OUT_MAX];	/* fuzz_hash() of their contents */
	unsigned int nr_findings;	/* as JSON, see report.c */
	size_t findings_len;
	char findings[1 << 20];
};
extern struct fuzz_state *fuzz_state;

u64 fuzz_hash(const void *data, size_t size);
/* Seconds since the first start. */
double fuzz_elapsed(void);

/* From LLVMFuzzerInitialize(), with the arguments as given. Return: has a seed failed before? */
bool fuzz_state_begin(char **argv);
/* From now on a failure is that of a seed, until seeds_through(), at the first mutation. */
void seeds_begin(void);
void seeds_through(void);
/*
 * The next input. Return: false if it is a seed that has failed before, and must not be run. Once one has
 * failed, it returns true in a child first; there, seeds_passed() and seeds_failed() do not return.
 */
bool seeds_take(const u8 *data, size_t size);
/* The input did not fail. */
void seeds_passed(void);
/* The input failed, and that was reported. Restarts without it if it is a seed; else returns. */
void seeds_failed(void);

/* --- report.c: SWAPHAMMER_JSON ------------------------------------------------------------------ */

/* Checks the path; ends the process with 2 if it cannot be written. @first: not after a restart. */
void report_json_begin(bool first, int argc, char **argv);
/* A failure; @file: the program that shows it, or NULL. */
void report_json_found(const char *check, const char *file);
/* @status: as of all engines. Once. */
void report_json_end(int status, const char *reason);

/* watch.c: from LLVMFuzzerInitialize(). */
void fuzz_watch_begin(int argc, char **argv);
/* Has libFuzzer started this process, or will it start others? Call it after fuzz_watch_begin(). */
bool fuzz_has_relatives(void);
/* libfuzzer.c: the main thread hangs and does not answer; another thread reports what is known. */
void __noreturn fuzz_hangs_silently(void);

/* --- programs ----------------------------------------------------------------------------- */

struct program_target {
	/* Makes any program one for this target. May be NULL. */
	void (*shape)(struct program *prog);
	/*
	 * Before each run. @replays: only the program's choices deviate from the default.
	 * May be NULL.
	 */
	void (*begin)(const struct program *prog, bool replays);
};
extern const struct program_target program_target;

/* fuzz_target.run */
int fuzz_program_text(const char *text, size_t len);
/*
 * Runs it under a random strategy instead of its schedule, several times or until there is a new
 * pair of events, then makes the choices of that run its schedule. A failure ends the process.
 */
void fuzz_walk(struct program *prog, u64 seed);

/* It has been run and its events are known; NULL: another run has ended. */
void fuzz_input_passed(const char *text, size_t len);

/* Counts pairs of events on one object from now on; not with SWAPHAMMER_PAIRS=0. */
void fuzz_pairs_begin(void);
/* Did they show one that no former call has seen? Then they are 0 again. */
bool fuzz_pairs_new(void);

#endif /* _FUZZ_LIBFUZZER_TARGET_H */
