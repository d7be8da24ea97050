/* SPDX-License-Identifier: GPL-2.0-only */
/* replay --bisect, for `git bisect run`. */
#ifndef _FUZZ_TOOLS_BISECT_H
#define _FUZZ_TOOLS_BISECT_H

/* Before the options are parsed: with --bisect, bad usage ends the bisection. */
void bisect_prepare(int argc, char **argv);

/**
 * bisect - builds this program anew and has it replay a file
 * @argc, @argv: the command line; all but --bisect is passed on
 * @path: the file
 *
 * Good is a program that passes; bad is one that fails as the file expects, or at all if it
 * expects none to. What fails in another way, is stale, cannot be read, or does not build, is not
 * to be told. Says so.
 *
 * Return: what `git bisect run` wants to know: 0, 1, 125, or 128 and the signal that ended it.
 */
int bisect(int argc, char **argv, const char *path);

#endif /* _FUZZ_TOOLS_BISECT_H */
