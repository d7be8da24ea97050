// SPDX-License-Identifier: GPL-2.0-only
/* The table of strategies. Built without instrumentation: they run inside the scheduler. */
#include <kernel/bug.h>
#include "exhaustive.h"
#include "internal.h"
#include "profile.h"

struct strategy_config strategy_config;
struct rng strategy_rng;

static const struct sim_strategy strategy_exhaustive = {
	.name = "exhaustive",
	.begin = exhaustive_begin,
	.pick = exhaustive_pick,
	.value = exhaustive_value,
};

static const struct {
	const struct sim_strategy *strategy;
	const char *text;
} strategies[NR_STRATEGIES] = {
#define STRATEGY(kind, strategy, text) [STRATEGY_##kind] = { &strategy, text },
#include "strategies.def"
#undef STRATEGY
};

const char *strategy_name(enum strategy_kind kind)
{
	return strategies[kind].strategy->name;
}

const char *strategy_text(enum strategy_kind kind)
{
	return strategies[kind].text;
}

/* The strategy of the schedule, and, if that is the program's first, whoever takes its profile. */
static struct sim_strategy profiling;

static void profiling_event(unsigned int id, unsigned int anchor, unsigned int object)
{
	const struct sim_strategy *real = strategies[strategy_config.kind].strategy;

	profile_event(id, anchor, object);
	if (real->event)
		real->event(id, anchor, object);
}

void strategy_use(const struct strategy_config *new)
{
	strategy_config = *new;
	if (!strategy_config.depth)
		strategy_config.depth = 1;
	if (strategy_config.depth > DEPTH_MAX)
		strategy_config.depth = DEPTH_MAX;
	sim_set_strategy(strategies[new->kind].strategy);
}

void strategy_set(const struct strategy_config *new)
{
	if (new->kind == STRATEGY_EXHAUSTIVE)
		exhaustive_reset(new->bound, new->values);
	profile_reset();
	strategy_use(new);
}

static const struct sim_strategy *strategy_of(const struct strategy_config *config, u64 seed)
{
	const struct sim_strategy *strategy = strategies[config->kind].strategy;

	if (config->prompt || config->kind == STRATEGY_DEFAULT || config->kind == STRATEGY_EXHAUSTIVE)
		return strategy;
	return strategy_late(strategy, seed);
}

void strategy_seed(u64 seed)
{
	const struct sim_strategy *strategy = strategy_of(&strategy_config, seed);

	strategy_rng.state = seed;
	rng_next(&strategy_rng);
	if (!profile_begin()) {
		sim_set_strategy(strategy);
		return;
	}
	profiling = *strategy;
	profiling.event = profiling_event;
	sim_set_strategy(&profiling);
}

bool strategy_next(void)
{
	return strategy_config.kind != STRATEGY_EXHAUSTIVE || exhaustive_next();
}

bool strategy_complete(void)
{
	return strategy_config.kind == STRATEGY_EXHAUSTIVE && exhaustive_complete();
}

unsigned int strategy_bound(void)
{
	return exhaustive_bound();
}

bool strategy_cut(void)
{
	return strategy_config.kind == STRATEGY_EXHAUSTIVE && exhaustive_cut();
}
