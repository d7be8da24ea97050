// SPDX-License-Identifier: GPL-2.0-only
/* explore: programs, generated or from files, under a strategy, until something fails. */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <kernel/mutant.h>
#include "block.h"
#include "near.h"

#define MIX NR_STRATEGIES		/* random walk and PCT in turns */
#define JOBS_MAX 64
#define FILES_MAX 4096
#define RENEW 200000UL			/* schedules of one child */

enum {
	KEY_SEED = 256, KEY_SCHEDULES, KEY_PER_PROGRAM, KEY_SECONDS, KEY_STRATEGY, KEY_DEPTH,
	KEY_BOUND, KEY_SWITCH, KEY_NO_VALUES, KEY_MUTANT, KEY_JOBS, KEY_KEEP_GOING, KEY_NEAR,
	KEY_OUT, KEY_JSON, KEY_COVERAGE, KEY_LIST, KEY_QUIET,
};

static const struct argp_option argp_options[] = {
	{ "seed", KEY_SEED, "A[..B]", 0, "generate the programs of seeds A to B (default 1..)", 0 },
	{ "schedules", KEY_SCHEDULES, "N", 0, "stop after N schedules in all", 0 },
	{ "per-program", KEY_PER_PROGRAM, "N", 0, "schedules of each program (default 64)", 0 },
	{ "seconds", KEY_SECONDS, "S", 0, "stop after S seconds", 0 },
	{ "mutant", KEY_MUTANT, "ID", 0, "switch on a known bug or a group of them; repeatable", 0 },
	{ "strategy", KEY_STRATEGY, "NAME", 0,
	  "random, pct, exhaustive, default, or mix: random and pct in turns (default mix)", 1 },
	{ "switch", KEY_SWITCH, "N", 0,
	  "random: switch at one point in N (default: drawn for each schedule)", 1 },
	{ "depth", KEY_DEPTH, "D", 0, "pct: for bugs of this depth, 1..16 (default: 2..5)", 1 },
	{ "bound", KEY_BOUND, "N", 0, "exhaustive: preemptions (default 2)", 1 },
	{ "no-values", KEY_NO_VALUES, NULL, 0,
	  "choose who runs only: no failing allocations, migrations, ... beyond the program's", 1 },
	{ "near", KEY_NEAR, NULL, 0, "search around the schedules that the files hold", 1 },
	{ "jobs", KEY_JOBS, "N", 0, "processes, 1..64 (default 1)", 2 },
	{ "keep-going", KEY_KEEP_GOING, NULL, 0, "collect findings instead of ending at the first",
	  2 },
	{ "out", KEY_OUT, "DIR", 0, "where findings go (default out/findings)", 2 },
	{ "json", KEY_JSON, "FILE", 0, "write the verdict there, too", 2 },
	{ "coverage", KEY_COVERAGE, NULL, 0, "print how often rare paths were reached", 2 },
	{ "list", KEY_LIST, NULL, 0, "list mutants and strategies", 2 },
	{ "quiet", KEY_QUIET, NULL, 0, "no live progress", 2 },
	{ 0 }
};

static struct {
	unsigned long first, last;	/* seeds */
	unsigned long schedules, per_program;
	double seconds;
	unsigned int strategy;
	struct strategy_config config;
	char mutant[PROGRAM_NAME_MAX];
	unsigned int jobs;
	bool keep_going, near, coverage, quiet;
	const char *self, *out, *json;
	const char *files[FILES_MAX];
	unsigned int nr_files;
} options = {
	.first = 1, .last = ULONG_MAX, .per_program = 64, .strategy = MIX,
	.config = { .bound = 2, .values = true }, .jobs = 1, .out = "out/findings",
};

static struct program *programs;	/* of the files */

struct finding {
	char path[512];
	unsigned long seed, schedules;
	double seconds;
};

#define FINDINGS_MAX 1024
static struct shared {
	bool stop;
	unsigned int nr_findings;	/* distinct ones */
	unsigned long failures;		/* all of them */
	struct finding findings[FINDINGS_MAX];
} *shared;
static struct progress *progress[JOBS_MAX];
static unsigned int job;
static struct timespec started;

static double elapsed(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - started.tv_sec + (now.tv_nsec - started.tv_nsec) / 1e9;
}

