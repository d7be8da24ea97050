// SPDX-License-Identifier: GPL-2.0-only
/* What the command lines of all engines share. */
#include <util/text.h>
#include "cli.h"

int cli_read(struct program *prog, const char *path)
{
	struct program_error err;

	if (!program_read(prog, path, &err))
		return 0;
	if (err.line)
		fprintf(stderr, "%s:%u:%u: %s\n", text_shown(path), err.line, err.column, err.text);
	else
		fprintf(stderr, "%s: %s\n", text_shown(path), err.text);
	return -1;
}
