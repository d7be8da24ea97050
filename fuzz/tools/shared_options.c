// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <machine/warn.h>
#include <util/cli.h>
#include <util/text.h>
#include "shared_options.h"

#define KEY 0x7701			/* each option is the only one of its argp */

struct shared_options given = { .jobs = 1, .noise = 20 };

/* An option, and @parse, a statement that takes arg. */
#define OPTION(name, long_name, value, text, parse)				\
static error_t parse_##name(int key, char *arg, struct argp_state *state)	\
{										\
	if (key != KEY)								\
		return ARGP_ERR_UNKNOWN;					\
	parse;									\
	return 0;								\
}										\
const struct argp name##_option = {						\
	.options = (const struct argp_option[]) {				\
		{ long_name, KEY, value, 0, text, 0 }, { 0 }			\
	},									\
	.parser = parse_##name,							\
}

static void set_warn(struct argp_state *state, const char *arg)
{
	if (strcmp(arg, "fail") && strcmp(arg, "go"))
		argp_error(state, "--warn takes fail or go, not '%s'", text_shown(arg));
	warn_set_go(!strcmp(arg, "go"));
}

static void set_json(struct argp_state *state, const char *arg)
{
	given.json = arg;
	cli_verdict(state, "--json", arg);
}

OPTION(warn, "warn", "fail|go",
       "what a WARN does: it is a failure (default), or the run goes on, as on a kernel without "
       "panic_on_warn, and shows what follows",
       set_warn(state, arg));
OPTION(json, "json", "FILE", "write the verdict to FILE as JSON as well", set_json(state, arg));
OPTION(jobs, "jobs", "N", "processes, 1..64 (default 1)",
       given.jobs = cli_number(state, "jobs", arg, 1, JOBS_MAX));
OPTION(noise, "noise", "N", "amount of delays, yields and migrations, 0..100 (default 20)",
       given.noise = cli_number(state, "noise", arg, 0, 100));

void warn_option_print(FILE *out)
{
	if (warn_goes_on())
		fputs(" --warn=go", out);
}
