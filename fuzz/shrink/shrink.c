// SPDX-License-Identifier: GPL-2.0-only
/* shrink: the smallest program that still fails in the same way. */
#include <argp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <fuzz/explain/block.h>
#include <fuzz/tools/cli.h>
#include <fuzz/tools/failure_json.h>
#include <fuzz/tools/verdict_json.h>
#include <util/durable.h>
#include <util/process.h>
#include <util/text.h>
#include "shrink.h"

#define VERIFY 5			/* replays of what comes out */

enum { KEY_MUTANT = 256, KEY_SECONDS, KEY_QUIET };

static const struct argp_option argp_options[] = {
	{ "output", 'o', "OUT", 0, "write the smaller program to OUT", 0 },
	{ "mutant", KEY_MUTANT, "ID", 0, "switch on this known bug instead of the one named in the file", 0 },
	{ "max-seconds", KEY_SECONDS, "S", 0, "stop after S seconds, with the smallest program so far", 0 },
	{ "quiet", KEY_QUIET, NULL, 0, "print only the verdict: no progress, no diagram", 0 },
	{ 0 }
};

static struct {
	const char *file, *out, *mutant;
	double seconds;
	bool quiet;
} options;

/* For --json: why it ended as it did, and the failure that was shrunk. */
static struct {
	char reason[256], key[OUTCOME_KEY];
	char sizes[2][128];		/* before and after */
	struct failure failure;
} told;

static struct timespec started;
static bool live;

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'o':
		options.out = arg;
		cli_output(state, "--output", arg);
		break;
	case KEY_MUTANT:
		if (engine_mutant(arg))
			exit(2);
		options.mutant = arg;
		break;
	case KEY_SECONDS:
		options.seconds = cli_seconds(state, "max-seconds", arg);
		break;
	case KEY_QUIET:
		options.quiet = true;
		break;
	case ARGP_KEY_ARG:
		if (options.file)
			argp_error(state, "expected one file, found another: '%s'",
				   text_shown(arg));
		options.file = arg;
		break;
	case ARGP_KEY_END:
		if (!options.file)
			argp_error(state, "a file is expected");
		if (!options.out)
			argp_error(state, "-o OUT is expected");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {
	SHARED_OPTION(warn, 0),
	SHARED_OPTION(hang_after, 0),
	SHARED_OPTION(jobs, 0),
	SHARED_OPTION(json, 0),
	{ 0 }
};

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.children = children,
	.args_doc = "FILE.prog -o OUT.prog",
	.doc = "Makes a program that fails, with its schedule, as small as it gets while the same "
	       "check fails at the same place: fewer tasks, operations, choices, devices and "
	       "planned failures, smaller numbers. The result does not depend on "
	       "--jobs. Ends with 0 if OUT was written; with 2 if the "
	       "program does not fail, or not in the same way every time, and for bad input. An "
	       "interrupt ends the search, with 2; the smallest program so far is written.",
};

/* --- time and progress -------------------------------------------------------------------------- */

static double elapsed(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - started.tv_sec + (now.tv_nsec - started.tv_nsec) / 1e9;
}

static double cpu_seconds(void)
{
	static const int whose[] = { RUSAGE_SELF, RUSAGE_CHILDREN };
	struct rusage usage;
	double sum = 0;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		getrusage(whose[i], &usage);
		sum += usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6 +
		       usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6;
	}
	return sum;
}

static bool stop(void)
{
	return interrupted() || (options.seconds && elapsed() > options.seconds);
}

static const char *sizes(const struct program *prog, char *text, size_t size)
{
	snprintf(text, size, "%u tasks, %u operations, %u choices, %u devices, %u failures",
		 prog->nr_tasks, program_nr_ops(prog), prog->nr_choices, prog->nr_devices,
		 prog->nr_fails);
	return text;
}

/* Live four times a second; in a log every five seconds. */
static void progress(const struct shrinker *s, const char *edit)
{
	static double next;
	double now = elapsed();
	char text[128];

	if (now < next)
		return;
	next = now + (live ? 0.25 : 5);
	printf("%s%7.0f s  %lu executions  %s  (%s)%s", live ? "\r\033[K" : "", now, s->runs,
	       sizes(&s->best, text, sizeof(text)), edit, live ? "" : "\n");
	fflush(stdout);
}

/* --- the output --------------------------------------------------------------------------------- */

/* What cannot be written to the file is printed: the search was long. */
static int write_output(const struct program *prog)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);
	int err;

	if (!file)
		abort();
	program_print(file, prog);
	if (fclose(file))
		abort();
	err = durable_write(options.out, text, len);
	if (err)
		durable_print("shrink", options.out, err, text, len);
	free(text);
	return err ? 2 : 0;
}

/* --- what is to be shrunk ----------------------------------------------------------------------- */

static void because(const char *fmt, ...) __printf(1, 2);
static void because(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(told.reason, sizeof(told.reason), fmt, args);
	va_end(args);
	fprintf(stderr, "shrink: %s\n", told.reason);
}

