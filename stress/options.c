// SPDX-License-Identifier: GPL-2.0-only
/* The command line, both ways. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <check/check.h>
#include <fuzz/program/mutant_name.h>
#include <fuzz/tools/shared_options.h>
#include <kernel/mutant.h>
#include <kernel/percpu.h>
#include <machine/warn.h>
#include <util/cli.h>
#include <util/suggest.h>
#include <util/text.h>
#include "stress.h"

struct options options = {
	.threads = 4,
	.seconds = 10,
	.geometry = {
		.cluster_slots = 8,
		.count_bits = 2,
		.nr_cpus = 4,
		.table = TABLE_PAGE,
	},
	.watchdog = 30,
};

enum {
	KEY_WORKLOAD = 256, KEY_THREADS, KEY_SECONDS, KEY_OPS, KEY_SEED, KEY_MUTANT, KEY_SLOTS,
	KEY_TABLE, KEY_COUNT_BITS, KEY_CPUS, KEY_UNTIL_COVERED, KEY_WATCHDOG,
	KEY_REPORT, KEY_PROGRAM, KEY_LIST, KEY_QUIET,
};

static const struct argp_option argp_options[] = {
	{ "workload", KEY_WORKLOAD, "NAME", 0, "what to run (see --list; default mixed)", 0 },
	{ "threads", KEY_THREADS, "N", 0, "workers, 1..64 (default 4)", 0 },
	{ "seconds", KEY_SECONDS, "S", 0, "how long to run (default 10; fractions are fine)", 0 },
	{ "ops", KEY_OPS, "N", 0, "stop after about N operations", 0 },
	{ "seed", KEY_SEED, "X", 0, "seed of all random streams (default: from the clock; printed)", 0 },
	{ "mutant", KEY_MUTANT, "ID", 0, "switch on a known bug or a group of them; repeatable", 0 },
	{ "slots", KEY_SLOTS, "N", 0, "slots per cluster: a power of two, 8..512 (default 8)", 1 },
	{ "table", KEY_TABLE, "page|slab", 0, "allocate tables as pages or from a slab (default page)", 1 },
	{ "count-bits", KEY_COUNT_BITS, "N", 0, "bits of a slot's count, 2..4 (default 2)", 1 },
	{ "cpus", KEY_CPUS, "N", 0, "virtual CPUs, 1..16 (default 4)", 1 },
	{ "until-covered", KEY_UNTIL_COVERED, 0, 0,
	  "run until all rare paths of the workload were reached, at most 120 s", 2 },
	{ "watchdog", KEY_WATCHDOG, "S", 0, "report a hang after S seconds without progress; 0: never "
	  "(default 30)", 2 },
	{ "report", KEY_REPORT, "FILE", 0,
	  "write a summary: JSON, or lines of tab-separated fields if FILE ends in .report", 2 },
	{ "program", KEY_PROGRAM, "FILE", 0,
	  "on a failure, write the program of the workers' last operations there, instead of printing it", 2 },
	{ "list", KEY_LIST, 0, 0, "list the workloads", 3 },
	{ "quiet", KEY_QUIET, 0, 0, "no progress, no tables", 3 },
	{ 0 },
};

static void list_and_exit(void)
{
	unsigned int i;

	for (i = 0; i < nr_workloads; i++)
		printf("%-10s %s\n", workloads[i].name, workloads[i].description);
	exit(EXIT_CLEAN);
}

static const char *workload_name(unsigned int i)
{
	return i < nr_workloads ? workloads[i].name : NULL;
}

static void set_workload(struct argp_state *state, const char *arg)
{
	char near[SUGGEST_TEXT];

	options.workload = workload_find(arg);
	if (!options.workload)
		argp_error(state, "--workload: no workload '%s'%s; --list shows them", text_shown(arg),
			   suggest(near, sizeof(near), arg, strlen(arg), workload_name));
}

static void add_mutant(struct argp_state *state, const char *arg)
{
	char why[MUTANT_WHY];

	if (mutant_option(arg, why))
		argp_error(state, "--mutant: %s", why);
	if (options.nr_mutants == STRESS_MUTANTS_MAX)
		argp_error(state, "at most %d mutants", STRESS_MUTANTS_MAX);
	if (mutant_weak_on())
		fprintf(stderr, "stress: the mutant %s shows with weak memory only (explore --weak)\n",
			mutant_weak_on());
	options.mutants[options.nr_mutants++] = arg;
}

static void set_table(struct argp_state *state, const char *arg)
{
	if (!strcmp(arg, "page"))
		options.geometry.table = TABLE_PAGE;
	else if (!strcmp(arg, "slab"))
		options.geometry.table = TABLE_SLAB;
	else
		argp_error(state, "--table: page or slab is expected, not '%s'", text_shown(arg));
}

/* Everything that depends on more than one option. */
static void finish(struct argp_state *state)
{
	struct geometry *g = &options.geometry;
	const char *why = "";
	struct timespec now;

	if (g->cluster_slots & (g->cluster_slots - 1))
		argp_error(state, "--slots: a power of two from 8 to 512 is expected, not %u", g->cluster_slots);
	g->pmd_order = __builtin_ctz(g->cluster_slots);
	/* as in the kernel: one page table, and its lock, for what a PMD maps */
	g->ptl_shift = g->pmd_order;
	if (geometry_set(g, &why))
		argp_error(state, "impossible geometry: %s", why);
	if (!options.workload)
		options.workload = workload_find("mixed");
	if (!options.seed_given) {
		clock_gettime(CLOCK_REALTIME, &now);
		options.seed = (now.tv_sec * 1000003UL ^ now.tv_nsec) & 0xffffffffUL;
	}
}

