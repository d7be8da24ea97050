// SPDX-License-Identifier: GPL-2.0-only
/* replay: runs files exactly as they are written, and says whether what they expect happens. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <machine/machine.h>
#include <machine/tsan.h>
#include <swap/swap.h>
#include <util/text.h>
#include "block.h"
#include "cli.h"
#include "timeline.h"

#define FILES_MAX 4096

enum {
	KEY_TIMES = 256, KEY_TRACE, KEY_DIAGRAM, KEY_FULL, KEY_SVG, KEY_MUTANT, KEY_HASH,
	KEY_REPORT, KEY_SKIP,
};

static const struct argp_option argp_options[] = {
	{ "times", KEY_TIMES, "N", 0,
	  "N times; what passes in one process, what fails in a fresh one each", 0 },
	{ "trace", KEY_TRACE, NULL, 0, "print every event", 0 },
	{ "diagram", KEY_DIAGRAM, NULL, 0,
	  "draw the interleaving, of a failure what matters to it", 0 },
	{ "full", KEY_FULL, NULL, 0, "with --diagram or --svg: every step", 0 },
	{ "svg", KEY_SVG, "FILE", 0, "draw the same there; of one file", 0 },
	{ "hash", KEY_HASH, NULL, 0, "print the trace hash only, of a schedule that passes", 0 },
	{ "report", KEY_REPORT, NULL, 0, "print the block of a failure that is expected, too", 0 },
	{ "mutant", KEY_MUTANT, "ID", 0, "switch it on besides what a file says; repeatable", 0 },
	{ "skip-mutants", KEY_SKIP, NULL, 0, "leave out files that need a mutant", 0 },
	{ 0 }
};

static struct {
	unsigned long times;
	bool trace, diagram, full, hash, report, skip;
	const char *svg;
	const char *files[FILES_MAX];
	unsigned int nr_files;
	const char *self;
} options = { .times = 1 };

/* Shared with the child. */
static struct result {
	bool done;
	u64 hash;
	unsigned long points;
	bool differs;
	bool stale;
	struct choice stale_choice;
} *result;

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
	case KEY_HASH:
		options.hash = true;
		break;
	case KEY_REPORT:
		options.report = true;
		break;
	case KEY_SKIP:
		options.skip = true;
		break;
	case KEY_MUTANT:
		if (engine_mutant(arg))
			exit(2);
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
		if (options.svg && options.nr_files > 1)
			argp_error(state, "--svg draws one file, %u are given", options.nr_files);
		if (options.full && !options.diagram && !options.svg)
			argp_error(state, "--full is for --diagram and --svg");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.args_doc = "FILE.prog...",
	.doc = "Replays programs with their schedules. Ends with 0 if every file does what it "
	       "expects; with 1 if one does not, or if a recorded choice is not reached any more "
	       "(the file is stale: try `explore --near`); with 2 for bad input.",
};

static void trace(const struct task_struct *task, unsigned int anchor, unsigned int nth,
		  const volatile void *obj)
{
	tsan_ignore_begin();
	printf("%-6s op%-3lu %-14s %s#%u\n", task->name, task->op_nr, task->op ? : "-",
	       anchor_name(anchor), nth);
	tsan_ignore_end();
}

/* A field of a tracepoint that is a table: its number, as in a diagram. */
static void print_table(char field, unsigned long table, bool new)
{
	struct object nowhere = { 0 };

	if (table)
		printf(" %c=t%u", field, table_number(table, &nowhere, new));
	else
		printf(" %c=0", field);
}

/* Numbers, not addresses: two traces can be compared. */
static void print_fields(const struct task_struct *task, const struct trace_record *rec)
{
	static bool slept[SIM_TASKS_MAX];	/* its table has a number, and is not published */

	switch (rec->id) {
	case TRACE_swap_table_slept:
		printf(" a=%ld", (long)rec->a);
		print_table('b', rec->b, true);
		slept[task->id] = rec->b;
		return;
	case TRACE_swap_table_published:
		print_table('a', rec->a, !slept[task->id]);
		slept[task->id] = false;
		break;
	case TRACE_swap_table_freed:
	case TRACE_swap_table_loaded:
		print_table('a', rec->a, false);
		break;
	default:
		printf(" a=%ld", (long)rec->a);
		break;
	}
	printf(" b=%ld", (long)rec->b);
}

static void trace_event(const struct trace_record *rec)
{
	const struct task_struct *task = current;

	tsan_ignore_begin();
	printf("%-6s op%-3lu %-14s   %s", task->name, task->op_nr, task->op ? : "-",
	       trace_name(rec->id));
	if (rec->si)
		printf(" dev=%u", rec->si->type);
	if (rec->ci && rec->si)
		printf(" ci=%u", (unsigned int)(rec->ci - rec->si->cluster_info));
	print_fields(task, rec);
	putchar('\n');
	tsan_ignore_end();
}

