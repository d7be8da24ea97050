/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutations of programs, on the parsed form. Each leaves a valid program: it prints, and parses
 * back as the same. All are functions of their arguments alone.
 */
#ifndef _FUZZ_MUTATE_MUTATE_H
#define _FUZZ_MUTATE_MUTATE_H

#include <fuzz/program/program.h>
#include <fuzz/run/events.h>

/**
 * program_mutate - change a program a little
 * @prog: the program; its expect line is removed
 * @seed: decides what changes
 * @events: of a run of @prog; NULL if they are not known
 */
void program_mutate(struct program *prog, u64 seed, const struct events *events);

/* Mixes @with into @prog: operations of one, schedule, tasks or world of the other. */
void program_cross(struct program *prog, const struct program *with, u64 seed);

/*
 * Prints into @data. What does not fit into @max bytes is cut down: choices first, then
 * operations. Return: bytes; 0 if nothing could be made to fit.
 */
size_t program_fit(struct program *prog, char *data, size_t max);

/* --- inside the mutator ------------------------------------------------------------------- */

/* Fixes or drops what no longer fits the rest of the program. */
void program_repair(struct program *prog);

/* ops.c, world.c, schedule.c: one change each */
void mutate_ops(struct program *prog, struct rng *rng);
void mutate_world(struct program *prog, struct rng *rng);
void mutate_schedule(struct program *prog, struct rng *rng, const struct events *events);

/* The task's operation @from has become @to, both from 0; PROGRAM_OPS_MAX: it was removed. */
void schedule_move_op(struct program *prog, unsigned int task, unsigned int from,
		      unsigned int to);
/* An operation came in at @at. */
void schedule_shift_ops(struct program *prog, unsigned int task, unsigned int at, int by);
/* In the order of each task's operations, as a replay takes them. */
void schedule_sort(struct program *prog);
void schedule_clear(struct program *prog);

/* Inserts, unless the task is full. Later operations move down, with their choices. */
void program_insert_op(struct program *prog, unsigned int task, unsigned int at,
		       const struct op *op);
/* Removes an operation with its choices; later operations move up. */
void program_delete_op(struct program *prog, unsigned int task, unsigned int at);
/* Removes a task with its choices, and the choices to run it. */
void program_delete_task(struct program *prog, unsigned int gone);

#endif /* _FUZZ_MUTATE_MUTATE_H */
