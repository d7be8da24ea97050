// SPDX-License-Identifier: GPL-2.0-only
/* The schedules of one job, in children that a failure ends. Built without instrumentation. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fuzz/strategy/near.h>
#include <util/process.h>
#include "explore.h"

#define FAMILIAR 4			/* schedules of a program that earn nothing */
#define FILE_SEEDS 0x9e3779b97f4a7c15UL	/* from --seed to --seed, of files */
#define RENEW 200000UL			/* schedules of one child */

static bool enough(void)
{
	static unsigned int calls;

	if (__atomic_load_n(&shared->stop, __ATOMIC_RELAXED) || interrupted())
		return true;
	if (options.schedules && total_schedules() >= options.schedules)
		return true;
	/* the clock costs more than a look at memory */
	if (!options.seconds || ++calls % 16 || elapsed() < options.seconds)
		return false;
	explore_stop();
	return true;
}

/* The strategy of a program; its choices come from the program's own seed. */
static struct strategy_config choose_strategy(struct rng *rng)
{
	struct strategy_config config = options.config;

	config.kind = options.strategy;
	if (options.strategy == MIX)
		config.kind = rng_below(rng, 2) ? STRATEGY_RANDOM : STRATEGY_PCT;
	if (options.strategy == PORTFOLIO)
		config.kind = STRATEGY_RANDOM;
	if (!config.depth)
		config.depth = 2 + rng_below(rng, 4);
	return config;
}

/* One schedule of the program. */
static void run_schedule(const struct program *prog, struct strategy_config *config,
			 unsigned long nr, struct rng *rng)
{
	struct progress *p = progress[job];
	unsigned long before = p->new_pairs;
	unsigned int arm = 0;

	if (options.strategy == PORTFOLIO)
		arm = portfolio_choose(&p->portfolio, rng, config);
	if (options.near)
		near_next(config);
	else if (options.strategy == PORTFOLIO)
		strategy_use(config);
	strategy_seed(rng_next(rng));
	progress_begin(p);
	worth_begin();
	program_run(prog);
	progress_count(p);
	worth_end(nr);
	/* whatever runs a program first meets the pairs that it has in any order */
	if (options.strategy == PORTFOLIO && nr >= FAMILIAR)
		portfolio_reward(&p->portfolio, arm, p->new_pairs - before);
}

/* Many files are replayed before the search near the first one begins. */
static unsigned long replays(void)
{
	return options.near && options.nr_files > 1 && options.last == ULONG_MAX ? options.nr_files : 0;
}

/* The file's schedule as it is, for the first time? */
static bool replays_file(unsigned long nr)
{
	return options.near && !nr && progress[job]->position < options.nr_files;
}

static void run_program(const struct program *prog, u64 seed)
{
	struct rng rng = { seed };
	struct strategy_config config = choose_strategy(&rng);
	unsigned long wanted = progress[job]->position < replays() ? 1 : options.per_program;
	bool whole = false;
	unsigned long i;

	child_program(prog, options.mutant);
	/* what a seed does depends on that seed alone */
	sim_forget_length();
	progress_program(progress[job]);
	if (options.near)
		near_begin(prog, rng_next(&rng));
	else
		strategy_set(&config);
	for (i = 0; !whole && !enough(); ) {
		progress[job]->replayed += replays_file(i);
		run_schedule(prog, &config, i, &rng);
		progress[job]->stale += replays_file(i) && sim_stale_choice();
		i++;
		progress[job]->bound = strategy_bound();
		whole = !strategy_next() || options.strategy == STRATEGY_DEFAULT ||
			(options.strategy != STRATEGY_EXHAUSTIVE && i >= wanted);
	}
	progress[job]->programs++;
	progress[job]->whole += whole;
	progress[job]->complete += strategy_complete();
	progress[job]->cut += strategy_cut();
	if (options.near)
		near_end();
	child_program(NULL, NULL);
}

const struct program *explore_program(unsigned long position, struct program *made)
{
	if (options.nr_files)
		return &programs[position % options.nr_files];
	program_generate(made, position);
	return made;
}

void explore_program_done(struct program *made)
{
	if (!options.nr_files)
		program_destroy(made);
}

/* What the schedules of a position depend on. Replays, which come first, need no seed. */
static u64 seed_at(unsigned long position)
{
	if (!options.nr_files)
		return position;
	if (position >= replays())
		position -= replays();
	return (options.first - 1) * FILE_SEEDS + position;
}

/* Positions: the seed, or for files a running number. */
static int run_positions(void *arg)
{
	struct progress *p = progress[job];
	unsigned long until = p->schedules + RENEW;
	struct program prog;

	program_count_coverage(options.coverage);
	for (; p->position <= options.last && !enough(); p->position += given.jobs) {
		if (p->schedules >= until)
			return 0;
		p->seed = p->position;
		run_program(explore_program(p->position, &prog), seed_at(p->position));
		explore_program_done(&prog);
	}
	p->position = ULONG_MAX;
	if (options.coverage)
		program_print_coverage(stderr);
	return 0;
}

/* The child has failed and could not say how: its program and its schedule are known here, too. */
static char *lost_program(const struct outcome *out)
{
	struct progress *p = progress[job];
	struct program prog;
	const char *text;
	size_t len;

	child_program(explore_program(p->position, &prog), options.mutant);
	text = finding_text_as(out->check, &len);
	explore_program_done(&prog);
	child_program(NULL, NULL);
	return text ? strndup(text, len) : NULL;
}

/* Return: go on? */
static bool child_ended(struct outcome *out)
{
	struct progress *p = progress[job];

	if (out->end == CHILD_INTERRUPTED)
		return false;
	if (options.coverage && !out->status)
		fputs(out->report, stdout);
	if (!out->status)
		return true;
	if (out->end == CHILD_KILLED) {
		__atomic_fetch_add(&shared->killed, 1, __ATOMIC_RELAXED);
	} else {
		if (!out->program && out->check[0])
			out->program = lost_program(out);
		keep_finding(out);
		p->programs++;
		p->whole++;
		p->schedules++;
		p->mutant_schedules += p->mutant_met;
		if (!options.keep_going)
			explore_stop();
	}
	p->position += given.jobs;
	return true;
}

void run_job(void)
{
	struct progress *p = progress[job];
	struct outcome out;
	bool going = true;

	while (going && p->position != ULONG_MAX && p->position <= options.last && !enough()) {
		child_run(run_positions, NULL, true, &out);
		going = child_ended(&out);
		outcome_destroy(&out);
	}
}
