/* SPDX-License-Identifier: GPL-2.0-only */
/* Moves, a function each: see moves.def. */
#ifndef _STRESS_MOVES_H
#define _STRESS_MOVES_H

#include "stress.h"

/* Draws operations, none to QUEUE_MAX of them, see queue(). Context: the worker's queue is empty. */
typedef void (*move_fn)(struct worker *w);
extern const move_fn moves[NR_MOVES];

#define MOVE(id, fn, text) void move_##fn(struct worker *w);
#include "moves.def"
#undef MOVE

/* A next operation for the worker, with its options' defaults. */
struct op *queue(struct worker *w, enum op_id id);

/*
 * A place for a space that no other move picks; maybe another worker's, too.
 * Beyond the places of the workload, of which WORLD_SPACES_MAX leaves some.
 */
unsigned int own_space(const struct worker *w);

/* Failing allocations of now, of 2^16; 0: none. */
unsigned int weather_probability(enum alloc_site site);

#endif /* _STRESS_MOVES_H */