/* Does it fail, as it should, every time? Says why not. */
static bool aim(struct program *prog)
{
	bool steady = false, fails, expected = true;
	const char *variant = NULL, *file = text_shown(options.file);
	struct outcome out;

	fails = trials_aim(prog, &out, &steady);
	if (prog->has_expect && prog->expect[0]) {
		expected = fails && outcome_expected(&out, prog);
		variant = expected ? NULL : check_variant(prog->expect);
	}
	if (interrupted() && !steady)
		because("INCOMPLETE: %s, before anything was shrunk", interrupt_name());
	else if (variant)
		because("%s: %s is seen in %s: use its shrink", file, prog->expect, variant);
	else if (!fails)
		because("%s does not fail%s: try `explore --near`", file,
			prog->nr_choices ? " with its schedule" : "");
	else if (!steady)
		because("%s fails (%s), but not in the same way every time", file, out.check);
	else if (!expected)
		printf("shrink: %s fails with %s, not with %s as expected\n", file,
		       out.check, prog->expect);
	if (!prog->has_expect || !expected)
		snprintf(prog->expect, sizeof(prog->expect), "%s", out.check);
	prog->has_expect = true;
	if (fails && !options.quiet)
		printf("shrink: %s  %s\n", out.check, out.where);
	told.failure = out.failure;
	if (fails)
		outcome_key(&out, told.key);
	outcome_destroy(&out);
	return fails && steady && !variant;
}

static int shrink(struct shrinker *s, const char *self)
{
	char *before = told.sizes[0], *after = told.sizes[1];

	trials_init();
	if (!aim(&s->best))
		return 2;
	sizes(&s->best, before, sizeof(told.sizes[0]));
	shrink_run(s);
	if (live)
		printf("\r\033[K");
	/* each step to it has been seen to fail; an interrupt leaves no time for more */
	if (!interrupted() && !trials_verify(&s->best, VERIFY) && !interrupted()) {
		because("the result does not fail in the same way every time");
		return 2;
	}
	if (write_output(&s->best))
		return 2;
	if (!options.quiet && !interrupted())
		block_print(stdout, &s->best, options.out, self, NULL);
	printf("shrink: %s%s%s%s\n     -> %s\n        %lu executions, %.1f s, %.1f s of CPU%s\n",
	       interrupted() ? "INCOMPLETE: " : "", interrupted() ? interrupt_name() : "",
	       interrupted() ? ", the smallest so far is written; " : "", before,
	       sizes(&s->best, after, sizeof(told.sizes[1])), s->runs, elapsed(), cpu_seconds(),
	       interrupted() ? "" : stop() ? ", out of time" : "");
	printf("again:  ");
	block_command(stdout, s->best.mutant, options.out, self);
	printf("\n");
	if (interrupted())
		snprintf(told.reason, sizeof(told.reason), "%s, the smallest so far is written",
			 interrupt_name());
	return interrupted() ? 2 : 0;
}

/* What fails is no finding of this run: that it fails is what was asked for. */
static int write_json(int status, const struct shrinker *s)
{
	struct verdict_json v = {
		.engine = "shrink", .verdict = verdict_word(status), .reason = told.reason,
		.planned = { .programs = 1, .seconds = options.seconds },
		.done = { s->runs, told.sizes[1][0] != 0, elapsed() },
	};

	verdict_json_begin(&v);
	fprintf(v.file, ",\n  \"file\": ");
	text_print_json(v.file, options.file);
	if (told.sizes[1][0]) {
		fprintf(v.file, ", \"output\": ");
		text_print_json(v.file, options.out);
		fprintf(v.file, ",\n  \"before\": \"%s\", \"after\": \"%s\"", told.sizes[0], told.sizes[1]);
	}
	if (told.key[0]) {
		fprintf(v.file, ",\n  \"key\": ");
		text_print_json(v.file, told.key);
	}
	if (told.failure.valid) {
		fprintf(v.file, ",\n  \"failure\": ");
		failure_print_json(v.file, &told.failure);
	}
	return verdict_json_end(&v, given.json);
}

int main(int argc, char **argv)
{
	struct shrinker s = { .stop = stop };
	int ret;

	cli_parse(&argp, argc, argv);
	ret = cli_read(&s.best, options.file) ? 2 : 0;
	if (ret)
		return ret;
	s.best.nr_reaches = 0;
	if (options.mutant)
		snprintf(s.best.mutant, sizeof(s.best.mutant), "%s", options.mutant);
	if (!options.mutant && s.best.mutant[0] && engine_mutant(s.best.mutant))
		return 2;
	s.jobs = given.jobs;
	live = isatty(1) && !options.quiet;
	if (!options.quiet)
		s.progress = progress;
	interrupt_catch();
	clock_gettime(CLOCK_MONOTONIC, &started);
	ret = shrink(&s, argv[0]);
	if (given.json && write_json(ret, &s) && !ret)
		ret = 2;
	program_destroy(&s.best);
	return cli_finish("shrink", ret);
}
