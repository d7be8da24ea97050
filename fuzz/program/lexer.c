// SPDX-License-Identifier: GPL-2.0-only
/* Programs from text: tokens, numbers, and where something else was expected. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parse.h"

bool lex_fail(struct parser *p, unsigned int column, const char *fmt, ...)
{
	va_list args;

	if (p->failed)
		return false;
	p->failed = true;
	p->err->line = p->word_line;
	p->err->column = column;
	va_start(args, fmt);
	vsnprintf(p->err->text, sizeof(p->err->text), fmt, args);
	va_end(args);
	return false;
}

bool lex_expected(struct parser *p, const char *what)
{
	switch (p->type) {
	case TOK_END:
		return lex_fail(p, p->word_column, "expected %s, found the end of the file", what);
	case TOK_NEWLINE:
		return lex_fail(p, p->word_column, "expected %s, found the end of the line", what);
	case TOK_BAD:
		return lex_fail(p, p->word_column, "expected %s, found byte 0x%02x", what,
				(unsigned char)*p->word);
	default:
		return lex_fail(p, p->word_column, "expected %s, found '%.*s'", what,
				(int)(p->word_len < SHOWN ? p->word_len : SHOWN), p->word);
	}
}

bool lex_unknown(struct parser *p, const char *what, size_t len, const char *(*name)(unsigned int i))
{
	char near[SUGGEST_TEXT];
	size_t n;

	if (p->failed || p->type != TOK_WORD)
		return lex_expected(p, what);
	lex_expected(p, what);
	n = strlen(p->err->text);
	snprintf(p->err->text + n, sizeof(p->err->text) - n, "%s",
		 suggest(near, sizeof(near), p->word, len < p->word_len ? len : p->word_len, name));
	return false;
}

/* --- tokens ------------------------------------------------------------------------------- */

static bool is_word_char(char c)
{
	return c > ' ' && c < 0x7f && c != '{' && c != '}' && c != ';';
}

static void step(struct parser *p)
{
	if (p->text[p->pos++] == '\n') {
		p->line++;
		p->column = 1;
	} else {
		p->column++;
	}
}

void lex_next(struct parser *p)
{
	char c;

	while (p->pos < p->len && (p->text[p->pos] == ' ' || p->text[p->pos] == '\t' ||
				   p->text[p->pos] == '\r'))
		step(p);
	/* a comment begins where a word would */
	if (p->pos < p->len && p->text[p->pos] == '#')
		while (p->pos < p->len && p->text[p->pos] != '\n')
			step(p);
	p->word = p->text + p->pos;
	p->word_len = 0;
	p->word_line = p->line;
	p->word_column = p->column;
	if (p->pos == p->len) {
		p->type = TOK_END;
		return;
	}
	c = p->text[p->pos];
	if (is_word_char(c)) {
		p->type = TOK_WORD;
		while (p->pos < p->len && is_word_char(p->text[p->pos]))
			step(p);
		p->word_len = p->text + p->pos - p->word;
		return;
	}
	p->type = c == '{' ? TOK_OPEN : c == '}' ? TOK_CLOSE : c == ';' ? TOK_SEMICOLON :
		  c == '\n' ? TOK_NEWLINE : TOK_BAD;
	p->word_len = 1;
	step(p);
}

bool lex_is(struct parser *p, const char *word)
{
	/* most differ in their first byte */
	return p->type == TOK_WORD && *word == *p->word && strlen(word) == p->word_len &&
	       !memcmp(p->word, word, p->word_len);
}

bool lex_take(struct parser *p, const char *word)
{
	if (!lex_is(p, word))
		return false;
	lex_next(p);
	return true;
}

void lex_skip_newlines(struct parser *p)
{
	while (p->type == TOK_NEWLINE)
		lex_next(p);
}

bool lex_end_of_line(struct parser *p)
{
	if (p->type != TOK_NEWLINE && p->type != TOK_END)
		return lex_expected(p, "the end of the line");
	lex_skip_newlines(p);
	return true;
}

/* --- parts of words ----------------------------------------------------------------------- */

bool lex_number(struct parser *p, const char *at, size_t len, const char *what, unsigned long min,
		unsigned long max, unsigned long *value)
{
	unsigned long n = 0;
	size_t i;

	for (i = 0; i < len && at[i] >= '0' && at[i] <= '9' && n <= max; i++)
		n = n * 10 + (at[i] - '0');
	if (!len || i < len || n < min || n > max || (len > 1 && at[0] == '0'))
		return lex_fail(p, p->word_column + (at - p->word),
				"expected %s, %lu to %lu, found '%.*s'", what, min, max,
				(int)(len < SHOWN ? len : SHOWN), at);
	*value = n;
	return true;
}

bool lex_prefixed(struct parser *p, const char *prefix, const char *what, unsigned long min,
		  unsigned long max, unsigned long *value)
{
	size_t len = strlen(prefix);

	if (p->type != TOK_WORD || p->word_len <= len || memcmp(p->word, prefix, len))
		return lex_expected(p, what);
	if (!lex_number(p, p->word + len, p->word_len - len, what, min, max, value))
		return false;
	lex_next(p);
	return true;
}

bool lex_key(struct parser *p, const char *key, const char **value, size_t *len)
{
	size_t n = strlen(key);

	if (p->type != TOK_WORD || p->word_len <= n || memcmp(p->word, key, n) ||
	    p->word[n] != '=')
		return false;
	*value = p->word + n + 1;
	*len = p->word_len - n - 1;
	return true;
}

void lex_once(struct parser *p, const char *word, unsigned int *seen, unsigned int bit)
{
	if (*seen & BIT(bit))
		lex_fail(p, p->word_column, "'%s' is given twice", word);
	*seen |= BIT(bit);
}

bool lex_key_number(struct parser *p, const char *key, unsigned int *seen, unsigned int bit,
		    unsigned long min, unsigned long max, unsigned long *number)
{
	const char *value;
	size_t len;

	if (!lex_key(p, key, &value, &len))
		return false;
	lex_once(p, key, seen, bit);
	/* callers go on with it before they look whether that failed */
	*number = min;
	if (lex_number(p, value, len, key, min, max, number))
		lex_next(p);
	return true;
}

bool lex_flag(struct parser *p, const char *word, unsigned int *seen, unsigned int bit)
{
	if (!lex_is(p, word))
		return false;
	lex_once(p, word, seen, bit);
	lex_next(p);
	return true;
}
