/* SPDX-License-Identifier: GPL-2.0-only */
/* Sanitizers' reports as checks: a program can expect them like any other check. */
#ifndef _MACHINE_SANITIZER_H
#define _MACHINE_SANITIZER_H

/**
 * sanitizer_check - the check that a sanitizer's report belongs to
 * @site: set to "FILE:LINE in FUNCTION", as the report's summary has it
 * @kind: set to the sanitizer and its name for the report
 *
 * Context: a sanitizer's death callback. Return: the check's id.
 */
const char *sanitizer_check(const char **site, const char **kind);

/* The sanitizer's part of @summary, a "SUMMARY: ..." line, as a check's id. */
const char *sanitizer_classify(const char *summary);

#endif /* _MACHINE_SANITIZER_H */
