/* SPDX-License-Identifier: GPL-2.0-only */
/* What a libFuzzer target implements; libfuzzer.c and libfuzzer_mutate.c are the rest. */
#ifndef _FUZZ_TARGET_H
#define _FUZZ_TARGET_H

#include "program.h"

struct fuzz_target {
	const char *name;
	/*
	 * Runs one input. Leaves no state that the next one could see. Return: 0, or -1 if it is
	 * none (no program). What fails ends the process.
	 */
	int (*run)(const char *text, size_t len);
};
extern const struct fuzz_target fuzz_target;

/* The mutant that SWAPHAMMER_MUTANT names, or "". */
const char *fuzz_mutant(void);
/* Switches the environment's mutant and the program's on, and all others off. */
int fuzz_mutants_set(const struct program *prog);

/* A target whose input is a program calls this when it has run one under events_strategy. */
void fuzz_input_passed(const char *text, size_t len);

#endif /* _FUZZ_TARGET_H */
