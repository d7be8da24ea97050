// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs from text. Strict: any bytes are a valid program or are rejected with line, column
 * and what was expected.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

#define TEXT_MAX (128UL << 20)		/* twice the longest program with its choices */

/* In this order, each at most once but for device, fail and task. */
static const struct statement {
	const char *word;
	bool (*parse)(struct parser *p);
	bool many;
} statements[] = {
	{ "machine", parse_machine, false },
	{ "device", parse_device, true },
	{ "fail", parse_fail, true },
	{ "task", parse_task, true },
	{ "schedule", parse_schedule, false },
	{ "expect", parse_expect, false },
};

#define NR_STATEMENTS (sizeof(statements) / sizeof(statements[0]))
#define STATEMENT_DEVICE 1

static bool parse_statements(struct parser *p)
{
	struct program_device dflt = p->prog->devices[0];
	unsigned int at = 0, i = 0;

	p->prog->nr_devices = 0;
	for (;;) {
		if (p->type != TOK_END)
			for (i = at; i < NR_STATEMENTS; i++)
				if (lex_is(p, statements[i].word))
					break;
		/* without a word about devices there is one */
		if (!p->prog->nr_devices && (i > STATEMENT_DEVICE || p->type == TOK_END)) {
			p->prog->devices[0] = dflt;
			p->prog->nr_devices = 1;
		}
		if (p->type == TOK_END)
			return true;
		if (i == NR_STATEMENTS)
			return lex_expected(p, "machine, device, fail, task, schedule or expect, "
					       "each after those before it");
		lex_next(p);
		if (!statements[i].parse(p))
			return false;
		at = statements[i].many ? i : i + 1;
	}
}

int program_parse(struct program *prog, const char *text, size_t len, struct program_error *err)
{
	struct parser p = { .text = text, .len = len, .line = 1, .column = 1, .prog = prog,
			    .err = err };

	program_init(prog);
	memset(err, 0, sizeof(*err));
	lex_next(&p);
	lex_skip_newlines(&p);
	if (!lex_take(&p, "program"))
		lex_expected(&p, "'program 1'");
	else if (!lex_take(&p, "1"))
		lex_expected(&p, "version 1");
	else if (lex_end_of_line(&p) && parse_statements(&p))
		return 0;
	program_destroy(prog);
	return -1;
}

/* The whole file. Return: 0, or -1 with @err set. */
static int read_text(FILE *file, char **text, size_t *len, struct program_error *err)
{
	size_t size = 0, n;

	*text = NULL;
	*len = 0;
	do {
		if (*len == size) {
			size = size ? 2 * size : 4096;
			*text = realloc(*text, size);
			if (!*text)
				abort();
		}
		n = fread(*text + *len, 1, size - *len, file);
		*len += n;
	} while (n && *len <= TEXT_MAX);
	if (ferror(file))
		snprintf(err->text, sizeof(err->text), "%s", strerror(errno));
	else if (*len > TEXT_MAX)
		snprintf(err->text, sizeof(err->text), "longer than %lu MiB: not a program",
			 TEXT_MAX >> 20);
	return err->text[0] ? -1 : 0;
}

int program_read(struct program *prog, const char *path, struct program_error *err)
{
	FILE *file = fopen(path, "r");
	size_t len;
	char *text;
	int ret;

	memset(err, 0, sizeof(*err));
	if (!file) {
		snprintf(err->text, sizeof(err->text), "%s", strerror(errno));
		return -1;
	}
	ret = read_text(file, &text, &len, err);
	fclose(file);
	if (!ret)
		ret = program_parse(prog, text, len, err);
	free(text);
	return ret;
}