static error_t parse_geometry(int key, char *arg, struct argp_state *state)
{
	struct geometry *g = &options.geometry;

	switch (key) {
	case KEY_SLOTS:
		g->cluster_slots = cli_number(state, "slots", arg, 8, SWAPFILE_CLUSTER_MAX);
		break;
	case KEY_TABLE:
		set_table(state, arg);
		break;
	case KEY_COUNT_BITS:
		g->count_bits = cli_number(state, "count-bits", arg, 2, 4);
		break;
	case KEY_CPUS:
		g->nr_cpus = cli_number(state, "cpus", arg, 1, NR_CPUS);
		break;
	case ARGP_KEY_INIT:
		if (geometry_fixed) {
			g->cluster_slots = geometry_fixed->cluster_slots;
			g->count_bits = geometry_fixed->count_bits;
			g->table = geometry_fixed->table;
		}
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case KEY_WORKLOAD:
		set_workload(state, arg);
		break;
	case KEY_THREADS:
		options.threads = cli_number(state, "threads", arg, 1, WORKERS_MAX);
		break;
	case KEY_SECONDS:
		options.seconds = cli_seconds(state, "seconds", arg);
		options.seconds_given = true;
		break;
	case KEY_OPS:
		options.ops = cli_number(state, "ops", arg, 1, ULONG_MAX);
		break;
	case KEY_SEED:
		options.seed = cli_seed(state, "seed", arg, 0, ULONG_MAX);
		options.seed_given = true;
		break;
	case KEY_MUTANT:
		add_mutant(state, arg);
		break;
	case KEY_UNTIL_COVERED:
		options.until_covered = true;
		break;
	case KEY_WATCHDOG:
		options.watchdog = cli_number(state, "watchdog", arg, 0, 100000);
		break;
	case KEY_REPORT:
		options.report_path = arg;
		cli_verdict(state, "--report", arg);
		break;
	case KEY_PROGRAM:
		options.program_path = arg;
		cli_output(state, "--program", arg);
		break;
	case KEY_LIST:
		list_and_exit();
		break;
	case KEY_QUIET:
		options.quiet = true;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument '%s'", text_shown(arg));
		break;
	case ARGP_KEY_END:
		finish(state);
		break;
	default:
		return parse_geometry(key, arg, state);
	}
	return 0;
}

static const struct argp_child children[] = {
	SHARED_OPTION(warn, 0),
	SHARED_OPTION(noise, 1),
	{ 0 }
};

void options_parse(int argc, char **argv)
{
	static const struct argp argp = {
		argp_options, parse, NULL,
		"Hammers the swap table with pthreads. Exit status: 0 nothing wrong, and all that was "
		"asked for was done; 1 a failure was found (or a rare path not reached, with "
		"--until-covered); 2 the run could not be started or finished, or bad usage.",
		children, NULL, NULL,
	};

	options.program = argv[0];
	cli_parse(&argp, argc, argv);
}

static const char *table_name(void)
{
	return options.geometry.table == TABLE_SLAB ? "slab" : "page";
}

void options_print(FILE *out)
{
	const struct geometry *g = &options.geometry;
	unsigned int i;

	fprintf(out, "workload=%s threads=%u seed=%lu", options.workload->name,
		options.threads, options.seed);
	if (options.until_covered)
		fprintf(out, " until-covered");
	if (!options.until_covered || options.seconds_given)
		fprintf(out, " seconds=%g", options.seconds);
	if (options.ops)
		fprintf(out, " ops=%lu", options.ops);
	fprintf(out, " slots=%u table=%s count-bits=%u cpus=%u noise=%u watchdog=%u",
		g->cluster_slots, table_name(), g->count_bits, g->nr_cpus, given.noise,
		options.watchdog);
	for (i = 0; i < options.nr_mutants; i++)
		fprintf(out, " mutant=%s", options.mutants[i]);
	if (warn_goes_on())
		fprintf(out, " warn=go");
	if (checks_left_out()[0])
		fprintf(out, " without=%s", checks_left_out());
}

void options_print_command(FILE *out)
{
	const struct geometry *g = &options.geometry;
	unsigned int i;

	text_print_shell(out, options.program);
	fprintf(out, " --workload %s --threads %u --seed %lu", options.workload->name,
		options.threads, options.seed);
	if (options.until_covered)
		fprintf(out, " --until-covered");
	if (!options.until_covered || options.seconds_given)
		fprintf(out, " --seconds %g", options.seconds);
	if (options.ops)
		fprintf(out, " --ops %lu", options.ops);
	fprintf(out, " --slots %u --table %s --count-bits %u --cpus %u --noise %u --watchdog %u",
		g->cluster_slots, table_name(), g->count_bits, g->nr_cpus, given.noise,
		options.watchdog);
	for (i = 0; i < options.nr_mutants; i++)
		fprintf(out, " --mutant %s", options.mutants[i]);
	warn_option_print(out);
}
