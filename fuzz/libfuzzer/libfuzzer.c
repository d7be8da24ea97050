// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one place that libFuzzer calls into, but for mutations: options, inputs, and how a failure
 * becomes one of libFuzzer's. Built without instrumentation.
 *
 * A failed check or a sanitizer's report prints its block, writes a program that replay understands,
 * and then calls what libFuzzer wanted the sanitizer to call, which saves the input.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fuzz/run/engine.h>
#include <fuzz/run/watch.h>
#include <kernel/bug.h>
#include <kernel/mutant.h>
#include <machine/tsan.h>
#include <util/durable.h>
#include <util/text.h>
#include "target.h"

#define EXIT_CRASH 77			/* as libFuzzer's own */

#ifdef NATIVE_TSAN
#define REPLAY "out/tsan/replay"
#else
#define REPLAY "out/asan/replay"
#endif

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
void report_init(void);
void __wrap___sanitizer_set_death_callback(void (*fn)(void));
void __real___sanitizer_set_death_callback(void (*fn)(void));

static char mutant[PROGRAM_MUTANT_MAX];
static char replay[4200] = REPLAY;
static char prefix[4096], exact_path[4096];	/* of artifacts */
static bool in_input, files_only;
static void (*libfuzzer_death)(void);

const char *fuzz_mutant(void)
{
	return mutant;
}

int fuzz_mutants_set(const struct program *prog)
{
	static char on[PROGRAM_MUTANT_MAX];

	if (!strcmp(on, prog->mutant))
		return 0;
	mutants_reset();
	if (mutant[0])
		mutant_enable(mutant);
	snprintf(on, sizeof(on), "%s", prog->mutant);
	return on[0] ? engine_mutant(on) : 0;
}

/* --- failures ----------------------------------------------------------------------------- */

static const char *lost_check;		/* of a hang that another thread reports */

static const char *check(void)
{
	return lost_check ? : report_check();
}

static void finding_print(FILE *out)
{
	char stem[4200], path[4300];
	const char *text;
	size_t len;
	int err;

	snprintf(stem, sizeof(stem), "%s%s-%08x", prefix, check(),
		 (unsigned int)sim_trace_hash());
	/* as libFuzzer, which saves nothing that it was given as a file */
	text = files_only ? NULL : finding_text_as(check(), &len);
	if (!text) {
		report_json_found(check(), NULL);
		return;
	}
	err = durable_keep(path, sizeof(path), stem, "prog", text, len);
	if (err) {
		durable_print(fuzz_target.name, path, err, text, len);
		report_json_found(check(), NULL);
	} else {
		report_json_found(check(), path);
		fprintf(out, "saved %s\nagain ", text_shown(path));
		text_print_shell(out, replay);
		fputc(' ', out);
		text_print_shell(out, path);
		fputc('\n', out);
	}
}

/* Linked with --wrap: libFuzzer's callback is the first, the machine's takes its place. */
void __wrap___sanitizer_set_death_callback(void (*fn)(void))
{
	if (!libfuzzer_death)
		libfuzzer_death = fn;
	__real___sanitizer_set_death_callback(fn);
}

/* While it mutates, libFuzzer has no input that it could save: the program that ran is. */
static void artifact_save(void)
{
	char stem[4200], path[4300];
	const char *text;
	size_t len;
	int err;

	text = finding_text_as(check(), &len);
	if (!text)
		return;
	snprintf(stem, sizeof(stem), "%scrash-%016lx", prefix, sim_trace_hash());
	snprintf(path, sizeof(path), "%s", exact_path);
	err = exact_path[0] ? durable_write(path, text, len) :
			      durable_keep(path, sizeof(path), stem, "", text, len);
	if (err)
		durable_print(fuzz_target.name, path, err, text, len);
	else
		fprintf(stderr, "artifact_prefix='%s'; Test unit written to %s\n", text_shown(prefix),
			text_shown(path));
}

/* As _exit(), where TSan would complain that this thread ignores accesses, or is in one of its reports. */
static __attribute__((noreturn)) void leave(void)
{
	report_json_end(1, "");
	syscall(SYS_exit_group, EXIT_CRASH);
	__builtin_unreachable();
}

/* What libFuzzer does as it dies frees memory, and so does a look for the seed that failed: see sanitizer_death(). */
static bool may_free(void)
{
#ifdef NATIVE_TSAN
	return strcmp(check(), "UAF");
#else
	return true;
#endif
}

static void end(void)
{
	if (!in_input || !may_free())
		artifact_save();
	else if (libfuzzer_death)
		libfuzzer_death();
	if (in_input && may_free())
		seeds_failed();
	leave();
}

void fuzz_hangs_silently(void)
{
	/* what the other thread is in the middle of is looked at all the same */
	tsan_ignore_begin();
	fprintf(stderr, "\nFAIL  HANG  ?\n      no scheduling point for %g s; where is not known\n",
		watch_seconds());
	lost_check = "HANG";
	finding_print(stderr);
	artifact_save();
	if (in_input)
		seeds_failed();
	leave();
}

/* --- libFuzzer's side --------------------------------------------------------------------- */

static bool given(int argc, char **argv, const char *option)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strncmp(argv[i], option, strlen(option)))
			return true;
	return false;
}

