// SPDX-License-Identifier: GPL-2.0-only
/* Random walk and PCT. Built without instrumentation: they run inside the scheduler. */
#include <string.h>

#include <kernel/bug.h>
#include <sim/random.h>
#include "strategy.h"
#include "exhaustive.h"

static struct strategy_config config;
static struct rng rng;

/* --- values ------------------------------------------------------------------------------- */

/* How often a value deviates in this schedule: one time in 2^n; NEVER and ALWAYS. */
enum { ALWAYS, NEVER = 32 };

static u8 cpu_one_in, fail_one_in[NR_ALLOC_SITES];
static unsigned int fail_after;		/* attempts of any site until failures begin */

static void values_begin(void)
{
	static const u8 cpus[] = { NEVER, 5, 4, 3, 2, 1 };
	static const u8 fails[] = { NEVER, NEVER, NEVER, 6, 5, 4, 3, 2, 1, ALWAYS, ALWAYS };
	unsigned int site;
	bool fair_weather;

	cpu_one_in = cpus[rng_below(&rng, sizeof(cpus))];
	fair_weather = rng_below(&rng, 2);
	for (site = 0; site < NR_ALLOC_SITES; site++)
		fail_one_in[site] = fair_weather ? NEVER : fails[rng_below(&rng, sizeof(fails))];
	fail_after = rng_below(&rng, 2) ? 0 : rng_below(&rng, 64);
}

static bool one_in_power(unsigned int power)
{
	return power == ALWAYS || (power != NEVER && !(rng_next(&rng) >> (64 - power)));
}

static unsigned int random_value(unsigned int anchor, unsigned int n, unsigned int dflt)
{
	if (!config.values)
		return dflt;
	switch (anchor) {
	case ANCHOR_CPU:
		return one_in_power(cpu_one_in) ? rng_below(&rng, n) : dflt;
	case ANCHOR_SLAB:
	case ANCHOR_RANDOM:
		return rng_below(&rng, n);
	default:
		if (fail_after && fail_after--)
			return 0;
		return one_in_power(fail_one_in[anchor - ANCHOR_ALLOC]);
	}
}

/* --- random walk -------------------------------------------------------------------------- */

static u64 switch_below;		/* of 2^32: the probability of a switch */

static void random_begin(void)
{
	unsigned int one_in = config.switch_one_in;

	values_begin();
	if (!one_in)
		one_in = 1U << rng_below(&rng, 7);
	switch_below = (1UL << 32) / one_in;
}

/* Uniform over the runnable tasks at every switch; a spinner goes to the others. */
static unsigned int random_pick(const struct sim_view *view)
{
	u64 random = rng_next(&rng);
	unsigned int next;

	if (view->can_stay && !view->yields && (random & 0xffffffff) >= switch_below)
		return view->task;
	next = view->list[((random >> 32) * view->nr_runnable) >> 32];
	while (view->yields && next == view->task)
		next = view->list[rng_below(&rng, view->nr_runnable)];
	return next;
}

/* --- PCT ---------------------------------------------------------------------------------- */

#define DEPTH_MAX 16
#define PRIORITY_BASE (1L << 32)	/* initial priorities are above, change points below */

static struct {
	long priority[SIM_TASKS_MAX];
	long lowest;			/* of spinners that gave way: negative */
	unsigned long step, length;
	unsigned long changes[DEPTH_MAX];
	unsigned int nr_changes, next_change;
	u64 seen;			/* the runnable tasks at the last decision */
	unsigned int best;		/* and the one picked */
} pct;

static void pct_begin(void)
{
	unsigned int i, j;
	unsigned long at;

	values_begin();
	pct.length = config.length ? config.length : sim_last_contended();
	if (!pct.length)
		pct.length = 256;
	pct.nr_changes = config.depth - 1;
	for (i = 0; i < pct.nr_changes; i++) {
		at = 1 + rng_below(&rng, pct.length);
		for (j = i; j > 0 && pct.changes[j - 1] > at; j--)
			pct.changes[j] = pct.changes[j - 1];
		pct.changes[j] = at;
	}
	pct.next_change = 0;
	pct.lowest = 0;
	pct.step = 0;
	pct.seen = 0;
}

/* A random rank among the tasks so far; equal ones are next to impossible. */
static void pct_task(unsigned int id)
{
	pct.priority[id] = PRIORITY_BASE + (rng_next(&rng) >> 24);
}

static unsigned int pct_best(const struct sim_view *view)
{
	unsigned int i, best = view->list[0];

	for (i = 1; i < view->nr_runnable; i++)
		if (pct.priority[view->list[i]] > pct.priority[best] ||
		    (pct.priority[view->list[i]] == pct.priority[best] && view->list[i] > best))
			best = view->list[i];
	return best;
}

static unsigned int pct_pick(const struct sim_view *view)
{
	bool changed = false;

	if (view->yields) {
		pct.priority[view->task] = --pct.lowest;
		changed = true;
	}
	pct.step++;
	while (pct.next_change < pct.nr_changes && pct.changes[pct.next_change] <= pct.step) {
		/* the i-th change point gives the i-th highest of the low priorities */
		pct.priority[view->task] = pct.nr_changes - pct.next_change++;
		changed = true;
	}
	/* between changes, the best of the same tasks is the same */
	if (!changed && view->runnable == pct.seen)
		return pct.best;
	pct.seen = view->runnable;
	pct.best = pct_best(view);
	return pct.best;
}

/* ------------------------------------------------------------------------------------------ */

static const struct sim_strategy strategies[NR_STRATEGIES] = {
	[STRATEGY_RANDOM] = {
		.name = "random",
		.begin = random_begin, .pick = random_pick, .value = random_value,
	},
	[STRATEGY_PCT] = {
		.name = "pct", .begin = pct_begin, .task = pct_task, .pick = pct_pick,
		.value = random_value,
	},
	[STRATEGY_EXHAUSTIVE] = {
		.name = "exhaustive", .begin = exhaustive_begin, .pick = exhaustive_pick,
		.value = exhaustive_value,
	},
};

const char *strategy_name(enum strategy_kind kind)
{
	return kind == STRATEGY_DEFAULT ? "default" : strategies[kind].name;
}

int strategy_parse(const char *name)
{
	unsigned int kind;

	for (kind = 0; kind < NR_STRATEGIES; kind++)
		if (!strcmp(strategy_name(kind), name))
			return kind;
	return -1;
}

void strategy_set(const struct strategy_config *new)
{
	config = *new;
	if (!config.depth)
		config.depth = 1;
	if (config.depth > DEPTH_MAX)
		config.depth = DEPTH_MAX;
	if (config.kind == STRATEGY_EXHAUSTIVE)
		exhaustive_reset(config.bound, config.values);
	sim_set_strategy(config.kind == STRATEGY_DEFAULT ? &sim_strategy_default
							 : &strategies[config.kind]);
}

void strategy_seed(u64 seed)
{
	rng.state = seed;
	rng_next(&rng);
}

bool strategy_next(void)
{
	return config.kind != STRATEGY_EXHAUSTIVE || exhaustive_next();
}
