/* SPDX-License-Identifier: GPL-2.0-only */
/* Internal to the parser of programs: the lexer, and a function for each statement. */
#ifndef _FUZZ_PROGRAM_PARSE_H
#define _FUZZ_PROGRAM_PARSE_H

#include <util/suggest.h>
#include "choice_set.h"
#include "program.h"

enum token_type { TOK_WORD, TOK_OPEN, TOK_CLOSE, TOK_SEMICOLON, TOK_NEWLINE, TOK_BAD, TOK_END };

#define SHOWN 24			/* characters of what was found */

struct parser {
	const char *text;
	size_t len, pos;
	unsigned int line, column;	/* of pos */
	/* the token */
	enum token_type type;
	const char *word;
	size_t word_len;
	unsigned int word_line, word_column;

	struct program *prog;
	struct program_error *err;
	bool failed;
	size_t max_choices;
	struct choice_set events;	/* that have a choice, by their lines */
};

/*
 * The first error is kept. Both return false, so that a parser can return their result.
 * lex_fail() is about @column of the token's line, lex_expected() about the token.
 */
bool lex_fail(struct parser *p, unsigned int column, const char *fmt, ...) __printf(3, 4);
bool lex_expected(struct parser *p, const char *what);

/* The same where a name was expected: adds names near the first @len bytes of the token. */
bool lex_unknown(struct parser *p, const char *what, size_t len, const char *(*name)(unsigned int i));

void lex_next(struct parser *p);
void lex_skip_newlines(struct parser *p);
bool lex_end_of_line(struct parser *p);
bool lex_is(struct parser *p, const char *word);
/* Return: true if it was this word, which is then consumed. */
bool lex_take(struct parser *p, const char *word);

/* A number in the token, @len bytes from @at on; does not go on to the next. */
bool lex_number(struct parser *p, const char *at, size_t len, const char *what, unsigned long min,
		unsigned long max, unsigned long *value);
/* The token is a prefix and a number. */
bool lex_prefixed(struct parser *p, const char *prefix, const char *what, unsigned long min,
		  unsigned long max, unsigned long *value);
/* Is the token key=...? Then *@value, *@len is what follows. */
bool lex_key(struct parser *p, const char *key, const char **value, size_t *len);
/* key=number or a bare word, each at most once. Return: true if it was this key or word. */
bool lex_key_number(struct parser *p, const char *key, unsigned int *seen, unsigned int bit,
		    unsigned long min, unsigned long max, unsigned long *number);
bool lex_flag(struct parser *p, const char *word, unsigned int *seen, unsigned int bit);
/* Complains if @word, which begins at the token, has been @seen. */
void lex_once(struct parser *p, const char *word, unsigned int *seen, unsigned int bit);

/* A task's name of @len bytes. Return: the machine's number, or -1. */
int parse_task_name(const struct program *prog, const char *name, size_t len);

/* The statements, after their first words. Return: false after an error. */
bool parse_machine(struct parser *p);
bool parse_device(struct parser *p);
bool parse_fail(struct parser *p);
bool parse_task(struct parser *p);
bool parse_schedule(struct parser *p);
bool parse_reaches(struct parser *p);
bool parse_expect(struct parser *p);

#endif /* _FUZZ_PROGRAM_PARSE_H */
