// SPDX-License-Identifier: GPL-2.0-only
/* Inputs that are programs: running one. Built without instrumentation. */
#include <stdlib.h>
#include <string.h>

#include <fuzz/mutate/mutate.h>
#include <fuzz/run/engine.h>
#include <fuzz/run/events.h>
#include "target.h"

#define LONG 4000			/* points: what takes more is run, but not bred */
#define WALKS 16

static int run(const struct program *prog, bool replays)
{
	if (fuzz_mutants_set(prog))
		return -1;
	child_program(prog, prog->mutant[0] ? prog->mutant : fuzz_mutant());
	if (program_target.begin)
		program_target.begin(prog, replays);
	program_run(prog);
	fuzz_count_schedule();
	child_program(NULL, NULL);
	return sim_points() > LONG ? -1 : 0;
}

int fuzz_program_text(const char *text, size_t len)
{
	struct program_error err;
	struct program prog;
	int ret;

	if (program_parse(&prog, text, len, &err))
		return -1;
	if (program_target.shape)
		program_target.shape(&prog);
	fuzz_pairs_begin();
	sim_set_strategy(&events_strategy);
	sim_set_replay(prog.choices, prog.nr_choices);
	ret = run(&prog, true);
	fuzz_input_passed(text, len);
	program_destroy(&prog);
	return ret;
}

static void walk(const struct program *prog, struct rng *rng)
{
	struct strategy_config config = {
		.kind = rng_below(rng, 2) ? STRATEGY_RANDOM : STRATEGY_PCT,
		.depth = 2 + rng_below(rng, 4), .values = true,
		/* a schedule is text: few choices */
		.switch_one_in = 8 << rng_below(rng, 5),
	};

	strategy_set(&config);
	strategy_seed(rng_next(rng));
	sim_set_replay(NULL, 0);
	fuzz_pairs_begin();
	run(prog, false);
}

void fuzz_walk(struct program *prog, u64 seed)
{
	unsigned int nr, tries = WALKS;
	struct rng rng = { seed };

	schedule_clear(prog);
	fuzz_pairs_new();
	do
		walk(prog, &rng);
	while (!fuzz_pairs_new() && --tries);
	fuzz_input_passed(NULL, 0);
	sim_choices(&nr);
	prog->choices = malloc((nr + 1) * sizeof(*prog->choices));
	if (!prog->choices)
		abort();
	memcpy(prog->choices, sim_choices(&nr), nr * sizeof(*prog->choices));
	prog->nr_choices = nr;
}
