// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs from text. Strict: any bytes are a valid program or are rejected with line, column
 * and what was expected.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parse.h"

#define TEXT_MAX (128UL << 20)		/* twice the longest program with its choices */

/* In this order, each at most once but for device, fail, task and reaches. */
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
	{ "reaches", parse_reaches, true },
	{ "expect", parse_expect, false },
};

#define NR_STATEMENTS (sizeof(statements) / sizeof(statements[0]))
#define STATEMENT_DEVICE 1

static const char *statement_at(unsigned int i)
{
	return i < NR_STATEMENTS ? statements[i].word : NULL;
}

static bool parse_statements(struct parser *p)
{
	struct world_device dflt = p->prog->devices[0];
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
			return lex_unknown(p, "machine, device, fail, task, schedule, reaches or "
					   "expect, each after those before it", p->word_len, statement_at);
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
	bool good = false;

	program_init(prog);
	memset(err, 0, sizeof(*err));
	lex_next(&p);
	lex_skip_newlines(&p);
	if (!lex_take(&p, "program"))
		lex_expected(&p, "'program 1'");
	else if (!lex_take(&p, "1"))
		lex_expected(&p, "version 1");
	else if (lex_end_of_line(&p) && parse_statements(&p))
		good = true;
	choice_set_destroy(&p.events);
	if (good)
		return 0;
	program_destroy(prog);
	return -1;
}

/* A file that can be read without waiting, and that ends. Return: its descriptor, or -1. */
static int open_file(const char *path, size_t *len, const char **why)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	*why = NULL;
	if (fd < 0 || fstat(fd, &st))
		*why = strerror(errno);
	else if (S_ISDIR(st.st_mode))
		*why = "is a directory, not a program";
	else if (!S_ISREG(st.st_mode))
		*why = "is no regular file: a FIFO, a device and a socket are not read";
	else if ((unsigned long)st.st_size > TEXT_MAX)
		*why = "is longer than 128 MiB: not a program";
	else
		*len = st.st_size;
	if (*why && fd >= 0)
		close(fd);
	return *why ? -1 : fd;
}

/* At most @len bytes, which it had when it was opened. Return: malloc; NULL: an error. */
static char *read_text(int fd, size_t *len)
{
	char *text = malloc(*len + 1);
	size_t at = 0;
	ssize_t n = 1;

	if (!text)
		abort();
	while (at < *len && n > 0) {
		n = read(fd, text + at, *len - at);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			at += n;
	}
	*len = at;
	if (n >= 0)
		return text;
	free(text);
	return NULL;
}

int program_read(struct program *prog, const char *path, struct program_error *err)
{
	const char *why;
	size_t len;
	char *text;
	int fd, ret;

	memset(err, 0, sizeof(*err));
	fd = open_file(path, &len, &why);
	if (fd >= 0) {
		text = read_text(fd, &len);
		if (!text)
			why = strerror(errno);
		close(fd);
	}
	if (why) {
		snprintf(err->text, sizeof(err->text), "%s", why);
		return -1;
	}
	ret = program_parse(prog, text, len, err);
	free(text);
	return ret;
}
