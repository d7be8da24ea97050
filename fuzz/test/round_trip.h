/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests of the text format; the includer has included cmocka. */
#ifndef _FUZZ_TEST_ROUND_TRIP_H
#define _FUZZ_TEST_ROUND_TRIP_H

#include <fuzz/program/program.h>

static inline char *to_text(const struct program *prog, size_t *len)
{
	char *text;
	FILE *f = open_memstream(&text, len);

	program_print(f, prog);
	fclose(f);
	return text;
}

/* What is printed parses, is equal, and prints the same. */
static inline void check_round_trip(const struct program *prog)
{
	struct program_error err;
	struct program again;
	size_t len, len_again;
	char *text = to_text(prog, &len), *text_again;

	if (program_parse(&again, text, len, &err))
		fail_msg("%u:%u: %s\n%s", err.line, err.column, err.text, text);
	text_again = to_text(&again, &len_again);
	assert_string_equal(text, text_again);
	assert_true(program_equal(prog, &again));
	program_destroy(&again);
	free(text);
	free(text_again);
}

#endif /* _FUZZ_TEST_ROUND_TRIP_H */
