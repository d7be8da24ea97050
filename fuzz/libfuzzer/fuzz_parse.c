// SPDX-License-Identifier: GPL-2.0-only
/*
 * The format: any bytes are rejected with a position, or are a program that prints in a form
 * which parses to the same program and prints the same again.
 *
 * The input is any bytes; libFuzzer's own mutations and fuzz/program/program.dict. Not covered: files
 * (program_read()), and running what was parsed.
 */
#include <stdlib.h>
#include <string.h>

#include <kernel/bug.h>
#include "target.h"

static char *print(const struct program *prog, size_t *len)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, len);

	if (!file)
		abort();
	program_print(file, prog);
	fclose(file);
	return text;
}

/* A position within the input, or just behind it. */
static void check_error(const struct program_error *err, const char *text, size_t len)
{
	unsigned int line = 1;
	size_t i;

	for (i = 0; i < len && line < err->line; i++)
		line += text[i] == '\n';
	if (line != err->line || !err->column || err->column > len - i + 1 || !err->text[0])
		harness_fail("PARSE", CODE_SITE, "an error at %u:%u, beyond the input: %s",
			     err->line, err->column, err->text);
}

static int run_parse(const char *text, size_t len)
{
	struct program prog, again;
	struct program_error err;
	char *first, *second;
	size_t n, m;

	if (program_parse(&prog, text, len, &err)) {
		check_error(&err, text, len);
		return 0;
	}
	first = print(&prog, &n);
	if (program_parse(&again, first, n, &err))
		harness_fail("PARSE", CODE_SITE, "what it prints does not parse: %u:%u: %s",
			     err.line, err.column, err.text);
	second = print(&again, &m);
	if (!program_equal(&prog, &again) || n != m || memcmp(first, second, n))
		harness_fail("PARSE", CODE_SITE, "what it prints is another program");
	free(first);
	free(second);
	program_destroy(&prog);
	program_destroy(&again);
	return 0;
}

const struct fuzz_target fuzz_target = { .name = "fuzz_parse", .run = run_parse };
