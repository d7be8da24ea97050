// SPDX-License-Identifier: GPL-2.0-only
/*
 * seed: writes programs for a corpus. Generated ones, or files with the schedule that their run
 * takes: choices that are not reached are gone, and replay finds nothing stale.
 */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <fuzz/run/exec.h>
#include <sim/sim.h>
#include <util/durable.h>
#include <util/text.h>
#include "cli.h"

enum { KEY_GENERATE = 256, KEY_CUT };

#define PARTS 8

static const struct argp_option argp_options[] = {
	{ "generate", KEY_GENERATE, "A[..B]", 0, "write the generated programs of seeds A to B", 0 },
	{ "cut", KEY_CUT, NULL, 0,
	  "write each file with parts of its schedule left out, too: other programs, mostly", 0 },
	{ "out", 'o', "DIR", 0, "where to (required)", 0 },
	{ 0 }
};

static struct {
	bool generate, cut;
	unsigned long first, last;
	const char *out;
	char **files;
	int nr_files;
} options;

static void parse_seeds(struct argp_state *state, char *arg)
{
	char *dots = strstr(arg, "..");

	if (dots)
		*dots = 0;
	options.generate = true;
	options.first = cli_number(state, "generate", arg, 0, ULONG_MAX - 1);
	options.last = dots ? cli_number(state, "generate", dots + 2, 0, ULONG_MAX - 1) : options.first;
	if (options.last < options.first)
		argp_error(state, "--generate %lu..%lu: the last seed is before the first",
			   options.first, options.last);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case KEY_GENERATE:
		parse_seeds(state, arg);
		break;
	case KEY_CUT:
		options.cut = true;
		break;
	case 'o':
		options.out = arg;
		break;
	case ARGP_KEY_ARGS:
		options.files = state->argv + state->next;
		options.nr_files = state->argc - state->next;
		break;
	case ARGP_KEY_END:
		if (!options.out)
			argp_error(state, "-o DIR is missing");
		if (options.generate == (options.nr_files > 0))
			argp_error(state, "files or --generate are expected");
		if (strlen(options.out) > PATH_MAX - 64)
			argp_error(state, "-o: the name of the directory is too long");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.args_doc = "[FILE...]",
	.doc = "Writes generated programs, or FILEs with the schedules that they take, to DIR, each "
	       "named after its text. Ends with 2 for bad input, with 1 if a program fails.",
};

static void write_program(const struct program *prog)
{
	u64 hash = 14695981039346656037UL;
	char *text, path[4096];
	size_t len, i;
	int err;
	FILE *file = open_memstream(&text, &len);

	if (!file)
		abort();
	program_print(file, prog);
	fclose(file);
	for (i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * 1099511628211UL;
	snprintf(path, sizeof(path), "%s/%016lx.prog", options.out, hash);
	/* named after its text: what is there is the same */
	err = durable_create(path, text, len);
	if (err && err != -EEXIST) {
		fprintf(stderr, "seed: %s: %s\n", text_shown(path), strerror(-err));
		exit(2);
	}
	free(text);
}

/* Return: the hash of its trace; its schedule is the one that was taken. */
static u64 settle(struct program *prog)
{
	struct choice *choices;
	unsigned int nr;

	sim_set_replay(prog->choices, prog->nr_choices);
	program_run(prog);
	sim_choices(&nr);
	choices = malloc((nr + 1) * sizeof(*choices));
	if (!choices)
		abort();
	memcpy(choices, sim_choices(&nr), nr * sizeof(*choices));
	free(prog->choices);
	prog->choices = choices;
	prog->nr_choices = nr;
	return sim_trace_hash();
}

/* Without the choices from @from to @to, in PARTS of them. */
static void write_without(const struct program *prog, unsigned int from, unsigned int to)
{
	unsigned int first = prog->nr_choices * from / PARTS, last = prog->nr_choices * to / PARTS;
	struct program part;

	if (first == last)
		return;
	program_copy(&part, prog);
	memmove(&part.choices[first], &part.choices[last],
		(part.nr_choices - last) * sizeof(*part.choices));
	part.nr_choices -= last - first;
	settle(&part);
	write_program(&part);
	program_destroy(&part);
}

/* None, the first 1/8, 1/4, 1/2, and all but each eighth. */
static void write_parts(const struct program *prog)
{
	unsigned int i;

	for (i = 0; i < PARTS; i = i ? 2 * i : 1)
		write_without(prog, i, PARTS);
	for (i = 0; i < PARTS; i++)
		write_without(prog, i, i + 1);
}

static int settle_file(const char *path)
{
	struct program prog;
	u64 hash;

	if (cli_read(&prog, path))
		return 2;
	program_expect_nothing(&prog);
	hash = settle(&prog);
	if (settle(&prog) != hash || sim_stale_choice()) {
		fprintf(stderr, "seed: %s: what was taken is another run\n", text_shown(path));
		return 1;
	}
	write_program(&prog);
	if (options.cut)
		write_parts(&prog);
	program_destroy(&prog);
	return 0;
}

int main(int argc, char **argv)
{
	int i, worst = 0, ret, err;
	struct program prog;
	unsigned long seed;

	cli_parse(&argp, argc, argv);
	err = durable_directory(options.out);
	if (err) {
		fprintf(stderr, "seed: %s: %s\n", text_shown(options.out), strerror(-err));
		return 2;
	}
	for (seed = options.first; options.generate && seed <= options.last; seed++) {
		program_generate(&prog, seed);
		write_program(&prog);
		program_destroy(&prog);
	}
	sim_set_strategy(&sim_strategy_default);
	for (i = 0; i < options.nr_files; i++) {
		ret = settle_file(options.files[i]);
		if (ret > worst)
			worst = ret;
	}
	return cli_finish("seed", worst);
}
