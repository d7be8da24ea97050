// SPDX-License-Identifier: GPL-2.0-only
/* replay: runs files exactly as they are written, and says whether what they expect happens. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <fuzz/explain/block.h>
#include <machine/machine.h>
#include <machine/warn.h>
#include <util/process.h>
#include <util/text.h>
#include "bisect.h"
#include "cli.h"
#include "results.h"
#include "trace.h"
#include "shared_options.h"

#define FILES_MAX 4096

enum {
	KEY_TIMES = 256, KEY_TRACE, KEY_DIAGRAM, KEY_FULL, KEY_SVG, KEY_MUTANT, KEY_HASH,
	KEY_REPORT, KEY_SKIP, KEY_BISECT, KEY_KTAP,
};

static const struct argp_option argp_options[] = {
	{ "times", KEY_TIMES, "N", 0,
	  "replay each file N times: in one process if it passes, else in a new one each time", 0 },
	{ "trace", KEY_TRACE, NULL, 0, "print every event", 0 },
	{ "diagram", KEY_DIAGRAM, NULL, 0,
	  "draw the interleaving; of a failure, only what concerns it", 0 },
	{ "full", KEY_FULL, NULL, 0, "with --diagram or --svg: draw every step", 0 },
	{ "svg", KEY_SVG, "FILE", 0, "draw the interleaving as a picture, to FILE (one program only)", 0 },
	{ "hash", KEY_HASH, NULL, 0, "print only the trace hash", 0 },
	{ "report", KEY_REPORT, NULL, 0, "print the report of an expected failure as well", 0 },
	{ "ktap", KEY_KTAP, NULL, 0, "print KTAP, one test per file", 0 },
	{ "mutant", KEY_MUTANT, "ID", 0, "switch on a known bug, besides those named in the files; repeatable", 0 },
	{ "skip-mutants", KEY_SKIP, NULL, 0, "skip files that need a mutant", 0 },
	{ "bisect", KEY_BISECT, NULL, 0,
	  "for `git bisect run`: build replay, replay one file, and end with 0 if what it shows is "
	  "good, 1 bad, 125 not to be told; 128 and above end the bisection", 0 },
	{ 0 }
};

static struct {
	unsigned long times;
	bool trace, diagram, full, hash, report, skip, bisect, ktap;
	const char *svg;
	const char *files[FILES_MAX];
	unsigned int nr_files;
	const char *self;
} options = { .times = 1 };

/* Shared with the child. */
static struct result {
	unsigned int nr_warnings;	/* with --warn=go */
	struct warning warnings[WARNINGS_MAX];
	unsigned long runs;
	u64 hash;
	unsigned long points;
	bool differs;
	bool stale;
	struct choice stale_choice;
	unsigned int reached;		/* tracepoints of the file, of the run that reached least */
} *result;

/* Those that do not go together. */
static void check_options(struct argp_state *state)
{
	if (options.svg && options.nr_files > 1)
		argp_error(state, "--svg takes one file, found %u", options.nr_files);
	if (options.full && !options.diagram && !options.svg)
		argp_error(state, "--full requires --diagram or --svg");
	if (options.bisect && options.nr_files > 1)
		argp_error(state, "--bisect takes one file, found %u", options.nr_files);
	if (options.bisect && (given.json || options.ktap))
		argp_error(state, "--bisect cannot be used with --json or --ktap");
	if (options.ktap && (options.trace || options.hash || options.diagram))
		argp_error(state, "--ktap cannot be used with --trace, --hash or --diagram");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case KEY_TIMES:
		options.times = cli_number(state, "times", arg, 1, ULONG_MAX - 1);
		break;
	case KEY_TRACE:
		options.trace = true;
		break;
	case KEY_DIAGRAM:
		options.diagram = true;
		break;
	case KEY_FULL:
		options.full = true;
		break;
	case KEY_SVG:
		options.svg = arg;
		cli_output(state, "--svg", arg);
		break;
	case KEY_KTAP:
		options.ktap = true;
		break;
	case KEY_HASH:
		options.hash = true;
		break;
	case KEY_REPORT:
		options.report = true;
		break;
	case KEY_SKIP:
		options.skip = true;
		break;
	case KEY_BISECT:
		options.bisect = true;
		break;
	case KEY_MUTANT:
		if (engine_mutant_option(arg))
			exit(argp_err_exit_status);
		break;
	case ARGP_KEY_ARG:
		if (options.nr_files == FILES_MAX)
			argp_error(state, "more than %d files", FILES_MAX);
		options.files[options.nr_files++] = arg;
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "a file is expected");
		break;
	case ARGP_KEY_END:
		check_options(state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {
	SHARED_OPTION(warn, 0),
	SHARED_OPTION(hang_after, 0),
	SHARED_OPTION(json, 0),
	{ 0 }
};

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.children = children,
	.args_doc = "FILE.prog...",
	.doc = "Replays programs with their schedules. Ends with 0 if every file does what it "
	       "expects; with 1 if one does not; with 3 if one is stale: a recorded choice is not "
	       "reached any more (try `explore --near`); with 2 for bad input, or if not all was "
	       "replayed. Of several, 1 comes before 2, and 2 before 3.",
};

