// SPDX-License-Identifier: GPL-2.0-only
/* What the command lines of all engines share. */
#include <errno.h>
#include <stdlib.h>

#include "cli.h"

unsigned long cli_number(struct argp_state *state, const char *what, const char *arg,
			 unsigned long min, unsigned long max)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(arg, &end, 10);
	if (errno || end == arg || *end || *arg == '-' || n < min || n > max)
		argp_error(state, "--%s: a number from %lu to %lu is expected, not '%s'", what, min,
			   max, arg);
	return n;
}

int cli_read(struct program *prog, const char *path)
{
	struct program_error err;

	if (!program_read(prog, path, &err))
		return 0;
	if (err.line)
		fprintf(stderr, "%s:%u:%u: %s\n", path, err.line, err.column, err.text);
	else
		fprintf(stderr, "%s: %s\n", path, err.text);
	return -1;
}
