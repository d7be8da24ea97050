/* SPDX-License-Identifier: GPL-2.0-only */
/* replay --bisect, for `git bisect run`. */
#ifndef _FUZZ_TOOLS_BISECT_H
#define _FUZZ_TOOLS_BISECT_H

/* Before the options are parsed: with --bisect, bad usage ends the bisection. */
void bisect_prepare(int argc, char **argv);

/**
 * bisect - rebuild this program and replay a file with it
 * @argc, @argv: the command line; everything except --bisect is passed on
 * @path: the file
 *
 * The commit is good if the file passes, and bad if it fails as it expects, or in any way if it
 * expects no failure. A commit where it fails in another way, is stale or cannot be read, or which
 * does not build, is skipped. Prints which.
 *
 * Return: the status for `git bisect run`: 0, 1, 125, or 128 plus the signal that ended it.
 */
int bisect(int argc, char **argv, const char *path);

#endif /* _FUZZ_TOOLS_BISECT_H */
