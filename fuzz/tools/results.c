// SPDX-License-Identifier: GPL-2.0-only
/* What replay says of each file and of all of them: as text, as KTAP, as JSON. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <util/process.h>
#include <util/text.h>
#include "failure_json.h"
#include "results.h"
#include "verdict_json.h"

static const struct results_options *options;
static struct replay_result *results;	/* of --json */
static unsigned int nr, count[NR_VERDICTS];
static unsigned long runs;
static bool not_drawn;
static struct timespec began;

void results_begin(const struct results_options *o)
{
	options = o;
	clock_gettime(CLOCK_MONOTONIC, &began);
	results = calloc(o->json ? o->nr_files : 1, sizeof(*results));
	if (!results)
		abort();
	if (o->ktap)
		printf("KTAP version 1\n1..%u\n", o->nr_files);
}

/* A name in KTAP: # begins a directive. */
static void print_ktap_name(const char *text)
{
	for (; *text; text++)
		putchar(*text == '#' ? '_' : *text);
}

static void print_ktap(const struct replay_result *r)
{
	const char *line, *end;

	for (line = r->said; *line; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		if (r->verdict != VERDICT_SKIP)
			printf("# %.*s\n", (int)(end - line), line);
	}
	printf("%s %u ", r->verdict == VERDICT_PASS || r->verdict == VERDICT_SKIP ? "ok" : "not ok", nr);
	print_ktap_name(text_shown(r->path));
	if (r->verdict == VERDICT_SKIP) {
		printf(" # SKIP ");
		line = strstr(r->said, ": ");
		line = line ? line + 2 : r->said;
		printf("%.*s", (int)strcspn(line, "\n"), line);
	}
	putchar('\n');
}

void results_add(const struct replay_result *r)
{
	nr++;
	count[r->verdict]++;
	runs += r->runs;
	if (options->ktap)
		print_ktap(r);
	else
		fputs(r->said, stdout);
	fflush(stdout);
	if (options->json)
		results[nr - 1] = *r;
	else
		free(r->said);
}

void results_not_drawn(void)
{
	not_drawn = true;
}

/* --- JSON --------------------------------------------------------------------------------- */

static void print_first_line(FILE *out, const char *text)
{
	char *line = strndup(text, strcspn(text, "\n"));

	if (!line)
		abort();
	text_print_json(out, line);
	free(line);
}

static void print_file(FILE *out, const struct replay_result *r)
{
	static const char *const words[NR_VERDICTS] = { "PASS", "FAIL", "STALE", "INCOMPLETE", "SKIP" };

	fprintf(out, "{ \"file\": ");
	text_print_json(out, r->path);
	fprintf(out, ", \"verdict\": \"%s\", \"text\": ", words[r->verdict]);
	print_first_line(out, r->said);
	fprintf(out, ", \"runs\": %lu, \"points\": %lu, \"hash\": \"%016lx\"", r->runs, r->points, r->hash);
	if (r->failure.valid) {
		fprintf(out, ",\n    \"failure\": ");
		failure_print_json(out, &r->failure);
	}
	fprintf(out, " }");
}

static double elapsed(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - began.tv_sec + (now.tv_nsec - began.tv_nsec) / 1e9;
}

static int write_json(int status, const char *reason)
{
	struct verdict_json v = {
		.engine = "replay", .verdict = verdict_word(status), .reason = reason,
		.planned = { .programs = options->nr_files },
		.done = { runs, nr - count[VERDICT_INCOMPLETE] - count[VERDICT_SKIP], elapsed() },
	};
	const struct replay_result *r;

	verdict_json_begin(&v);
	fprintf(v.file, ",\n  \"files\": [");
	for (r = results; r < results + nr; r++) {
		fputs(r == results ? "\n  " : ",\n  ", v.file);
		print_file(v.file, r);
	}
	fprintf(v.file, " ]");
	for (r = results; r < results + nr; r++) {
		struct verdict_finding f = {
			.check = r->failure.check, .key = r->key, .file = r->path, .count = 1,
			.failure = &r->failure,
		};

		if (r->verdict == VERDICT_FAIL && r->key[0])
			verdict_json_finding(&v, &f);
	}
	return verdict_json_end(&v, options->json);
}

/* --- the end ------------------------------------------------------------------------------ */

static void describe(char *text, size_t size)
{
	int n = snprintf(text, size, "%u of %u files: %u as expected", nr, options->nr_files,
			 count[VERDICT_PASS]);

	if (count[VERDICT_FAIL])
		n += snprintf(text + n, size - n, ", %u not", count[VERDICT_FAIL]);
	if (count[VERDICT_STALE])
		n += snprintf(text + n, size - n, ", %u stale", count[VERDICT_STALE]);
	if (count[VERDICT_INCOMPLETE])
		n += snprintf(text + n, size - n, ", %u could not be replayed", count[VERDICT_INCOMPLETE]);
	if (count[VERDICT_SKIP])
		n += snprintf(text + n, size - n, ", %u left out", count[VERDICT_SKIP]);
	if (not_drawn)
		n += snprintf(text + n, size - n, ", no picture");
	if (interrupted())
		snprintf(text + n, size - n, "; %s%s", count[VERDICT_FAIL] ? "INCOMPLETE: " : "", interrupt_name());
}

int results_end(void)
{
	int status = count[VERDICT_FAIL] ? 1 : count[VERDICT_INCOMPLETE] || interrupted() || not_drawn ? 2 :
		     count[VERDICT_STALE] ? 3 : 0;
	static const char *const words[] = { "PASS", "FAIL", "INCOMPLETE", "STALE" };
	char text[256];

	describe(text, sizeof(text));
	if (interrupted() || (!options->hash && options->nr_files > 1))
		printf("%sreplay: %s: %s\n", options->ktap ? "# " : "", words[status], text);
	if (options->json && write_json(status, status ? text : "") && status != 1)
		status = 2;
	return status;
}
