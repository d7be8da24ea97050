// SPDX-License-Identifier: GPL-2.0-only
/* Names near to a word, by edit distance. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "suggest.h"

#define WORD_MAX 64			/* what is longer is no misspelt name */
#define FAR WORD_MAX

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Of Damerau and Levenshtein; no letter is edited twice ("optimal string alignment"). */
static unsigned int distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned int rows[3][WORD_MAX + 1], *before = rows[0], *last = rows[1], *row = rows[2], *turn;
	size_t i, j;

	for (j = 0; j <= m; j++)
		last[j] = j;
	for (i = 1; i <= n; i++) {
		row[0] = i;
		for (j = 1; j <= m; j++) {
			row[j] = least(least(last[j], row[j - 1]) + 1,
				       last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		turn = before;
		before = last;
		last = row;
		row = turn;
	}
	return last[m];
}

static unsigned int how_far(const char *word, size_t len, const char *name)
{
	size_t n = strlen(name), most = len / 3 ? : 1;
	unsigned int d;

	if (!n || n > WORD_MAX)
		return FAR;
	d = distance(word, len, name, n);
	/* what it is already is no misspelling: it is in the wrong place */
	if (!d)
		return FAR;
	if (d <= most)
		return d;
	/* the beginning of a name, or a name with something behind it */
	if (len >= 2 && n > len && !memcmp(word, name, len))
		return most + 1;
	if (n >= 3 && len > n && !memcmp(word, name, n))
		return most + 2;
	return FAR;
}

const char *suggest(char *text, size_t size, const char *word, size_t len,
		    const char *(*name)(unsigned int i))
{
	unsigned int far[SUGGEST_MAX], nr = 0, i, j, d;
	const char *near[SUGGEST_MAX];
	int n = 0;

	*text = 0;
	if (!len || len > WORD_MAX)
		return text;
	for (i = 0; name(i); i++) {
		d = how_far(word, len, name(i));
		for (j = nr; j && far[j - 1] > d; j--)
			if (j < SUGGEST_MAX) {
				far[j] = far[j - 1];
				near[j] = near[j - 1];
			}
		if (d == FAR || j == SUGGEST_MAX)
			continue;
		far[j] = d;
		near[j] = name(i);
		nr += nr < SUGGEST_MAX;
	}
	for (i = 0; i < nr && n >= 0 && (size_t)n < size; i++)
		n += snprintf(text + n, size - n, "%s%s", i ? ", " : "; near: ", near[i]);
	return text;
}
