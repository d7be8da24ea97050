/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _FUZZ_TOOLS_WARN_OPTION_H
#define _FUZZ_TOOLS_WARN_OPTION_H

#include <argp.h>
#include <stdio.h>

/* --warn=fail|go, of all programs that run the core: see machine/warn.h. */
extern const struct argp_child warn_option[];
/* As it was given, with a leading space; nothing if it is the default. */
void warn_option_print(FILE *out);

#endif /* _FUZZ_TOOLS_WARN_OPTION_H */
