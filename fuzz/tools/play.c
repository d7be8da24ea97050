// SPDX-License-Identifier: GPL-2.0-only
/* play: programs on the native machine, free-running. What they expect does not apply either. */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <check/check.h>
#include <fuzz/program/mutant_name.h>
#include <fuzz/run/exec.h>
#include <machine/failure.h>
#include <util/process.h>
#include <util/text.h>
#include "cli.h"
#include "verdict_json.h"
#include "shared_options.h"

#define FILES_MAX 4096

enum { KEY_TIMES = 256, KEY_SEED, KEY_MUTANT, KEY_WATCHDOG };

static const struct argp_option argp_options[] = {
	{ "times", KEY_TIMES, "N", 0, "run each file N times, each in a process of its own (default 1)", 0 },
	{ "seed", KEY_SEED, "X", 0, "seed of noise and migrations; incremented for each run (default 1)",
	  0 },
	{ "watchdog", KEY_WATCHDOG, "S", 0, "report a hang after S seconds without progress (default 20)", 0 },
	{ "mutant", KEY_MUTANT, "ID", 0, "switch on a known bug or a group of them; repeatable", 0 },
	{ 0 }
};

static struct {
	unsigned long times;
	struct machine_config config;
	const char *files[FILES_MAX];
	unsigned int nr_files;
} options = { .times = 1, .config = { .seed = 1, .watchdog_seconds = 20 } };

/* What was done, and what failed. */
static struct {
	unsigned long runs, programs;
	unsigned int nr;
	struct {
		const char *path;
		u64 seed;
		struct failure failure;
	} *failed;
} done;

static void add_mutant(struct argp_state *state, const char *name)
{
	char why[MUTANT_WHY];

	if (mutant_option(name, why))
		argp_error(state, "--mutant: %s", why);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case KEY_TIMES:
		options.times = cli_number(state, "times", arg, 1, 1000000);
		break;
	case KEY_SEED:
		options.config.seed = cli_seed(state, "seed", arg, 0, ULONG_MAX);
		break;
	case KEY_WATCHDOG:
		options.config.watchdog_seconds = cli_number(state, "watchdog", arg, 1, 3600);
		break;
	case KEY_MUTANT:
		add_mutant(state, arg);
		break;
	case ARGP_KEY_ARG:
		if (options.nr_files == FILES_MAX)
			argp_error(state, "more than %d files", FILES_MAX);
		options.files[options.nr_files++] = arg;
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "a file is expected");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {
	SHARED_OPTION(warn, 0),
	SHARED_OPTION(json, 0),
	SHARED_OPTION(noise, 0),
	{ 0 }
};

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.children = children,
	.args_doc = "FILE.prog...",
	.doc = "Runs the operations and planned failures of programs on pthreads. Schedules and what "
	       "files expect do not apply. Ends with 0 if no check fails, with 1 if one does, with 2 "
	       "for bad input.",
};

/* Waits for it; an interrupt leaves it no time. Return: its status, see waitpid(). */
static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		usleep(1000);
		if (interrupted())
			kill(pid, SIGKILL);
	}
	return status;
}

/* In a process of its own: the machine starts once in each. Return: its exit code; 2: killed. */
static int play_once(const struct program *prog, u64 seed)
{
	struct machine_config config = options.config;
	int status;
	pid_t pid;

	config.seed = seed;
	config.migrate = prog->geometry.nr_cpus > 1;
	failure->valid = false;
	pid = process_fork();
	if (!pid) {
		report_set_sentence(check_sentence);
		program_play(prog, &config);
		_exit(0);
	}
	status = wait_for(pid);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return 2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int play_file(const char *path)
{
	struct program prog;
	unsigned long i;
	int ret = 0;

	if (cli_read(&prog, path))
		return 2;
	for (i = 0; i < options.times && !ret && !interrupted(); i++, done.runs++)
		ret = play_once(&prog, options.config.seed + i);
	program_destroy(&prog);
	if (interrupted() && ret != 1)
		return 2;
	done.programs += ret != 2;
	if (ret == 2) {
		printf("KILLED %s: by another process; out of memory?\n", text_shown(path));
	} else if (ret) {
		done.failed[done.nr].path = path;
		done.failed[done.nr].seed = options.config.seed + i - 1;
		done.failed[done.nr++].failure = *failure;
		printf("FAILS  %s: run %lu, seed %lu\n", text_shown(path), i, options.config.seed + i - 1);
	} else {
		printf("ok     %s: %lu run%s\n", text_shown(path), i, i > 1 ? "s" : "");
	}
	return ret;
}

static int write_json(int status, double seconds)
{
	char reason[64] = "", key[320];
	struct verdict_json v = {
		.engine = "play", .verdict = verdict_word(status), .reason = reason,
		.planned = { .schedules = options.times * options.nr_files, .programs = options.nr_files },
		.done = { done.runs, done.programs, seconds },
	};
	unsigned int i;

	if (done.nr)
		snprintf(reason, sizeof(reason), "%u of %u files fail", done.nr, options.nr_files);
	else if (interrupted())
		snprintf(reason, sizeof(reason), "%s", interrupt_name());
	else if (status)
		snprintf(reason, sizeof(reason), "%lu of %u files were run", done.programs, options.nr_files);
	verdict_json_begin(&v);
	for (i = 0; i < done.nr; i++) {
		const struct failure *f = &done.failed[i].failure;
		struct verdict_finding finding = {
			.check = f->valid ? f->check : "CRASH", .key = key,
			.file = done.failed[i].path, .count = 1, .failure = f,
		};

		snprintf(key, sizeof(key), "%s  %s", finding.check, f->valid ? f->site : "?");
		verdict_json_finding(&v, &finding);
		fprintf(v.file, ", \"seed\": %lu", done.failed[i].seed);
	}
	return verdict_json_end(&v, given.json);
}

int main(int argc, char **argv)
{
	bool incomplete = false;
	struct timespec begin, end;
	unsigned int i;
	int ret;

	cli_parse(&argp, argc, argv);
	options.config.noise = given.noise;
	interrupt_catch();
	failure_share();
	done.failed = calloc(options.nr_files, sizeof(*done.failed));
	if (!done.failed)
		abort();
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (i = 0; i < options.nr_files && !interrupted(); i++) {
		incomplete |= play_file(options.files[i]) == 2;
	}
	if (interrupted())
		printf("play: INCOMPLETE: %s in file %u of %u\n", interrupt_name(), i,
		       options.nr_files);
	clock_gettime(CLOCK_MONOTONIC, &end);
	ret = done.nr ? 1 : incomplete || interrupted() ? 2 : 0;
	if (given.json && write_json(ret, end.tv_sec - begin.tv_sec +
				       (end.tv_nsec - begin.tv_nsec) / 1e9) && !ret)
		ret = 2;
	return cli_finish("play", ret);
}
