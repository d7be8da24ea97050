/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options that several programs have, with one text and one range: each is an argp of its own, for the
 * children of a program's.
 */
#ifndef _FUZZ_TOOLS_SHARED_OPTIONS_H
#define _FUZZ_TOOLS_SHARED_OPTIONS_H

#include <argp.h>
#include <stdio.h>

extern const struct argp warn_option;		/* --warn=fail|go: see machine/warn.h */
extern const struct argp json_option;
extern const struct argp jobs_option;
extern const struct argp noise_option;
extern const struct argp hang_after_option;	/* goes to fuzz/run/watch.h */

/* A row of struct argp_child; @group: as in a struct argp_option. */
#define SHARED_OPTION(name, group) { &name##_option, 0, NULL, group }

#define JOBS_MAX 64

/* What was given, or the defaults. */
extern struct shared_options {
	const char *json;			/* NULL: none */
	unsigned int jobs, noise;
} given;

/* --warn as it was given, with a leading space; nothing if it is the default. */
void warn_option_print(FILE *out);

#endif /* _FUZZ_TOOLS_SHARED_OPTIONS_H */
