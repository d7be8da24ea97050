/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts from outside (arguments, file names, programs) as they may be shown. */
#ifndef _UTIL_TEXT_H
#define _UTIL_TEXT_H

#include <stddef.h>
#include <stdio.h>

#define TEXT_SHOWN_MAX 1024

/**
 * text_shown - a text for a message: what a terminal would obey is escaped
 * @text: any bytes
 *
 * Control characters, those of Unicode (C1) included, and bytes that are no UTF-8 become \xNN,
 * a newline \n. What is longer than TEXT_SHOWN_MAX bytes is cut, and ends with "...".
 *
 * Context: one thread. Return: one of eight static buffers: valid until the eighth call from here.
 */
const char *text_shown(const char *text);
/* The same of @len bytes. */
const char *text_shown_n(const char *text, size_t len);

/* A word of a shell's command line: as it is, or quoted where a shell would read it otherwise. */
void text_print_shell(FILE *out, const char *text);

/* A string of JSON, with its quotes. Bytes that are no UTF-8 become U+FFFD. */
void text_print_json(FILE *out, const char *text);

#endif /* _UTIL_TEXT_H */
