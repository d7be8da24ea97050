// SPDX-License-Identifier: GPL-2.0-only
/* What the command lines of all engines share. */
#include <util/text.h>
#include "cli.h"

void cli_print_error(FILE *out, const char *path, const struct program_error *err)
{
	if (err->line)
		fprintf(out, "%s:%u:%u: %s\n", text_shown(path), err->line, err->column, err->text);
	else
		fprintf(out, "%s: %s\n", text_shown(path), err->text);
}

int cli_read(struct program *prog, const char *path)
{
	struct program_error err;

	if (!program_read(prog, path, &err))
		return 0;
	cli_print_error(stderr, path, &err);
	return -1;
}
