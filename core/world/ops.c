// SPDX-License-Identifier: GPL-2.0-only
/* Runs operations; those that only wait. Built without instrumentation, see world.c. */
#include <check/check.h>
#include <kernel/rcupdate.h>
#include <kernel/workqueue.h>
#include "ops.h"

bool op_needs_cause(const struct op *op)
{
	switch (op->id) {
	case OP_map:
	case OP_write:
	case OP_read:
	case OP_fork:
	case OP_dup:
	case OP_exit:
	case OP_extend:
	case OP_swapoff:
	case OP_swapon:
		return true;
	default:
		return false;
	}
}

int op_drain(unsigned int task, const struct op *op)
{
	flush_all_work();
	return 0;
}

int op_sync_rcu(unsigned int task, const struct op *op)
{
	synchronize_rcu();
	return 0;
}

int op_rcu_barrier(unsigned int task, const struct op *op)
{
	rcu_barrier();
	return 0;
}

static int (*const op_fns[NR_OPS])(unsigned int task, const struct op *op) = {
#define OP(name, args, weight, text) op_##name,
#include <world/ops.def>
#undef OP
};

int op_run(unsigned int task, const struct op *op)
{
	struct check_result result;
	int ret;

	check_result_begin(&result);
	ret = op_fns[op->id](task, op);
	/* swapoff's signal is what the program says */
	if (op_needs_cause(op) && !(ret == -EINTR && op->signal))
		check_result(&result, op_infos[op->id].name, ret, false);
	check_avail();
	return ret;
}
