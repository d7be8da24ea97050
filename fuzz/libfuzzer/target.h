/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a libFuzzer target implements. libfuzzer.c is what libFuzzer calls; libfuzzer_program.c and
 * libfuzzer_mutate.c are for targets whose input is a program.
 */
#ifndef _FUZZ_LIBFUZZER_TARGET_H
#define _FUZZ_LIBFUZZER_TARGET_H

#include <fuzz/program/program.h>

struct fuzz_target {
	const char *name;
	/*
	 * Runs one input. Leaves no state that the next one could see. Return: 0, or -1 if it is
	 * none, or not worth to be kept. What fails ends the process.
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

/* libfuzzer_watch.c: from LLVMFuzzerInitialize(). */
void fuzz_watch_begin(int argc, char **argv);
/* libfuzzer.c: the main thread hangs and does not answer; what is known is told, by another one. */
void __noreturn fuzz_hangs_silently(void);

/* --- programs ----------------------------------------------------------------------------- */

struct program_target {
	/* Makes any program one for this target. May be NULL. */
	void (*shape)(struct program *prog);
	/*
	 * Before each run. @replays: nothing deviates from the default but the program's choices.
	 * May be NULL.
	 */
	void (*begin)(const struct program *prog, bool replays);
};
extern const struct program_target program_target;

/* fuzz_target.run */
int fuzz_program_text(const char *text, size_t len);
/*
 * Runs it under a random strategy instead of its schedule, some times or until there is a new
 * pair of events, then makes what was chosen its schedule. What fails ends the process.
 */
void fuzz_walk(struct program *prog, u64 seed);

/* It has been run and its events are known; NULL: another run has ended. */
void fuzz_input_passed(const char *text, size_t len);

/* Counts pairs of events on one object from now on; not with SWAPHAMMER_PAIRS=0. */
void fuzz_pairs_begin(void);
/* Did they show one that no former call has seen? Then they are 0 again. */
bool fuzz_pairs_new(void);

#endif /* _FUZZ_LIBFUZZER_TARGET_H */
