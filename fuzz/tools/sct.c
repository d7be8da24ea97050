// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench_sct: how many schedules strategies need for the bugs of published programs, in trials with
 * fixed seeds, and what the portfolio costs beside its members. Usage: bench_sct [TRIALS [BUDGET]].
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <fuzz/run/engine.h>
#include "sct.h"

static const struct {
	const char *name;
	struct strategy_config config;
} strategies[] = {
	{ "random", { .kind = STRATEGY_RANDOM } },
	{ "pct 3", { .kind = STRATEGY_PCT, .depth = 3 } },
	{ "pct 10", { .kind = STRATEGY_PCT, .depth = 10 } },
	{ "pos", { .kind = STRATEGY_POS } },
	{ "surw", { .kind = STRATEGY_SURW } },
	{ "rf", { .kind = STRATEGY_RF } },
	{ "windows", { .kind = STRATEGY_WINDOWS } },
	{ "portfolio", { 0 } },
};
#define NR ARRAY_SIZE(strategies)
#define PORTFOLIO (NR - 1)

static unsigned long trials = 20, budget = 20000;
static struct progress *progress;

/* Return: schedules until the bug showed; 0: it did not. */
static unsigned long trial(const struct sct_program *program, enum sct_setting setting,
			   unsigned int strategy, u64 seed)
{
	struct strategy_config config = strategies[strategy].config;
	struct rng rng = { seed };
	unsigned long i, before;
	unsigned int arm = 0;
	bool found;

	sim_forget_length();
	progress_program(progress);
	strategy_set(&config);
	for (i = 1; i <= budget; i++) {
		if (strategy == PORTFOLIO) {
			arm = portfolio_choose(&progress->portfolio, &rng, &config);
			strategy_use(&config);
		}
		before = progress->new_pairs;
		strategy_seed(rng_next(&rng));
		if (strategy == PORTFOLIO)
			progress_begin(progress);
		found = sct_run(program, setting);
		sim_set_watcher(NULL);
		if (found)
			return i;
		if (strategy == PORTFOLIO)
			portfolio_reward(&progress->portfolio, arm, progress->new_pairs - before);
	}
	return 0;
}

static double needs[NR];		/* schedules a detection, of the program at hand */

static void measure(const struct sct_program *program, enum sct_setting setting)
{
	unsigned long t, found, n, all;
	unsigned int s;

	printf("%s\t%s", program->name, setting == SCT_CREATED ? "created" : "at once");
	for (s = 0; s < NR; s++) {
		for (found = all = t = 0; t < trials; t++) {
			n = trial(program, setting, s, 1000 * (t + 1));
			found += !!n;
			all += n ? : budget;
		}
		needs[s] = (double)all / (found ? found : 0.5);
		printf("\t%s%.0f%s", found ? "" : ">", found ? needs[s] : (double)all,
		       found < trials ? "*" : "");
	}
	printf("\t%s\n", program->published ? : "");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	double log_sum = 0, worst = 0, best, regret, means[NR] = { 0 };
	unsigned int i, s, setting, n = 0;

	if (argc > 1)
		trials = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		budget = strtoul(argv[2], NULL, 10);
	if (argc > 3 || !trials || !budget) {
		fprintf(stderr, "usage: bench_sct [TRIALS [BUDGET]]\n");
		return 2;
	}
	progress = progress_create();
	printf("schedules a detection, %lu trials of at most %lu; *: not in all of them\n", trials,
	       budget);
	printf("program\ttasks");
	for (s = 0; s < NR; s++)
		printf("\t%s", strategies[s].name);
	printf("\tpublished\n");
	for (i = 0; i < nr_sct_programs; i++) {
		for (setting = SCT_AT_ONCE; setting <= SCT_CREATED; setting++) {
			measure(&sct_programs[i], setting);
			for (best = needs[0], s = 0; s < NR; s++) {
				means[s] += log(needs[s]);
				if (s != PORTFOLIO && needs[s] < best)
					best = needs[s];
			}
			regret = needs[PORTFOLIO] / best;
			log_sum += log(regret);
			worst = regret > worst ? regret : worst;
			n++;
		}
	}
	printf("geometric mean\t");
	for (s = 0; s < NR; s++)
		printf("\t%.1f", exp(means[s] / n));
	printf("\nregret: portfolio to the best member of each: %.2f, at worst %.1f\n",
	       exp(log_sum / n), worst);
	return 0;
}
