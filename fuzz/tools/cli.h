/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _FUZZ_TOOLS_CLI_H
#define _FUZZ_TOOLS_CLI_H

#include <fuzz/program/program.h>
#include <util/cli.h>

/* Return: 0; -1 after a message that says where in the file what was expected. */
int cli_read(struct program *prog, const char *path);
/* That message: why program_read() did not take a file. */
void cli_print_error(FILE *out, const char *path, const struct program_error *err);

#endif /* _FUZZ_TOOLS_CLI_H */
