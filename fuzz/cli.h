/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _FUZZ_CLI_H
#define _FUZZ_CLI_H

#include <argp.h>
#include "program.h"

/* The number that option --@what takes; ends the process with a message if @arg is none. */
unsigned long cli_number(struct argp_state *state, const char *what, const char *arg,
			 unsigned long min, unsigned long max);
/* Return: 0; -1 after a message that says where in the file what was expected. */
int cli_read(struct program *prog, const char *path);

#endif /* _FUZZ_CLI_H */
