/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The failure block, the same from every engine: the check, its sentence, the values
 * that disagree, the tasks, the program, the interleaving, the sanitizer's report, and the
 * command that shows it again.
 */
#ifndef _FUZZ_EXPLAIN_BLOCK_H
#define _FUZZ_EXPLAIN_BLOCK_H

#include <fuzz/run/engine.h>
#include "diagram.h"

/*
 * Runs a program with its recorded schedule in a child, recording what happens. @prog's mutant
 * is switched on in the child. Return: the result; the caller owns timeline and outcome.
 */
struct timeline *record_run(const struct program *prog, struct outcome *out);

/**
 * block_print - run a failing program once more and describe its failure
 * @out: the file to print to
 * @prog: the program, with the schedule that led to the failure
 * @path: the program's file
 * @self: argv[0] of this engine: replay is next to it
 * @first: how it failed before; described instead if it does not fail this way again. May be NULL
 *
 * Context: the parent of children; no schedule runs. Return: true if it failed as in @first again.
 */
bool block_print(FILE *out, const struct program *prog, const char *path, const char *self,
		 const struct outcome *first);

/*
 * The command that replays @path, as a user would type it: with the mutants that are on in
 * this process, except the one that the file itself switches on.
 */
void block_command(FILE *out, const char *mutant, const char *path, const char *self);

/*
 * Runs a program once more and only draws it: on stdout if @text, to the file @svg unless it
 * is NULL. Return: 0; 2 after a message if the file could not be written.
 */
int block_draw(const struct program *prog, enum diagram_detail detail, bool text,
	       const char *svg);

#endif /* _FUZZ_EXPLAIN_BLOCK_H */
