/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside core/world: a function for each row of ops.def. */
#ifndef _WORLD_OPS_H
#define _WORLD_OPS_H

#include <mm/mm.h>
#include "world.h"

/* @task: the task whose operation it is. Return: 0 or a negative errno. */
#define OP(name, args, weight, text) int op_##name(unsigned int task, const struct op *op);
#include <world/ops.def>
#undef OP

struct folio;

/* reclaim_folio(), judged: takes over the caller's reference. */
int op_reclaim_one(struct folio *folio, const struct op *op, struct swap_io_ctx *ctx);

/* smaps of each space. */
void op_read_smaps(void);

/* Must its -ENOMEM be due to a failed allocation? For other operations it may mean that no slot is free. */
bool op_needs_cause(const struct op *op);

#endif /* _WORLD_OPS_H */
