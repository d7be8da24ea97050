// SPDX-License-Identifier: GPL-2.0-only
/* The options of explore, and the files it is given. */
#include <argp.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <fuzz/tools/cli.h>
#include <kernel/mutant.h>
#include <util/suggest.h>
#include <util/text.h>
#include "explore.h"


enum {
	KEY_SEED = 256, KEY_SCHEDULES, KEY_PER_PROGRAM, KEY_SECONDS, KEY_STRATEGY, KEY_DEPTH,
	KEY_BOUND, KEY_SWITCH, KEY_NO_VALUES, KEY_WEAK, KEY_MUTANT, KEY_KEEP_GOING, KEY_NEAR,
	KEY_OUT, KEY_WORTH, KEY_WORTH_MAX, KEY_COVERAGE, KEY_LIST, KEY_QUIET,
};

/*
 * Schedules of a program by default. Another program shows more bugs than more schedules of the same one;
 * but a file is what its user wants to know about.
 */
#define OF_SEED 4
#define OF_FILE 64

static const struct argp_option argp_options[] = {
	{ "seed", KEY_SEED, "A[..[B]]", 0,
	  "generate programs from seeds A, A + 1, ..., up to B if given (default 1)", 0 },
	{ "schedules", KEY_SCHEDULES, "N", 0, "stop after N schedules in all", 0 },
	{ "per-program", KEY_PER_PROGRAM, "N", 0, "schedules of each program (default 4, of files 64)", 0 },
	{ "seconds", KEY_SECONDS, "S", 0, "stop after S seconds", 0 },
	{ "mutant", KEY_MUTANT, "ID", 0, "switch on a known bug or a group of them; A+B: several", 0 },
	{ "strategy", KEY_STRATEGY, "NAME", 0,
	  "how schedules are chosen, see below (default portfolio)", 1 },
	{ "switch", KEY_SWITCH, "N", 0,
	  "random: switch with probability 1/N at each point (default: a new N for each schedule)", 1 },
	{ "depth", KEY_DEPTH, "D", 0, "pct: for bugs of this depth, 1..16 (default: 2..5)", 1 },
	{ "bound", KEY_BOUND, "N", 0, "exhaustive: preemptions (default 2)", 1 },
	{ "no-values", KEY_NO_VALUES, NULL, 0,
	  "choose only which task runs: no allocation failures or migrations but the program's", 1 },
	{ "weak", KEY_WEAK, NULL, 0,
	  "weak memory: others may see stores without a barrier late", 1 },
	{ "near", KEY_NEAR, NULL, 0, "search around the schedules that the files hold", 1 },
	{ "keep-going", KEY_KEEP_GOING, NULL, 0, "collect findings instead of stopping at the first",
	  2 },
	{ "out", KEY_OUT, "DIR", 0, "write findings to DIR (default out/findings)", 2 },
	{ "worth", KEY_WORTH, "DIR", 0,
	  "write schedules that met rare behaviours to DIR, for --near in asan and tsan", 2 },
	{ "worth-max", KEY_WORTH_MAX, "N", 0, "write the N rarest of them (default 1000)", 2 },
	{ "coverage", KEY_COVERAGE, NULL, 0, "print how often rare paths were reached", 2 },
	{ "list", KEY_LIST, NULL, 0, "list mutants and strategies", 2 },
	{ "quiet", KEY_QUIET, NULL, 0, "no live progress", 2 },
	{ 0 }
};

struct explore_options options = {
	.first = 1, .last = ULONG_MAX, .strategy = PORTFOLIO,
	.config = { .bound = 2, .values = true }, .out = "out/findings", .worth_max = 1000,
};

struct program *programs;

static void parse_seeds(struct argp_state *state, char *arg)
{
	char *dots = strstr(arg, "..");

	if (dots)
		*dots = 0;
	options.first = cli_number(state, "seed", arg, 0, ULONG_MAX - 1);
	options.last = ULONG_MAX;
	if (dots && dots[2])
		options.last = cli_number(state, "seed", dots + 2, 0, ULONG_MAX - 1);
	if (options.last < options.first)
		argp_error(state, "--seed %lu..%lu: the last seed is before the first", options.first,
			   options.last);
}

