/* SPDX-License-Identifier: GPL-2.0-only */
/* The last operations of each worker, and the program that they make. */
#ifndef _STRESS_HISTORY_H
#define _STRESS_HISTORY_H

#include <fuzz/program/program.h>

/* The worker begins an operation. Context: the worker. */
void history_note(unsigned int worker, const struct op *op, u64 now_ns);

/**
 * history_program - the last operations of each worker as a program
 * @prog: set; to be destroyed by the caller
 * @check: what failed; NULL or "": nothing is expected
 *
 * The last few operations of each worker are a task of their own. All that came before them, as far as
 * it is remembered, is in tasks in front of these, in the order in which it began: by default tasks
 * run one after the other, so it leaves about the world that those last operations met.
 * Context: any; workers may go on.
 */
void history_program(struct program *prog, const char *check);

#endif /* _STRESS_HISTORY_H */
