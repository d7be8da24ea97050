/* SPDX-License-Identifier: GPL-2.0-only */
/* The operations, one function each: see ops.def. */
#ifndef _STRESS_OPS_H
#define _STRESS_OPS_H

#include "stress.h"

#define STRESS_OP(id, fn, text) int op_##fn(struct worker *w);
#include "ops.def"
#undef STRESS_OP

#endif /* _STRESS_OPS_H */
