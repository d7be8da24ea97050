// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench_sct: how many schedules strategies need for the bugs of published programs, in trials with
 * fixed seeds, and what the portfolio costs beside its members.
 * Usage: bench_sct [TRIALS [BUDGET [PROGRAM...]]]; 0: the default.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

#define TRIALS 20
/* Schedules of a trial: what 50 tasks need most is found in few, and costs most. */
#define BUDGET 10000
#define BUDGET_OF_MANY 2000
#define MANY 50
#define CUT 5				/* budgets for all trials of a strategy in a program */

static unsigned long trials = TRIALS, asked;
static struct progress *progress;

/* What a strategy did in a program. */
struct cell {
	unsigned long schedules, found, trials;
};

static unsigned long budget_of(const struct sct_program *program)
{
	return asked ? : program->nr_tasks < MANY ? BUDGET : BUDGET_OF_MANY;
}

/* Return: schedules until the bug showed; 0: it did not. */
static unsigned long trial(const struct sct_program *program, enum sct_setting setting,
			   unsigned int strategy, u64 seed)
{
	unsigned long budget = budget_of(program);
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

/* Schedules to a detection; if there is none, those of half a detection. */
static double needs(const struct cell *c)
{
	return c->schedules / (c->found ? (double)c->found : 0.5);
}

static void measure(const struct sct_program *program, enum sct_setting setting, unsigned int s,
		    struct cell *c)
{
	unsigned long n, budget = budget_of(program);

	*c = (struct cell){ 0 };
	while (c->trials < trials && c->schedules < CUT * budget) {
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\r\033[K%s, %s: trial %lu of %lu\r", program->name,
				strategies[s].name, c->trials + 1, trials);
		n = trial(program, setting, s, 1000 * ++c->trials);
		c->found += !!n;
		c->schedules += n ? : budget;
	}
}

static void print_cell(const struct cell *c)
{
	char text[48];

	snprintf(text, sizeof(text), "%s%.0f (%lu/%lu)", c->found ? "" : ">",
		 c->found ? needs(c) : (double)c->schedules, c->found, c->trials);
	printf("  %14s", text);
}

/* The portfolio beside the member that is best in each program. */
static struct {
	double log_sum, worst, sums[NR];
	unsigned int nr, none;
	char where[64];
} total;

static void add(const struct sct_program *program, const char *setting, const struct cell *cells)
{
	const struct cell *best = NULL;
	double regret;
	unsigned int s;

	for (s = 0; s < PORTFOLIO; s++)
		if (2 * cells[s].found >= trials && (!best || needs(&cells[s]) < needs(best)))
			best = &cells[s];
	/* what no member finds often says nothing of any */
	if (!best) {
		total.none++;
		return;
	}
	for (s = 0; s < NR; s++)
		total.sums[s] += log(needs(&cells[s]));
	regret = needs(&cells[PORTFOLIO]) / needs(best);
	total.log_sum += log(regret);
	total.nr++;
	if (regret > total.worst) {
		total.worst = regret;
		snprintf(total.where, sizeof(total.where), "%s %s", program->name, setting);
	}
}

static void run(const struct sct_program *program)
{
	static const char *const settings[] = { "at once", "created" };
	struct cell cells[NR];
	unsigned int setting, s;

	for (setting = SCT_AT_ONCE; setting <= SCT_CREATED; setting++) {
		for (s = 0; s < NR; s++)
			measure(program, setting, s, &cells[s]);
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\r\033[K");
		printf("%-13s%-8s%7lu", program->name, settings[setting], budget_of(program));
		for (s = 0; s < NR; s++)
			print_cell(&cells[s]);
		printf("  %s\n", program->published ? : "");
		fflush(stdout);
		add(program, settings[setting], cells);
	}
}

static bool wanted(const struct sct_program *program, int argc, char **argv)
{
	int i;

	for (i = 3; i < argc; i++)
		if (!strcmp(argv[i], program->name))
			return true;
	return argc <= 3;
}

static int usage(void)
{
	fprintf(stderr, "usage: bench_sct [TRIALS [BUDGET [PROGRAM...]]]\n");
	return 2;
}

static int parse(int argc, char **argv)
{
	int i;

	for (i = 1; i < 3 && i < argc; i++)
		if (!*argv[i] || argv[i][strspn(argv[i], "0123456789")])
			return usage();
	if (argc > 1)
		trials = strtoul(argv[1], NULL, 10) ? : TRIALS;
	if (argc > 2)
		asked = strtoul(argv[2], NULL, 10);
	for (i = 3; i < argc; i++) {
		if (!sct_find(argv[i])) {
			fprintf(stderr, "bench_sct: no program '%s'\n", argv[i]);
			return 2;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	unsigned int i, s;

	if (parse(argc, argv))
		return 2;
	progress = progress_create();
	printf("schedules to a detection (detections/trials): %lu trials with fixed seeds, of \"most\" schedules;\n"
	       "a strategy that has run %d times as many in a program gets no more trials\n",
	       trials, CUT);
	printf("%-13s%-8s%7s", "program", "tasks", "most");
	for (s = 0; s < NR; s++)
		printf("  %14s", strategies[s].name);
	printf("  published\n");
	for (i = 0; i < nr_sct_programs; i++)
		if (wanted(&sct_programs[i], argc, argv))
			run(&sct_programs[i]);
	if (!total.nr) {
		printf("no member finds any of them in half of the trials: no regret\n");
		return 0;
	}
	printf("%-28s", "geometric mean");
	for (s = 0; s < NR; s++)
		printf("  %14.1f", exp(total.sums[s] / total.nr));
	printf("\nregret: portfolio to the best member of each of %u programs: %.2f, at worst %.1f (%s); "
	       "%u others are found by no member in half of the trials\n", total.nr, exp(total.log_sum / total.nr),
	       total.worst, total.where, total.none);
	return 0;
}
