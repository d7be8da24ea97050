/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutants by their names, for command lines, the environment, and files. */
#ifndef _FUZZ_PROGRAM_MUTANT_NAME_H
#define _FUZZ_PROGRAM_MUTANT_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define MUTANT_WHY 320			/* size of a buffer for the reason of a refusal */

/* Is there a mutant, or a group of them, of this name, or of each in "a+b" (@len bytes)? */
bool mutant_known(const char *names, size_t len);

/* Is one of them in @names, "a+b", a missing barrier: shown by weak memory, or by TSan as a race? */
bool mutant_name_weak(const char *names);

/* For suggest(): mutants, then groups, each once. */
const char *mutant_at(unsigned int i);

/**
 * mutant_switch_on - switch on the mutant, or the group, of that name
 * @name: from outside, any text
 * @why: set to the reason of a failure, for a message; MUTANT_WHY bytes
 *
 * Return: 0, or -1 if there is none of that name, or this variant has no mutants.
 */
int mutant_switch_on(const char *name, char *why);

/* The same for an option: it is refused, too, if this program does not have the mutant's code. */
int mutant_option(const char *name, char *why);

#endif /* _FUZZ_PROGRAM_MUTANT_NAME_H */
