/* SPDX-License-Identifier: GPL-2.0-only */
/* Moves, one function each: see moves.def. */
#ifndef _STRESS_MOVES_H
#define _STRESS_MOVES_H

#include "stress.h"

/* Draws 0 to QUEUE_MAX operations, see queue(). Context: the worker's queue is empty. */
typedef void (*move_fn)(struct worker *w);
extern const move_fn moves[NR_MOVES];

#define MOVE(id, fn, text) void move_##fn(struct worker *w);
#include "moves.def"
#undef MOVE

/* Queues an operation for the worker, with its options' defaults. */
struct op *queue(struct worker *w, enum op_id id);

/*
 * A place for a space that no other move picks; maybe another worker's, too.
 * Beyond the places of the workload, of which WORLD_SPACES_MAX leaves some.
 */
unsigned int own_space(const struct worker *w);

/* The current probability that an allocation fails, of 2^16; 0: none. */
unsigned int weather_probability(enum alloc_site site);

#endif /* _STRESS_MOVES_H */
