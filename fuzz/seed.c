// SPDX-License-Identifier: GPL-2.0-only
/*
 * seed: writes programs for a corpus. Generated ones, or files with the schedule that their run
 * takes: choices that are not reached are gone, and replay finds nothing stale.
 */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "exec.h"
#include <sim/sim.h>

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

static unsigned long parse_seed(struct argp_state *state, const char *arg, char **end)
{
	unsigned long n;

	errno = 0;
	n = strtoul(arg, end, 10);
	if (errno || *end == arg || *arg == '-')
		argp_error(state, "--generate: A or A..B is expected, not '%s'", arg);
	return n;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	char *end;

	switch (key) {
	case KEY_GENERATE:
		options.generate = true;
		options.first = options.last = parse_seed(state, arg, &end);
		if (!strncmp(end, "..", 2))
			options.last = parse_seed(state, end + 2, &end);
		if (*end || options.last < options.first)
			argp_error(state, "--generate: A or A..B is expected, not '%s'", arg);
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
	FILE *file = open_memstream(&text, &len);

	if (!file)
		abort();
	program_print(file, prog);
	fclose(file);
	for (i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * 1099511628211UL;
	snprintf(path, sizeof(path), "%s/%016lx.prog", options.out, hash);
	file = fopen(path, "w");
	if (!file || fwrite(text, 1, len, file) != len || fclose(file)) {
		fprintf(stderr, "seed: %s: %s\n", path, strerror(errno));
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
	prog.has_expect = false;
	prog.expect[0] = prog.mutant[0] = 0;
	hash = settle(&prog);
	if (settle(&prog) != hash || sim_stale_choice()) {
		fprintf(stderr, "seed: %s: what was taken is another run\n", path);
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
	int i, worst = 0, ret;
	struct program prog;
	unsigned long seed;

	argp_err_exit_status = 2;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	if (mkdir(options.out, 0755) && errno != EEXIST) {
		fprintf(stderr, "seed: %s: %s\n", options.out, strerror(errno));
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
	return worst;
}