const char *explore_strategy_name(unsigned int strategy)
{
	return strategy == MIX ? "mix" : strategy == PORTFOLIO ? "portfolio" :
	       strategy_name(strategy);
}

static const char *strategy_at(unsigned int i)
{
	return i <= PORTFOLIO ? explore_strategy_name(i) : NULL;
}

static int parse_strategy(const char *name)
{
	unsigned int i;

	for (i = 0; i <= PORTFOLIO; i++)
		if (!strcmp(explore_strategy_name(i), name))
			return i;
	return -1;
}

static void list_strategies(FILE *out)
{
	unsigned int i;

	for (i = 0; i < NR_STRATEGIES; i++)
		fprintf(out, "  %-12s %s\n", strategy_name(i), strategy_text(i));
	fprintf(out, "  %-12s %s\n", "mix", "random or pct, drawn for each program");
	fprintf(out, "  %-12s %s\n", "portfolio",
		"most of them, drawn for each schedule; in files, those that find new behaviours more often");
}

static void list(void)
{
	unsigned int i;

	for (i = 0; i < NR_MUTANTS; i++)
		if (mutant_here(i))
			printf("%-28s %-14s %s%s\n", mutants[i].name, mutants[i].group, mutants[i].text,
			       mutant_needs_weak(&mutants[i]) ? " (shows with --weak only)" : "");
	printf("strategies:\n");
	list_strategies(stdout);
	exit(0);
}

