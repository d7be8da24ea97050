// SPDX-License-Identifier: GPL-2.0-only
/* Apart from shared_options.c, which native programs have without the watch. */
#include <fuzz/run/watch.h>
#include <util/cli.h>
#include "shared_options.h"

#define KEY_HANG_AFTER 0x7702

static const struct argp_option argp_options[] = {
	{ "hang-after", KEY_HANG_AFTER, "S", 0,
	  "report a hang after S seconds without a scheduling point (default 10; with sanitizers 30)", 0 },
	{ 0 }
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	if (key != KEY_HANG_AFTER)
		return ARGP_ERR_UNKNOWN;
	watch_set_seconds(cli_seconds(state, "hang-after", arg));
	return 0;
}

const struct argp hang_after_option = { .options = argp_options, .parser = parse_option };
