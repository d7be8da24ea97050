// SPDX-License-Identifier: GPL-2.0-only
/* The operations' names and functions. */
#include "ops.h"

const char *const op_names[NR_OPS] = {
#define STRESS_OP(id, fn, text) #fn,
#include "ops.def"
#undef STRESS_OP
};

const op_fn op_table[NR_OPS] = {
#define STRESS_OP(id, fn, text) op_##fn,
#include "ops.def"
#undef STRESS_OP
};
