// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <machine/warn.h>
#include "warn_option.h"

#define KEY_WARN 0x7701

static const struct argp_option argp_options[] = {
	{ "warn", KEY_WARN, "fail|go", 0,
	  "what a WARN does: it is a failure (default), or the run goes on, as on a kernel without "
	  "panic_on_warn, and shows what follows", 0 },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	if (key != KEY_WARN)
		return ARGP_ERR_UNKNOWN;
	if (strcmp(arg, "fail") && strcmp(arg, "go"))
		argp_error(state, "--warn takes fail or go, not '%s'", arg);
	warn_set_go(!strcmp(arg, "go"));
	return 0;
}

static const struct argp argp = { .options = argp_options, .parser = parse_option };

const struct argp_child warn_option[] = { { &argp, 0, NULL, 0 }, { 0 } };

void warn_option_print(FILE *out)
{
	if (warn_goes_on())
		fputs(" --warn=go", out);
}
