/* SPDX-License-Identifier: GPL-2.0-only */
/* The last operations of each worker, and the program made of them. */
#ifndef _STRESS_HISTORY_H
#define _STRESS_HISTORY_H

#include <fuzz/program/program.h>

/* The worker begins an operation. Context: the worker. */
void history_note(unsigned int worker, const struct op *op, u64 now_ns);

/**
 * history_program - make a program of the last operations of each worker
 * @prog: set; to be destroyed by the caller
 * @check: the check that failed; NULL or "": the program expects no failure
 *
 * The last few operations of each worker become a task. Earlier operations, as far as they are
 * remembered, are in tasks before these, in the order in which they began: by default tasks run one
 * after the other, so they leave roughly the world that the last operations met.
 * Context: any; workers may go on.
 */
void history_program(struct program *prog, const char *check);

#endif /* _STRESS_HISTORY_H */
