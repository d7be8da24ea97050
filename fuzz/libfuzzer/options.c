// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer's command line: it only warns about an option that it does not know, takes a number
 * that is none for 0, and waits for a FIFO. Built without instrumentation.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <kernel/bug.h>
#include <util/cli.h>
#include <util/durable.h>
#include <util/suggest.h>
#include <util/text.h>
#include "target.h"

/* All of LLVM 19 that do something; those of its own processes (-fork, -merge) come last. */
static const char *const numbers[] = {
	"verbosity", "seed", "runs", "max_len", "len_control", "keep_seed", "cross_over",
	"cross_over_uniform_dist", "mutate_depth", "reduce_depth", "shuffle", "prefer_small",
	"timeout", "error_exitcode", "timeout_exitcode", "max_total_time", "help", "fork",
	"fork_corpus_groups", "ignore_timeouts", "ignore_ooms", "ignore_crashes", "merge",
	"set_cover_merge", "minimize_crash", "cleanse_crash", "use_counters", "use_memmem",
	"use_value_profile", "use_cmp", "shrink", "reduce_inputs", "jobs", "workers", "reload",
	"report_slow_units", "only_ascii", "print_pcs", "print_funcs", "print_final_stats",
	"print_corpus_stats", "print_coverage", "print_full_coverage", "dump_coverage",
	"handle_segv", "handle_bus", "handle_abrt", "handle_ill", "handle_fpe", "handle_int",
	"handle_term", "handle_xfsz", "handle_usr1", "handle_usr2", "handle_winexcept",
	"close_fd_mask", "detect_leaks", "purge_allocator_interval", "trace_malloc",
	"rss_limit_mb", "malloc_limit_mb", "ignore_remaining_args", "entropic",
	"entropic_feature_frequency_threshold", "entropic_number_of_rarest_features",
	"entropic_scale_per_exec_time", "analyze_dict", "use_clang_coverage",
	"create_missing_dirs", "minimize_crash_internal_step", "merge_inner",
};

static const char *const texts[] = {
	"seed_inputs", "stop_file", "merge_control_file", "mutation_graph_file", "dict",
	"artifact_prefix", "exact_artifact_path", "exit_on_src_pos", "exit_on_item",
	"focus_function", "data_flow_trace", "collect_data_flow", "features_dir",
};

static const char *name_at(unsigned int i)
{
	if (i < ARRAY_SIZE(numbers))
		return numbers[i];
	i -= ARRAY_SIZE(numbers);
	return i < ARRAY_SIZE(texts) ? texts[i] : NULL;
}

static bool is_one_of(const char *name, size_t len, const char *const *names, unsigned int nr)
{
	while (nr--)
		if (strlen(names[nr]) == len && !memcmp(names[nr], name, len))
			return true;
	return false;
}

static void __noreturn refuse(const char *arg, const char *why, const char *more)
{
	fprintf(stderr, "%s: '%s'%s%s\n", fuzz_target.name, text_shown(arg), why, more);
	exit(2);
}

static void check_option(const char *arg)
{
	const char *name = arg + 1, *value = strchr(arg, '='), *digits;
	size_t len = strcspn(name, "=");
	char near[SUGGEST_TEXT], range[64];
	unsigned long n;

	if (!is_one_of(name, len, numbers, ARRAY_SIZE(numbers)) &&
	    !is_one_of(name, len, texts, ARRAY_SIZE(texts)))
		refuse(arg, ": libFuzzer has no such option",
		       suggest(near, sizeof(near), name, len, name_at));
	if (!value)
		refuse(arg, ": -OPTION=VALUE is expected", "");
	if (is_one_of(name, len, texts, ARRAY_SIZE(texts)))
		return;
	digits = ++value;
	/* of some, -1 is "no limit" */
	if (!strcmp(value, "-1") && strncmp(arg, "-seed=", 6))
		return;
	snprintf(range, sizeof(range), "%s to %lu is expected",
		 strncmp(arg, "-seed=", 6) ? "-1" : "0", strncmp(arg, "-seed=", 6) ? INT_MAX + 0UL :
		 UINT_MAX + 0UL);
	if (!cli_parse_number(digits, 0, strncmp(arg, "-seed=", 6) ? INT_MAX : UINT_MAX, false, &n))
		refuse(arg, ": a number from ", range);
}

/* An input: a file or a directory, which is there. */
static void check_input(const char *path, bool may_be_missing)
{
	struct stat st;

	if (stat(path, &st)) {
		if (errno != ENOENT || !may_be_missing)
			refuse(path, ": ", strerror(errno));
	} else if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
		refuse(path, ": neither a regular file nor a directory", "");
	}
}

/* Where what is found would go. */
static void check_output(const char *arg, const char *value, const char *suffix)
{
	char path[PATH_MAX];
	const char *why;

	if (!*value)
		return;
	if (snprintf(path, sizeof(path), "%s%s", value, suffix) >= (int)sizeof(path))
		refuse(arg, ": ", strerror(ENAMETOOLONG));
	why = durable_check(path);
	if (why)
		refuse(arg, ": ", why);
}

void libfuzzer_options_check(int argc, char **argv)
{
	bool may_be_missing = false;
	int i;

	for (i = 1; i < argc; i++)
		may_be_missing |= !strcmp(argv[i], "-create_missing_dirs=1");
	for (i = 1; i < argc; i++) {
		if (argv[i][0] != '-') {
			check_input(argv[i], may_be_missing);
			continue;
		}
		check_option(argv[i]);
		if (!strcmp(argv[i], "-ignore_remaining_args=1"))
			return;
		if (!strncmp(argv[i], "-artifact_prefix=", 17))
			check_output(argv[i], argv[i] + 17, ".probe");
		if (!strncmp(argv[i], "-exact_artifact_path=", 21))
			check_output(argv[i], argv[i] + 21, "");
	}
}
