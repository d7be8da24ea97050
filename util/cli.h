/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the command lines of all programs: reading numbers, checking paths, exit statuses. */
#ifndef _UTIL_CLI_H
#define _UTIL_CLI_H

#include <argp.h>
#include <stdbool.h>

#define CLI_SECONDS_MAX 1e7

/**
 * cli_parse_number - parse a number that consists only of digits
 * @arg: any text. No sign, no space, no zero before another digit
 * @min: the smallest, @max: the largest number that is accepted
 * @hex: accept 0x and hexadecimal digits, too
 * @value: set if @arg is such a number
 *
 * Return: true if @arg is such a number.
 */
bool cli_parse_number(const char *arg, unsigned long min, unsigned long max, bool hex,
		      unsigned long *value);

/* The number of option --@what; ends the process with 2 and a message if @arg is not a number. */
unsigned long cli_number(struct argp_state *state, const char *what, const char *arg,
			 unsigned long min, unsigned long max);
/* The same; accepts hexadecimal with 0x, too. */
unsigned long cli_seed(struct argp_state *state, const char *what, const char *arg,
		       unsigned long min, unsigned long max);
/* Seconds above 0, at most CLI_SECONDS_MAX; digits, perhaps with a decimal fraction. */
double cli_seconds(struct argp_state *state, const char *what, const char *arg);

/*
 * Ends the process with 2 and a message if no file can be written at @path, which option @what
 * (with its dashes) takes.
 */
void cli_output(struct argp_state *state, const char *what, const char *path);
/* The same for the file of a verdict. Removes the file of an earlier run, which would be mistaken for it. */
void cli_verdict(struct argp_state *state, const char *what, const char *path);

/* The exit status of bad usage: 2, unless another program expects a different one. */
extern int cli_bad_usage;

/*
 * argp_parse() for a program that ends with 2 on bad usage. Unknown options with control
 * characters in them do not get to the terminal.
 */
void cli_parse(const struct argp *argp, int argc, char **argv);

/*
 * Flushes the output at the end. Return: @status; 2 if it was 0 and not all output could be
 * written to stdout.
 */
int cli_finish(const char *program, int status);

#endif /* _UTIL_CLI_H */
