/* SPDX-License-Identifier: GPL-2.0-only */
/* Suggestions for a misspelt name. */
#ifndef _UTIL_SUGGEST_H
#define _UTIL_SUGGEST_H

#include <stddef.h>

#define SUGGEST_MAX 3			/* names */
#define SUGGEST_TEXT 160		/* size of a buffer for suggest() */

/**
 * suggest - the names near to a word
 * @text: set to "; near: NAME, NAME", or to "" if no name is near
 * @size: of @text; SUGGEST_TEXT is enough for names of up to 40 bytes
 * @word: the misspelt name, @len bytes
 * @name: the i-th of the known names; NULL beyond the last. "" is skipped
 *
 * A name is near if it differs by at most a third of the word's length in edits (an added, missing or
 * wrong letter, or two swapped ones), at least one edit, or if one of the two begins with the other.
 * The nearest names come first, at most SUGGEST_MAX.
 *
 * Return: @text.
 */
const char *suggest(char *text, size_t size, const char *word, size_t len,
		    const char *(*name)(unsigned int i));

#endif /* _UTIL_SUGGEST_H */
