/* SPDX-License-Identifier: GPL-2.0-only */
/* What a misspelt name may have been meant to be. */
#ifndef _UTIL_SUGGEST_H
#define _UTIL_SUGGEST_H

#include <stddef.h>

#define SUGGEST_MAX 3			/* names */
#define SUGGEST_TEXT 160		/* a buffer for what suggest() says */

/**
 * suggest - the names near to a word
 * @text: set to "; near: NAME, NAME", or to "" if no name is near
 * @size: of @text; SUGGEST_TEXT is enough for names of up to 40 bytes
 * @word: what was found, @len bytes
 * @name: the i-th of the known names; NULL beyond the last. "" is skipped
 *
 * Near is a third of the word's length in edits (a letter too much, too few, another one, or two
 * that changed places), at least one; or a name that begins as the word does. The nearest come
 * first, at most SUGGEST_MAX.
 *
 * Return: @text.
 */
const char *suggest(char *text, size_t size, const char *word, size_t len,
		    const char *(*name)(unsigned int i));

#endif /* _UTIL_SUGGEST_H */
