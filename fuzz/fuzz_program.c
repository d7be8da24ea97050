// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole programs: operations, planned failures and schedule in one input, the whole core on the
 * controlled machine, every check. Recorded choices are taken where they are reached; what they
 * say nothing about goes the default's way.
 *
 * The input is a program's text (fuzz/README.md). What takes long, as a swapoff that waits for an
 * image, is rejected after it has run: many short ones find more. Not covered: schedules of more choices than
 * fit into -max_len, and everything that the mm model leaves out (README.md).
 */
#include "engine.h"
#include "events.h"
#include "target.h"

#define LONG 4000			/* points: what takes more is run, but not bred */

static int run_program(const char *text, size_t len)
{
	struct program_error err;
	struct program prog;

	if (program_parse(&prog, text, len, &err))
		return -1;
	if (fuzz_mutants_set(&prog)) {
		program_destroy(&prog);
		return -1;
	}
	child_program(&prog, prog.mutant[0] ? prog.mutant : fuzz_mutant());
	sim_set_strategy(&events_strategy);
	sim_set_replay(prog.choices, prog.nr_choices);
	program_run(&prog);
	child_program(NULL, NULL);
	fuzz_input_passed(text, len);
	program_destroy(&prog);
	return sim_points() > LONG ? -1 : 0;
}

const struct fuzz_target fuzz_target = { .name = "fuzz_program", .run = run_program };