/* --- options ------------------------------------------------------------------------------ */

static unsigned long parse_number(struct argp_state *state, const char *what, const char *arg,
				  unsigned long min, unsigned long max)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(arg, &end, 10);
	if (errno || end == arg || *end || *arg == '-' || n < min || n > max)
		argp_error(state, "--%s: a number from %lu to %lu is expected, not '%s'", what,
			   min, max, arg);
	return n;
}

static void parse_seeds(struct argp_state *state, char *arg)
{
	char *dots = strstr(arg, "..");

	if (dots)
		*dots = 0;
	options.first = parse_number(state, "seed", arg, 0, ULONG_MAX - 1);
	options.last = options.first;
	if (dots)
		options.last = dots[2] ? parse_number(state, "seed", dots + 2, options.first,
						      ULONG_MAX - 1) : ULONG_MAX;
}

static void list(void)
{
	unsigned int i;

	for (i = 0; i < NR_MUTANTS; i++)
		printf("%-28s %-14s %s\n", mutants[i].name, mutants[i].group, mutants[i].text);
	printf("strategies: random, pct, exhaustive, default, mix\n");
	exit(0);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	char *end;
	int kind;

	switch (key) {
	case KEY_SEED:
		parse_seeds(state, arg);
		break;
	case KEY_SCHEDULES:
		options.schedules = parse_number(state, "schedules", arg, 1, ULONG_MAX - 1);
		break;
	case KEY_PER_PROGRAM:
		options.per_program = parse_number(state, "per-program", arg, 1, ULONG_MAX - 1);
		break;
	case KEY_SECONDS:
		options.seconds = strtod(arg, &end);
		if (end == arg || *end || !(options.seconds > 0))
			argp_error(state, "--seconds: a number above 0 is expected, not '%s'", arg);
		break;
	case KEY_STRATEGY:
		kind = strcmp(arg, "mix") ? strategy_parse(arg) : MIX;
		if (kind < 0)
			argp_error(state, "--strategy: random, pct, exhaustive, default or mix is "
				   "expected, not '%s'", arg);
		options.strategy = kind;
		break;
	case KEY_DEPTH:
		options.config.depth = parse_number(state, "depth", arg, 1, 16);
		break;
	case KEY_BOUND:
		options.config.bound = parse_number(state, "bound", arg, 0, 1000);
		break;
	case KEY_SWITCH:
		options.config.switch_one_in = parse_number(state, "switch", arg, 1, 1UL << 30);
		break;
	case KEY_NO_VALUES:
		options.config.values = false;
		break;
	case KEY_MUTANT:
		if (engine_mutant(arg))
			exit(2);
		snprintf(options.mutant, sizeof(options.mutant), "%s", arg);
		break;
	case KEY_JOBS:
		options.jobs = parse_number(state, "jobs", arg, 1, JOBS_MAX);
		break;
	case KEY_KEEP_GOING:
		options.keep_going = true;
		break;
	case KEY_NEAR:
		options.near = true;
		break;
	case KEY_OUT:
		options.out = arg;
		break;
	case KEY_JSON:
		options.json = arg;
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
		if (options.nr_files == FILES_MAX)
			argp_error(state, "more than %d files", FILES_MAX);
		options.files[options.nr_files++] = arg;
		break;
	case ARGP_KEY_END:
		if (options.near && !options.nr_files)
			argp_error(state, "--near needs a file to search near");
		if (options.strategy == STRATEGY_EXHAUSTIVE && !options.nr_files &&
		    options.last == ULONG_MAX)
			argp_error(state, "an exhaustive search needs files or --seed A..B");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.args_doc = "[FILE.prog...]",
	.doc = "Runs programs, generated from seeds or read from files, under a strategy that "
	       "decides every interleaving. Ends with 1 and a file that `replay` shows again "
	       "when a check fails, with 0 if nothing fails, with 2 for bad input.",
};

static void read_files(void)
{
	struct program_error err;
	unsigned int i;

	programs = calloc(options.nr_files, sizeof(*programs));
	for (i = 0; i < options.nr_files; i++) {
		if (!program_read(&programs[i], options.files[i], &err))
			continue;
		if (err.line)
			fprintf(stderr, "%s:%u:%u: %s\n", options.files[i], err.line, err.column,
				err.text);
		else
			fprintf(stderr, "%s: %s\n", options.files[i], err.text);
		exit(2);
	}
}

/* --- the schedules of one child ----------------------------------------------------------- */

static unsigned long total_schedules(void)
{
	unsigned long n = 0;
	unsigned int i;

	for (i = 0; i < options.jobs; i++)
		n += __atomic_load_n(&progress[i]->schedules, __ATOMIC_RELAXED);
	return n;
}

static bool enough(void)
{
	static unsigned int calls;

	if (__atomic_load_n(&shared->stop, __ATOMIC_RELAXED))
		return true;
	if (options.schedules && total_schedules() >= options.schedules)
		return true;
	/* the clock costs more than a look at memory */
	if (!options.seconds || ++calls % 16 || elapsed() < options.seconds)
		return false;
	__atomic_store_n(&shared->stop, true, __ATOMIC_RELAXED);
	return true;
}

/* The strategy of a program; its choices come from the program's own seed. */
static struct strategy_config choose_strategy(struct rng *rng)
{
	struct strategy_config config = options.config;

	config.kind = options.strategy;
	if (options.strategy == MIX)
		config.kind = rng_below(rng, 2) ? STRATEGY_RANDOM : STRATEGY_PCT;
	if (!config.depth)
		config.depth = 2 + rng_below(rng, 4);
	return config;
}

static void run_program(const struct program *prog, u64 seed)
{
	struct progress *p = progress[job];
	struct rng rng = { seed };
	struct strategy_config config = choose_strategy(&rng);
	unsigned long i;

	child_program(prog, options.mutant);
	if (options.near)
		near_begin(prog, &config, rng_next(&rng));
	else
		strategy_set(&config);
	for (i = 0; !enough(); i++) {
		if (options.strategy != STRATEGY_EXHAUSTIVE && i >= options.per_program)
			break;
		strategy_seed(rng_next(&rng));
		if (options.near)
			near_next();
		program_run(prog);
		progress_count(p);
		if (!strategy_next())
			break;
		if (options.strategy == STRATEGY_DEFAULT)
			break;
	}
	p->programs++;
	if (options.near)
		near_end();
	child_program(NULL, NULL);
}

/* Positions: the seed, or for files a running number. */
static int run_positions(void *arg)
{
	struct progress *p = progress[job];
	unsigned long until = p->schedules + RENEW;
	struct program prog;

	program_count_coverage(options.coverage);
	for (; p->position <= options.last && !enough(); p->position += options.jobs) {
		if (p->schedules >= until)
			return 0;
		p->seed = p->position;
		if (options.nr_files) {
			run_program(&programs[p->position % options.nr_files], p->position);
			continue;
		}
		program_generate(&prog, p->position);
		run_program(&prog, p->position);
		program_destroy(&prog);
	}
	p->position = ULONG_MAX;
	if (options.coverage)
		program_print_coverage(stderr);
	return 0;
}

/* --- findings ----------------------------------------------------------------------------- */

static u64 hash_text(const char *text)
{
	u64 hash = 14695981039346656037UL;

	/* numbers are addresses, lines, or counts: not what makes a finding another one */
	for (; *text; text++)
		if (*text < '0' || *text > '9')
			hash = (hash ^ (unsigned char)*text) * 1099511628211UL;
	return hash;
}

/* The block of a finding, to a file next to it, and for the first one to the terminal. */
static void write_block(const char *text, const char *path, const struct outcome *out, bool show)
{
	struct program_error err;
	struct program prog;
	char *block = NULL;
	size_t size = 0;
	FILE *f;

	if (program_read(&prog, path, &err))
		return;
	f = open_memstream(&block, &size);
	if (!f)
		abort();
	block_print(f, &prog, path, options.self, out);
	fclose(f);
	program_destroy(&prog);
	f = fopen(text, "w");
	if (f) {
		fputs(block, f);
		fclose(f);
	}
	if (show)
		printf("\n%s\n", block);
	free(block);
}

/* Where a sanitizer's summary names it: "... in FUNCTION"; a check's site is a file. */
static void keep_finding(const char *tmp, struct outcome *out)
{
	const char *in = strstr(out->where, " in ");
	char key[256], path[480], text[500];
	struct finding *f = NULL;
	int fd;

	__atomic_fetch_add(&shared->failures, 1, __ATOMIC_RELAXED);
	if (!out->check[0])
		snprintf(out->check, sizeof(out->check), "EXIT-%d", out->status);
	snprintf(key, sizeof(key), "%s %s", out->check, in ? in : out->where);
	snprintf(path, sizeof(path), "%s/%s-%04lx.prog", options.out, out->check,
		 hash_text(key) & 0xffff);
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);
	if (fd < 0 && options.keep_going && access(path, F_OK) == 0 && errno == EEXIST) {
		unlink(tmp);
		return;
	}
	if (fd >= 0)
		close(fd);
	if (rename(tmp, path))
		fprintf(stderr, "explore: %s: %s\n", path, strerror(errno));
	snprintf(text, sizeof(text), "%.*s.txt", (int)strlen(path) - 5, path);
	if (shared->nr_findings < FINDINGS_MAX) {
		f = &shared->findings[__atomic_fetch_add(&shared->nr_findings, 1,
							 __ATOMIC_RELAXED)];
		snprintf(f->path, sizeof(f->path), "%s", path);
		f->seed = progress[job]->seed;
		f->schedules = total_schedules();
		f->seconds = elapsed();
	}
	printf("%sFOUND  %s  %s  (seed %lu, %lu schedules, %.1f s)\n       %s\n",
	       options.quiet ? "" : "\r\033[K", out->check, out->where, progress[job]->seed,
	       total_schedules(), elapsed(), path);
	write_block(text, path, out, f == shared->findings && !options.quiet);
	fflush(stdout);
}

