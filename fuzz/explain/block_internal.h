/* SPDX-License-Identifier: GPL-2.0-only */
/* Internal to the failure block. */
#ifndef _FUZZ_EXPLAIN_BLOCK_INTERNAL_H
#define _FUZZ_EXPLAIN_BLOCK_INTERNAL_H

#include "block.h"

/* block_report.c */
/* Prints a text below the check's id, at most DIAGRAM_WIDTH wide. */
void block_paragraph(FILE *out, const char *text);
/* The same, with the machine's numbers replaced by the program's names. */
void block_values(FILE *out, const char *text, const struct timeline *tl);
/* Prints a line of a part: indented, without trailing spaces. */
void block_line(FILE *out, const char *line, size_t len);
/* Prints a sanitizer's report, from @text up to @end. */
void block_sanitizer(FILE *out, const char *text, const char *end);
/* From ThreadSanitizer's report of a race: the locks that the two tasks held. */
void block_race(FILE *out, const char *text, const struct timeline *tl);
/* The same, for a diagram. */
struct race race_find(const char *text);
/* The stack in a report of a check that has one: CRASH, HANG. */
void block_stack(FILE *out, const char *text);

#endif /* _FUZZ_EXPLAIN_BLOCK_INTERNAL_H */