static bool note_stale(void)
{
	const struct choice *stale = sim_stale_choice();

	if (!stale)
		return false;
	result->stale = true;
	result->stale_choice = *stale;
	return true;
}

static void note_warnings(void)
{
	unsigned int i;

	result->nr_warnings = warn_count();
	for (i = 0; i < WARNINGS_MAX && warn_get(i); i++)
		result->warnings[i] = *warn_get(i);
}

/* A report's hook: what lies behind the failure cannot be reached, but what lies before it. */
static void failed(FILE *out)
{
	note_stale();
	note_warnings();
	result->reached = trace_reached();
	result->hash = sim_trace_hash();
	result->points = sim_points();
}

static int run_times(void *arg)
{
	const struct program *prog = arg;
	unsigned long i, times = max(options.times, (unsigned long)outcome_runs(prog));

	if (prog->mutant[0] && engine_mutant(prog->mutant))
		return 2;
	trace_set(prog, options.trace);
	child_program(prog, prog->mutant);
	report_add_hook(failed);
	for (i = 0; i < times; i++) {
		result->runs++;
		sim_set_replay(prog->choices, prog->nr_choices);
		trace_begin();
		program_run(prog);
		note_warnings();
		if (!i || trace_reached() < result->reached)
			result->reached = trace_reached();
		if (note_stale())
			return 3;
		if (i && sim_trace_hash() != result->hash)
			result->differs = true;
		result->hash = sim_trace_hash();
		result->points = sim_points();
	}
	return 0;
}

/* What only another variant is made to see need not happen here, and what happens means nothing. */
static bool skips(FILE *said, const char *path, const struct program *prog, const struct outcome *out)
{
	const char *variant;

	if (!prog->has_expect || outcome_expected(out, prog))
		return false;
	variant = check_variant(prog->expect);
	if (variant)
		fprintf(said, "skip   %s: %s is seen in %s\n", text_shown(path), prog->expect, variant);
	return variant;
}

/* It does what it expects, but for the tracepoints that it is to reach. Says which comes first. */
static bool misses(FILE *said, const char *path, const struct program *prog)
{
	const struct program_reach *reach = &prog->reaches[result->reached];

	if (result->reached == prog->nr_reaches)
		return false;
	fprintf(said, "MISSES %s:%u: not reached%s: ", text_shown(path), reach->line,
	       result->reached ? ", in this order" : "");
	program_print_reach(said, reach);
	fprintf(said, " (after %u of %u)\n", result->reached, prog->nr_reaches);
	return true;
}

/* The WARNs after which the run went on. */
static void print_warnings(FILE *said)
{
	unsigned int i;

	for (i = 0; i < result->nr_warnings && i < WARNINGS_MAX; i++)
		fprintf(said, "       WARN  %s: %s: WARN_ON(%s); the run goes on\n", result->warnings[i].site,
			result->warnings[i].func, result->warnings[i].text);
	if (i < result->nr_warnings)
		fprintf(said, "       and %u more\n", result->nr_warnings - i);
}

/* Does the outcome agree with what the file expects? Says so. */
static enum replay_verdict judge(FILE *said, const char *path, const struct program *prog,
				  const struct outcome *out)
{
	bool passes = !prog->has_expect || !prog->expect[0];
	bool warned = result->nr_warnings && !strcmp(prog->expect, "WARN");

	if (out->end == CHILD_KILLED) {
		fprintf(said, "KILLED %s: by another process; out of memory?\n", text_shown(path));
		return VERDICT_INCOMPLETE;
	}
	if (out->check[0] && (passes || !outcome_expected(out, prog))) {
		fprintf(said, "FAILS  %s: %s %s; %s was expected\n", text_shown(path), out->check, out->where,
		       passes ? "pass" : prog->expect);
		print_warnings(said);
		block_print(said, prog, path, options.self, out);
		return VERDICT_FAIL;
	}
	if (result->stale) {
		fprintf(said, "STALE  %s: not reached: ", text_shown(path));
		program_print_choice(said, &result->stale_choice);
		fprintf(said, "\n");
		return VERDICT_STALE;
	}
	if (result->differs) {
		fprintf(said, "DIFFERS  %s: two runs, two hashes\n", text_shown(path));
		return VERDICT_FAIL;
	}
	if (!out->status && (passes || warned)) {
		if (misses(said, path, prog))
			return VERDICT_FAIL;
		fprintf(said, "ok     %s: %lu points, hash %016lx%s\n", text_shown(path), result->points,
			result->hash, warned ? ", after the WARN as expected" : "");
		print_warnings(said);
		return VERDICT_PASS;
	}
	if (!out->status) {
		fprintf(said, "PASSES %s: %s was expected\n", text_shown(path), prog->expect);
		return VERDICT_FAIL;
	}
	if (!out->check[0]) {
		fprintf(said, "FAILS  %s: ends with %d, no check says why\n%s", text_shown(path), out->status,
		       out->report);
		return VERDICT_FAIL;
	}
	if (misses(said, path, prog))
		return VERDICT_FAIL;
	fprintf(said, "ok     %s: %s as expected%s\n", text_shown(path), prog->expect,
	       strcmp(out->check, prog->expect) ? ", met as RACE" : "");
	if (options.report)
		block_print(said, prog, path, options.self, out);
	return VERDICT_PASS;
}

