// SPDX-License-Identifier: GPL-2.0-only
/*
 * One task against a sequential reference model (model.h), after every operation and at rest:
 * contents, owners, counts, usage, devices, and results where nothing but the operation decides
 * them. Workers run, too, and the schedule may choose when.
 *
 * The input is a program's text; its first task counts. Not covered: which slot or folio the core
 * takes, and what a read returns to its caller beyond its content.
 */
#include <fuzz/mutate/mutate.h>
#include <fuzz/run/exec.h>
#include <fuzz/run/model.h>
#include "target.h"

static void one_task(struct program *prog)
{
	if (prog->nr_tasks > 1)
		prog->nr_tasks = 1;
	if (prog->pages > MODEL_PAGES_MAX)
		prog->pages = MODEL_PAGES_MAX;
	program_repair(prog);
}

static void begin(const struct program *prog, bool replays)
{
	model_begin(prog, replays);
	program_after_op(model_after_op);
}

const struct program_target program_target = { .shape = one_task, .begin = begin };
const struct fuzz_target fuzz_target = { .name = "fuzz_model", .run = fuzz_program_text };
