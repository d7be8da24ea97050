/* SPDX-License-Identifier: GPL-2.0-only */
/* What the command lines of all programs share: one way to read numbers, one way to end. */
#ifndef _UTIL_CLI_H
#define _UTIL_CLI_H

#include <argp.h>
#include <stdbool.h>

#define CLI_SECONDS_MAX 1e7

/**
 * cli_parse_number - a number as it is written: digits, and nothing else
 * @arg: any text. No sign, no space, no zero before another digit
 * @min: the least, @max: the largest one that is accepted
 * @hex: 0x and hexadecimal digits will do, too
 * @value: set if it is one
 *
 * Return: is it one?
 */
bool cli_parse_number(const char *arg, unsigned long min, unsigned long max, bool hex,
		      unsigned long *value);

/* The number that option --@what takes; ends the process with 2 and a message if @arg is none. */
unsigned long cli_number(struct argp_state *state, const char *what, const char *arg,
			 unsigned long min, unsigned long max);
/* The same; hexadecimal with 0x, too. */
unsigned long cli_seed(struct argp_state *state, const char *what, const char *arg,
		       unsigned long min, unsigned long max);
/* Seconds above 0, at most CLI_SECONDS_MAX; digits, and a fraction behind a point. */
double cli_seconds(struct argp_state *state, const char *what, const char *arg);

/*
 * Ends the process with 2 and a message if no file can be written at @path, which option @what
 * (with its dashes) takes.
 */
void cli_output(struct argp_state *state, const char *what, const char *path);
/* The same of a run's verdict. One of an earlier run is removed: it must not pass for this one's. */
void cli_verdict(struct argp_state *state, const char *what, const char *path);

/* The exit status of bad usage: 2, but for a program that somebody else reads. */
extern int cli_bad_usage;

/*
 * argp_parse() for a program that ends with 2 on bad usage. Unknown options with control
 * characters in them do not get to the terminal.
 */
void cli_parse(const struct argp *argp, int argc, char **argv);

/*
 * The last words: what is buffered goes out. Return: @status; 2 if it was 0 and stdout could
 * not take all that was said.
 */
int cli_finish(const char *program, int status);

#endif /* _UTIL_CLI_H */