/* It ends by itself: the runs or the time are over. A seed that failed is not forgotten. */
static void finish(void)
{
	const struct fuzz_state *state = fuzz_state;

	if (state->executions && state->points) {
		fprintf(stderr, "stat::mean_scheduling_points: %lu\n", state->points / state->executions);
		fprintf(stderr, "stat::schedules: %lu\n", state->executions + state->others);
	}
	if (state->nr_left_out)
		fprintf(stderr, "%s: seeds that fail: %u\n", fuzz_target.name, state->nr_left_out);
	report_json_end(state->nr_left_out ? 1 : state->executions ? 0 : 2,
			state->executions || state->nr_left_out ? "" : "0 executions");
	if (state->nr_left_out)
		_exit(EXIT_CRASH);
}

/* What suits programs better than libFuzzer's defaults. */
static void default_options(int *argc, char ***argv)
{
	static const char *const defaults[] = {
		"-max_len=", "16384",		/* a program and its schedule as text */
		"-mutate_depth=", "8",		/* a new program is worth some schedules */
		"-detect_leaks=", "0",		/* the core has its own accounting */
		"-timeout=", "60",
	};
	static char texts[ARRAY_SIZE(defaults)][32];
	char **args = calloc(*argc + ARRAY_SIZE(defaults) + 1, sizeof(*args));
	unsigned int i;
	int n;

	if (!args)
		abort();
	args[0] = (*argv)[0];
	for (n = 1, i = 0; i < ARRAY_SIZE(defaults); i += 2) {
		if (given(*argc, *argv, defaults[i]))
			continue;
		snprintf(texts[i], sizeof(texts[i]), "%s%s", defaults[i], defaults[i + 1]);
		args[n++] = texts[i];
	}
	memcpy(args + n, *argv + 1, (*argc - 1) * sizeof(*args));
	*argc += n - 1;
	*argv = args;
}

/* -option=value. Return: was it this one? */
static bool option_value(const char *arg, const char *option, char *value, size_t size)
{
	if (strncmp(arg, option, strlen(option)))
		return false;
	snprintf(value, size, "%s", arg + strlen(option));
	return true;
}

/* -max_total_time counts from the first start. */
static void time_left(int argc, char **argv)
{
	static char text[40];
	int i;

	for (i = 1; i < argc; i++) {
		long seconds = strncmp(argv[i], "-max_total_time=", 16) ? 0 : atol(argv[i] + 16);

		if (seconds <= 0)
			continue;
		seconds -= (long)fuzz_elapsed();
		snprintf(text, sizeof(text), "-max_total_time=%ld", seconds > 0 ? seconds : 1);
		argv[i] = text;
	}
}

static bool all_are_files(int argc, char **argv)
{
	unsigned int files = 0;
	struct stat st;
	int i;

	for (i = 1; i < argc; i++) {
		if (argv[i][0] == '-')
			continue;
		if (stat(argv[i], &st) || !S_ISREG(st.st_mode))
			return false;
		files++;
	}
	return files;
}

static void weak_begin(void)
{
	const char *value = getenv("SWAPHAMMER_WEAK");

	if (!value || !strcmp(value, "0"))
		return;
	if (strcmp(value, "1")) {
		fprintf(stderr, "%s: SWAPHAMMER_WEAK: 0 or 1 is expected, not '%s'\n", fuzz_target.name,
			text_shown(value));
		exit(2);
	}
	sim_set_weak(true);
	fprintf(stderr, "INFO: weak memory\n");
}

/* replay is built without libFuzzer: of DIR/fuzz-VARIANT/TARGET it is DIR/VARIANT/replay. */
static void find_replay(const char *self)
{
	static const char fuzz[] = "fuzz-";
	const char *slash = strrchr(self, '/'), *variant = slash;

	while (variant && variant > self && variant[-1] != '/')
		variant--;
	if (variant && !strncmp(variant, fuzz, sizeof(fuzz) - 1))
		snprintf(replay, sizeof(replay), "%.*s%.*s/replay", (int)(variant - self), self,
			 (int)(slash - variant - (sizeof(fuzz) - 1)), variant + sizeof(fuzz) - 1);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("SWAPHAMMER_MUTANT");
	bool again;
	int i;

	again = fuzz_state_begin(*argv);
	mutant_reached = &fuzz_state->mutant_reached;
	libfuzzer_options_check(*argc, *argv);
	if (name) {
		if (engine_mutant(name))
			exit(2);
		snprintf(mutant, sizeof(mutant), "%s", name);
		fprintf(stderr, "INFO: mutant %s is on\n", mutant);
	}
	weak_begin();
	report_json_begin(!again, *argc, *argv);
	find_replay((*argv)[0]);
	files_only = all_are_files(*argc, *argv);
	for (i = 1; i < *argc; i++)
		if (!option_value((*argv)[i], "-artifact_prefix=", prefix, sizeof(prefix)))
			option_value((*argv)[i], "-exact_artifact_path=", exact_path,
				     sizeof(exact_path));
	default_options(argc, argv);
	if (again)
		time_left(*argc, *argv);
	atexit(finish);
	fuzz_watch_begin(*argc, *argv);
	if (!files_only && !fuzz_has_relatives())
		seeds_begin();
	report_add_hook(finding_print);
	report_set_end(end);
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	int ret;

	/* a target without a machine reports, too */
	report_init();
	if (!seeds_take(data, size))
		return -1;
	in_input = true;
	ret = fuzz_target.run((const char *)data, size);
	in_input = false;
	seeds_passed();
	fuzz_state->executions++;
	fuzz_state->points += sim_points();
	return ret;
}

void fuzz_count_schedule(void)
{
	if (!in_input)
		fuzz_state->others++;
}
