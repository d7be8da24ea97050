/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts from outside (arguments, file names, programs), made safe to print. */
#ifndef _UTIL_TEXT_H
#define _UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define TEXT_SHOWN_MAX 1024
#define TEXT_MEMORY_MAX (128UL << 20)	/* bytes; as the longest program that is read */

/**
 * text_shown - escape a text for a message, so that it cannot control a terminal
 * @text: any bytes
 *
 * Control characters, including those of Unicode (C1), and bytes that are not UTF-8 become \xNN, a
 * newline becomes \n. A text longer than TEXT_SHOWN_MAX bytes is cut, and ends with "...".
 *
 * Context: one thread. Return: one of eight static buffers: valid until the eighth call from here.
 */
const char *text_shown(const char *text);
/* The same of @len bytes. */
const char *text_shown_n(const char *text, size_t len);

/* A word of a shell's command line: as it is, or quoted if a shell would change it. */
void text_print_shell(FILE *out, const char *text);

/* A JSON string, with its quotes. Bytes that are not UTF-8 become U+FFFD. */
void text_print_json(FILE *out, const char *text);

/*
 * A file in memory for what a failing process says last: TSan reports a use after free with a lock held that free() and
 * realloc() take, as fclose() of a file of open_memstream() would. It is never closed; static, one a user.
 */
struct text_memory {
	FILE *file;
	char *text;
	size_t len;		/* since text_memory_end() */
};

/* Return: an empty file; NULL: no memory. */
FILE *text_memory_begin(struct text_memory *m);
/* Return: is all that was written in @m's text? */
bool text_memory_end(struct text_memory *m);

#endif /* _UTIL_TEXT_H */