/* How schedules are chosen. */
static error_t parse_strategy_option(int key, char *arg, struct argp_state *state)
{
	char near[SUGGEST_TEXT];
	int kind;

	switch (key) {
	case KEY_STRATEGY:
		kind = parse_strategy(arg);
		if (kind < 0)
			argp_error(state, "--strategy: expected a name from --list, not "
				   "'%s'%s", text_shown(arg),
				   suggest(near, sizeof(near), arg, strlen(arg), strategy_at));
		options.strategy = kind;
		break;
	case KEY_DEPTH:
		options.config.depth = cli_number(state, "depth", arg, 1, 16);
		break;
	case KEY_BOUND:
		options.config.bound = cli_number(state, "bound", arg, 0, 1000);
		break;
	case KEY_SWITCH:
		options.config.switch_one_in = cli_number(state, "switch", arg, 1, 1UL << 30);
		break;
	case KEY_NO_VALUES:
		options.config.values = false;
		break;
	case KEY_WEAK:
		sim_set_weak(true);
		break;
	case KEY_NEAR:
		options.near = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void add_file(struct argp_state *state, const char *path)
{
	if (options.nr_files == FILES_MAX)
		argp_error(state, "more than %d files", FILES_MAX);
	options.files[options.nr_files++] = path;
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_program(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && dot && !strcmp(dot, ".prog");
}

/* A file, or a directory: its programs in the order of their names. */
static void add_path(struct argp_state *state, char *arg)
{
	struct dirent **entries;
	int i, nr = scandir(arg, &entries, is_program, compare_names);
	char *path;

	/* a file, or nothing that can be read: cli_read() says so */
	if (nr < 0) {
		add_file(state, arg);
		return;
	}
	if (!nr)
		argp_error(state, "%s: expected a file *.prog in this directory", text_shown(arg));
	for (i = 0; i < nr; i++) {
		if (asprintf(&path, "%s/%s", arg, entries[i]->d_name) < 0)
			abort();
		add_file(state, path);
		free(entries[i]);
	}
	free(entries);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case KEY_SEED:
		parse_seeds(state, arg);
		break;
	case KEY_SCHEDULES:
		options.schedules = cli_number(state, "schedules", arg, 1, ULONG_MAX - 1);
		break;
	case KEY_PER_PROGRAM:
		options.per_program = cli_number(state, "per-program", arg, 1, ULONG_MAX - 1);
		break;
	case KEY_SECONDS:
		options.seconds = cli_seconds(state, "seconds", arg);
		break;
	case KEY_MUTANT:
		if (options.mutant[0])
			argp_error(state, "--mutant can be given once; use A+B for several");
		if (engine_mutant_option(arg))
			exit(2);
		snprintf(options.mutant, sizeof(options.mutant), "%s", arg);
		break;
	case KEY_KEEP_GOING:
		options.keep_going = true;
		break;
	case KEY_OUT:
		if (strlen(arg) > OUT_MAX)
			argp_error(state, "--out: a directory of at most %d bytes is expected", OUT_MAX);
		options.out = arg;
		break;
	case KEY_WORTH:
		if (strlen(arg) > OUT_MAX)
			argp_error(state, "--worth: a directory of at most %d bytes is expected", OUT_MAX);
		options.worth = arg;
		break;
	case KEY_WORTH_MAX:
		options.worth_max = cli_number(state, "worth-max", arg, 1, FILES_MAX);
		break;
	case KEY_COVERAGE:
		options.coverage = true;
		break;
	case KEY_LIST:
		list();
		break;
	case KEY_QUIET:
		options.quiet = true;
		break;
	case ARGP_KEY_ARG:
		add_path(state, arg);
		break;
	case ARGP_KEY_END:
		if (options.near && !options.nr_files)
			argp_error(state, "--near needs a file to search near");
		if (options.nr_files && options.last != ULONG_MAX)
			argp_error(state, "with files, --seed takes a single seed, that of their schedules");
		if (options.strategy == STRATEGY_EXHAUSTIVE && !options.nr_files &&
		    options.last == ULONG_MAX)
			argp_error(state, "an exhaustive search needs files or --seed A..B");
		if (!options.per_program)
			options.per_program = options.nr_files ? OF_FILE : OF_SEED;
		break;
	default:
		return parse_strategy_option(key, arg, state);
	}
	return 0;
}

/* After the options. */
static char *help(int key, const char *text, void *input)
{
	char *list = NULL;
	size_t size;
	FILE *f;

	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	f = open_memstream(&list, &size);
	if (!f)
		return (char *)text;
	fprintf(f, "Strategies:\n");
	list_strategies(f);
	fclose(f);
	return list;
}

static const struct argp_child children[] = {
	SHARED_OPTION(warn, 0),
	SHARED_OPTION(hang_after, 2),
	SHARED_OPTION(jobs, 2),
	SHARED_OPTION(json, 2),
	{ 0 }
};

static const struct argp argp = {
	.help_filter = help,
	.options = argp_options,
	.parser = parse_option,
	.children = children,
	.args_doc = "[FILE.prog|DIR...]",
	.doc = "Runs programs, generated from seeds or read from files, under a strategy that "
	       "decides every interleaving. Ends with 1 and a file that `replay` shows again "
	       "when a check fails, with 0 if nothing fails and all that was asked for was done, "
	       "with 2 if it was not, and for bad input.\v",
};

static void read_files(void)
{
	unsigned int i;

	if (!options.nr_files)
		return;
	programs = calloc(options.nr_files, sizeof(*programs));
	if (!programs) {
		fprintf(stderr, "explore: no memory for %u programs\n", options.nr_files);
		exit(2);
	}
	for (i = 0; i < options.nr_files; i++)
		if (cli_read(&programs[i], options.files[i]))
			exit(2);
}

void options_parse(int argc, char **argv)
{
	options.self = argv[0];
	cli_parse(&argp, argc, argv);
	/* TSan reports it anyway */
	if (mutant_weak_on() && !sim_is_weak() && check_variant("RACE"))
		fprintf(stderr, "explore: the mutant %s shows with --weak only\n", mutant_weak_on());
	read_files();
}