static void run_job(void)
{
	struct progress *p = progress[job];
	struct outcome out;
	char tmp[512];

	snprintf(tmp, sizeof(tmp), "%s/.tmp-%d-%u.prog", options.out, getpid(), job);
	while (p->position != ULONG_MAX && p->position <= options.last && !enough()) {
		child_run(run_positions, NULL, tmp, &out);
		if (options.coverage && !out.status)
			fputs(out.report, stdout);
		if (out.status) {
			keep_finding(tmp, &out);
			if (!options.keep_going)
				__atomic_store_n(&shared->stop, true, __ATOMIC_RELAXED);
			p->position += options.jobs;
			p->schedules++;
		}
		outcome_destroy(&out);
	}
}

/* --- the parent --------------------------------------------------------------------------- */

static void print_progress(bool live)
{
	unsigned long n = total_schedules(), behaviours = 0, nr_programs = 0;
	double s = elapsed();
	unsigned int i;

	for (i = 0; i < options.jobs; i++) {
		behaviours += progress[i]->behaviours;
		nr_programs += progress[i]->programs;
	}
	printf("%s%7.0f s  %lu programs  %lu schedules  %.0f/s  %lu behaviours  %lu failures%s",
	       live ? "\r\033[K" : "", s, nr_programs, n, n / s, behaviours, shared->failures,
	       live ? "" : "\n");
	fflush(stdout);
}