/* Once, or as often as it passes in one process. @last: nothing is left but to judge it. */
static enum replay_verdict replay_once(FILE *said, struct replay_result *r,
				       const struct program *prog, bool last)
{
	enum replay_verdict verdict = VERDICT_PASS;
	struct outcome out;

	memset(result, 0, sizeof(*result));
	child_run(run_times, (void *)prog, false, &out);
	if (out.end == CHILD_INTERRUPTED) {
		verdict = VERDICT_INCOMPLETE;
	} else if (out.status == 2 && !out.check[0]) {
		fputs(out.report, options.ktap ? said : stderr);
		verdict = VERDICT_INCOMPLETE;
	} else if (skips(said, r->path, prog, &out)) {
		verdict = VERDICT_SKIP;
	} else if (last || out.status != 1 || !outcome_expected(&out, prog)) {
		verdict = judge(said, r->path, prog, &out);
	}
	r->runs += result->runs;
	r->hash = result->hash;
	r->points = result->points;
	r->failure = out.failure;
	if (out.check[0])
		outcome_key(&out, r->key);
	outcome_destroy(&out);
	return verdict;
}

/* --hash: the hash stands for what else would be said; the verdict is the same. */
static enum replay_verdict replay_silently(FILE *said, struct replay_result *r,
					   const struct program *prog, bool last)
{
	enum replay_verdict verdict;
	FILE *unsaid = fopen("/dev/null", "w");

	if (!unsaid)
		abort();
	verdict = replay_once(unsaid, r, prog, last);
	fclose(unsaid);
	if (last && verdict != VERDICT_INCOMPLETE)
		fprintf(said, "%016lx  %s\n", r->hash, text_shown(r->path));
	return verdict;
}

static void replay_program(FILE *said, struct replay_result *r, const struct program *prog)
{
	unsigned long times = prog->has_expect && prog->expect[0] ? options.times : 1, i;

	if (prog->mutant[0] && options.skip) {
		fprintf(said, "skip   %s: needs mutant %s\n", text_shown(r->path), prog->mutant);
		r->verdict = VERDICT_SKIP;
		return;
	}
	for (i = 0; i < times && r->verdict == VERDICT_PASS; i++)
		r->verdict = (options.hash ? replay_silently : replay_once)(said, r, prog, i == times - 1);
}

static void replay_file(const char *path)
{
	struct replay_result r = { .path = path, .verdict = VERDICT_PASS };
	struct program_error err;
	struct program prog;
	size_t len;
	FILE *said = open_memstream(&r.said, &len);

	if (!said)
		abort();
	if (program_read(&prog, path, &err)) {
		r.verdict = VERDICT_INCOMPLETE;
		cli_print_error(options.ktap ? said : stderr, path, &err);
	} else {
		replay_program(said, &r, &prog);
	}
	if (fclose(said))
		abort();
	results_add(&r);
	if (r.verdict == VERDICT_SKIP || r.verdict == VERDICT_INCOMPLETE)
		return;
	if ((options.diagram || options.svg) && !interrupted() &&
	    block_draw(&prog, options.full ? DIAGRAM_FULL : DIAGRAM_FOLDED, options.diagram,
		       options.svg))
		results_not_drawn();
	program_destroy(&prog);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int main(int argc, char **argv)
{
	struct results_options results = { 0 };
	unsigned int i;

	options.self = argv[0];
	bisect_prepare(argc, argv);
	cli_parse(&argp, argc, argv);
	interrupt_catch();
	if (options.bisect)
		return cli_finish("replay", bisect(argc, argv, options.files[0]));
	result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	qsort(options.files, options.nr_files, sizeof(options.files[0]), by_name);
	results = (struct results_options){
		.nr_files = options.nr_files, .ktap = options.ktap, .hash = options.hash,
		.json = given.json,
	};
	results_begin(&results);
	for (i = 0; i < options.nr_files && !interrupted(); i++)
		replay_file(options.files[i]);
	return cli_finish("replay", results_end());
}
