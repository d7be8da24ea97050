// SPDX-License-Identifier: GPL-2.0-only
/* Schedules around a recorded one. Built without instrumentation: it hands out choices. */
#include <stdlib.h>

#include "near.h"

#define DROP 8			/* a choice is left out with probability 1/8, */
#define MOVE 4			/* or moved to another event of its kind nearby */
#define SWITCH_MIN 16		/* a random walk from here on leaves the schedule recognisable */

static struct {
	const struct program *prog;
	struct rng rng;
	struct choice *choices;
	bool first;
} near;

void near_begin(const struct program *prog, u64 seed)
{
	near.prog = prog;
	near.rng.state = seed;
	near.first = true;
	near.choices = calloc(prog->nr_choices + 1, sizeof(*near.choices));
	if (!near.choices)
		abort();
}

void near_end(void)
{
	free(near.choices);
	near.choices = NULL;
	sim_set_replay(NULL, 0);
}

/* An edit of the core adds or takes away a few events, more of those that are many. */
static void move(struct choice *c)
{
	unsigned int by = 1 + rng_below(&near.rng, 2 + c->nth / 8);

	if (rng_below(&near.rng, 2))
		c->nth += by;
	else
		c->nth -= by < c->nth ? by : c->nth - 1;
}

static unsigned int vary(void)
{
	unsigned int i, nr = 0;

	for (i = 0; i < near.prog->nr_choices; i++) {
		if (!rng_below(&near.rng, DROP))
			continue;
		near.choices[nr] = near.prog->choices[i];
		if (!rng_below(&near.rng, MOVE))
			move(&near.choices[nr]);
		nr++;
	}
	return nr;
}

void near_next(const struct strategy_config *wanted)
{
	struct strategy_config config = *wanted;

	/* a work item that has begun goes on by default, which no choice says */
	config.prompt = true;
	/* each of an exhaustive search's schedules must take the same choices */
	if (near.first || config.kind == STRATEGY_EXHAUSTIVE) {
		if (near.first && config.kind != STRATEGY_EXHAUSTIVE)
			config.kind = STRATEGY_DEFAULT;
		if (near.first)
			strategy_set(&config);
		near.first = false;
		sim_set_replay(near.prog->choices, near.prog->nr_choices);
		return;
	}
	/* without a choice there is nothing that alone would make another schedule */
	if (near.prog->nr_choices && rng_below(&near.rng, 2))
		config.kind = STRATEGY_DEFAULT;
	else if (config.kind == STRATEGY_RANDOM && !config.switch_one_in)
		config.switch_one_in = SWITCH_MIN << rng_below(&near.rng, 7);
	strategy_use(&config);
	sim_set_replay(near.choices, vary());
}