static void describe(char *text, size_t size)
{
	int n = 0;

	if (options.nr_files)
		n += snprintf(text + n, size - n, "%u files%s", options.nr_files,
			      options.near ? ", near" : "");
	else if (options.last == ULONG_MAX)
		n += snprintf(text + n, size - n, "seed %lu..", options.first);
	else
		n += snprintf(text + n, size - n, "seed %lu..%lu", options.first, options.last);
	n += snprintf(text + n, size - n, ", strategy %s",
		      options.strategy == MIX ? "mix" : strategy_name(options.strategy));
	if (options.strategy == STRATEGY_EXHAUSTIVE)
		n += snprintf(text + n, size - n, ", bound %u", options.config.bound);
	if (options.config.depth)
		n += snprintf(text + n, size - n, ", depth %u", options.config.depth);
	if (options.mutant[0])
		n += snprintf(text + n, size - n, ", mutant %s", options.mutant);
	snprintf(text + n, size - n, ", %u job%s", options.jobs, options.jobs > 1 ? "s" : "");
}

static void write_json(double seconds)
{
	unsigned long points = 0, contended = 0, behaviours = 0, nr_programs = 0;
	char text[256];
	unsigned int i;
	FILE *f = fopen(options.json, "w");

	if (!f) {
		fprintf(stderr, "explore: %s: %s\n", options.json, strerror(errno));
		exit(2);
	}
	for (i = 0; i < options.jobs; i++) {
		points += progress[i]->points;
		contended += progress[i]->contended;
		behaviours += progress[i]->behaviours;
		nr_programs += progress[i]->programs;
	}
	describe(text, sizeof(text));
	fprintf(f, "{ \"run\": \"%s\", \"seconds\": %.3f, \"programs\": %lu, \"schedules\": %lu, "
		"\"points\": %lu, \"contended_points\": %lu, \"behaviours\": %lu, "
		"\"failures\": %lu, \"findings\": [", text, seconds, nr_programs,
		total_schedules(), points, contended, behaviours, shared->failures);
	for (i = 0; i < shared->nr_findings && i < FINDINGS_MAX; i++)
		fprintf(f, "%s\n  { \"file\": \"%s\", \"seed\": %lu, \"schedules\": %lu, "
			"\"seconds\": %.3f }", i ? "," : "", shared->findings[i].path,
			shared->findings[i].seed, shared->findings[i].schedules,
			shared->findings[i].seconds);
	fprintf(f, " ] }\n");
	fclose(f);
}

