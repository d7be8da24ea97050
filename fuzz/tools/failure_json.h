/* SPDX-License-Identifier: GPL-2.0-only */
/* A failure's record as JSON. */
#ifndef _FUZZ_TOOLS_FAILURE_JSON_H
#define _FUZZ_TOOLS_FAILURE_JSON_H

#include <machine/failure.h>

/* As fuzz/tools/failure.schema.json says. Context: the record is complete. */
void failure_print_json(FILE *out, const struct failure *f);

#endif /* _FUZZ_TOOLS_FAILURE_JSON_H */