static bool note_stale(void)
{
	const struct choice *stale = sim_stale_choice();

	if (!stale)
		return false;
	result->stale = true;
	result->stale_choice = *stale;
	return true;
}

/* A report's hook: what lies behind the failure cannot be reached, but what lies before it. */
static void failed(FILE *out)
{
	note_stale();
}

static int run_times(void *arg)
{
	const struct program *prog = arg;
	unsigned long i;

	if (prog->mutant[0] && engine_mutant(prog->mutant))
		return 2;
	if (options.trace) {
		sim_set_tracer(trace);
		program_probe_events(trace_event);
		setvbuf(stdout, NULL, _IOLBF, 0);
	}
	child_program(prog, prog->mutant);
	report_add_hook(failed);
	for (i = 0; i < options.times; i++) {
		sim_set_replay(prog->choices, prog->nr_choices);
		objects_reset();
		program_run(prog);
		if (note_stale())
			return 3;
		if (i && sim_trace_hash() != result->hash)
			result->differs = true;
		result->hash = sim_trace_hash();
		result->points = sim_points();
	}
	result->done = true;
	return 0;
}

/* What only another variant is made to see need not happen here, and what happens means nothing. */
static bool skips(const char *path, const struct program *prog, const struct outcome *out)
{
	const char *variant;

	if (!prog->has_expect || outcome_expected(out, prog->expect))
		return false;
	variant = check_variant(prog->expect);
	if (variant)
		printf("skip   %s: %s is seen in %s\n", text_shown(path), prog->expect, variant);
	return variant;
}

/* Return: does the outcome agree with what the file expects? Says so. */
static bool judge(const char *path, const struct program *prog, const struct outcome *out)
{
	bool passes = !prog->has_expect || !prog->expect[0];

	if (out->check[0] && (passes || !outcome_expected(out, prog->expect))) {
		printf("FAILS  %s: %s %s; %s was expected\n", text_shown(path), out->check, out->where,
		       passes ? "pass" : prog->expect);
		block_print(stdout, prog, path, options.self, out);
		return false;
	}
	if (result->stale) {
		printf("STALE  %s: not reached: ", text_shown(path));
		program_print_choice(stdout, &result->stale_choice);
		printf("\n");
		return false;
	}
	if (result->differs) {
		printf("DIFFERS  %s: two runs, two hashes\n", text_shown(path));
		return false;
	}
	if (!out->status && passes) {
		printf("ok     %s: %lu points, hash %016lx\n", text_shown(path), result->points,
		       result->hash);
		return true;
	}
	if (!out->status) {
		printf("PASSES %s: %s was expected\n", text_shown(path), prog->expect);
		return false;
	}
	if (!out->check[0]) {
		printf("FAILS  %s: ends with %d, no check says why\n%s", text_shown(path), out->status,
		       out->report);
		return false;
	}
	printf("ok     %s: %s as expected%s\n", text_shown(path), prog->expect,
	       strcmp(out->check, prog->expect) ? ", met as RACE" : "");
	if (options.report)
		block_print(stdout, prog, path, options.self, out);
	return true;
}

static int replay_file(const char *path)
{
	struct outcome out;
	struct program prog;
	unsigned long times = 1, i;
	bool good = true, skipped = false;
	int ret = 0;

	if (cli_read(&prog, path))
		return 2;
	if (prog.mutant[0] && options.skip) {
		printf("skip   %s: needs mutant %s\n", text_shown(path), prog.mutant);
		program_destroy(&prog);
		return 0;
	}
	if (prog.has_expect && prog.expect[0])
		times = options.times;
	for (i = 0; i < times && good && !skipped; i++) {
		memset(result, 0, sizeof(*result));
		child_run(run_times, &prog, false, &out);
		if (out.status == 2 && !out.check[0]) {
			fputs(out.report, stderr);
			outcome_destroy(&out);
			return 2;
		}
		if (options.hash)
			printf("%016lx  %s\n", result->hash, text_shown(path));
		else if (skips(path, &prog, &out))
			skipped = true;
		else if (i == times - 1 || out.status != 1)
			good = judge(path, &prog, &out);
		outcome_destroy(&out);
	}
	if (options.diagram || options.svg)
		ret = block_draw(&prog, options.full ? DIAGRAM_FULL : DIAGRAM_FOLDED,
				 options.diagram, options.svg);
	program_destroy(&prog);
	return ret ? : good ? 0 : 1;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int main(int argc, char **argv)
{
	unsigned int i;
	int worst = 0, ret;

	options.self = argv[0];
	cli_parse(&argp, argc, argv);
	result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	qsort(options.files, options.nr_files, sizeof(options.files[0]), by_name);
	for (i = 0; i < options.nr_files; i++) {
		ret = replay_file(options.files[i]);
		if (ret > worst)
			worst = ret;
	}
	return cli_finish("replay", worst);
}