static int make_directory(const char *path)
{
	char part[256], *slash;

	if (strlen(path) >= sizeof(part))
		return -1;
	strcpy(part, path);
	for (slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(part, 0755);
		*slash = '/';
	}
	return mkdir(path, 0755) && errno != EEXIST ? -1 : 0;
}

static void verdict(void)
{
	char text[256];
	double s = elapsed();

	describe(text, sizeof(text));
	if (shared->failures)
		printf("explore: %lu failure%s, %u distinct, in %lu schedules, %.1f s (%s)\n",
		       shared->failures, shared->failures > 1 ? "s" : "", shared->nr_findings,
		       total_schedules(), s, text);
	else
		printf("explore: no failure in %lu schedules, %.1f s (%s)\n", total_schedules(), s,
		       text);
	if (shared->nr_findings) {
		printf("repro ");
		block_command(stdout, options.mutant, shared->findings[0].path, options.self);
		printf("\n");
	}
	if (options.json)
		write_json(s);
}

/* The schedules that run come to their end; then the verdict. */
static void interrupted(int sig)
{
	__atomic_store_n(&shared->stop, true, __ATOMIC_RELAXED);
}

/* A terminal interrupts all processes: only the parent listens. */
static void __noreturn job_main(void)
{
	signal(SIGINT, SIG_IGN);
	run_job();
	fflush(NULL);
	_exit(0);
}

int main(int argc, char **argv)
{
	bool live = isatty(1), broken = false;
	unsigned int running, ticks = 0;
	int status;
	pid_t pid;

	options.self = argv[0];
	argp_err_exit_status = 2;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	read_files();
	if (make_directory(options.out)) {
		fprintf(stderr, "explore: %s: %s\n", options.out, strerror(errno));
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &started);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	for (job = 0; job < options.jobs; job++) {
		progress[job] = progress_create();
		progress[job]->position = options.nr_files ? job : options.first + job;
		fflush(NULL);
	}
	if (options.nr_files && (options.strategy == STRATEGY_EXHAUSTIVE ||
				 options.strategy == STRATEGY_DEFAULT))
		options.last = options.nr_files - 1;
	for (job = 0; job < options.jobs; job++) {
		pid = fork();
		if (!pid)
			job_main();
		if (pid < 0) {
			perror("explore: fork");
			return 2;
		}
	}
	signal(SIGINT, interrupted);
	for (running = options.jobs; running; ) {
		pid = waitpid(-1, &status, WNOHANG);
		if (pid > 0) {
			running--;
			broken |= status;
			continue;
		}
		usleep(20000);
		if (!options.quiet && ++ticks % (live ? 25 : 500) == 0)
			print_progress(live);
	}
	if (live && !options.quiet)
		printf("\r\033[K");
	verdict();
	if (broken) {
		fprintf(stderr, "explore: a job did not come to its end\n");
		return 2;
	}
	return shared->failures ? 1 : 0;
}
