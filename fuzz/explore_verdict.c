// SPDX-License-Identifier: GPL-2.0-only
/* What explore says: the live line, the verdict, the same as JSON. */
#include <stdlib.h>
#include <string.h>

#include <util/durable.h>
#include <util/text.h>
#include "block.h"
#include "explore.h"

struct totals {
	unsigned long programs, points, contended, traces, behaviours;
};

static void add_up(struct totals *t)
{
	unsigned int i, j;
	u64 bits;

	memset(t, 0, sizeof(*t));
	for (i = 0; i < options.jobs; i++) {
		t->programs += progress[i]->programs;
		t->points += progress[i]->points;
		t->contended += progress[i]->contended;
		t->traces += progress[i]->traces;
	}
	/* most pairs are met by every job */
	for (j = 0; j < ARRAY_SIZE(progress[0]->pairs.bits); j++) {
		for (bits = 0, i = 0; i < options.jobs; i++)
			bits |= progress[i]->pairs.bits[j];
		t->behaviours += __builtin_popcountl(bits);
	}
}

void print_progress(bool live)
{
	unsigned long n = total_schedules();
	double s = elapsed();
	struct totals t;

	add_up(&t);
	printf("%s%7.0f s  %lu programs  %lu schedules  %.0f/s  %lu behaviours  %lu traces  "
	       "%lu failures%s", live ? "\r\033[K" : "", s, t.programs, n, n / s, t.behaviours,
	       t.traces, shared->failures, live ? "" : "\n");
	fflush(stdout);
}

static void describe(char *text, size_t size)
{
	int n = 0;

	if (options.nr_files)
		n += snprintf(text + n, size - n, "%u files%s", options.nr_files,
			      options.near ? ", near" : "");
	else if (options.last == ULONG_MAX)
		n += snprintf(text + n, size - n, "seed %lu..", options.first);
	else
		n += snprintf(text + n, size - n, "seed %lu..%lu", options.first, options.last);
	n += snprintf(text + n, size - n, ", strategy %s",
		      explore_strategy_name(options.strategy));
	if (options.strategy == STRATEGY_EXHAUSTIVE)
		n += snprintf(text + n, size - n, ", bound %u", options.config.bound);
	if (options.config.depth)
		n += snprintf(text + n, size - n, ", depth %u", options.config.depth);
	if (options.mutant[0])
		n += snprintf(text + n, size - n, ", mutant %s", options.mutant);
	snprintf(text + n, size - n, ", %u job%s", options.jobs, options.jobs > 1 ? "s" : "");
}

static void print_finding(FILE *out, const struct finding *f)
{
	fprintf(out, "\n  { \"check\": ");
	text_print_json(out, f->check);
	fprintf(out, ", \"key\": ");
	text_print_json(out, f->key);
	fprintf(out, ", \"file\": ");
	if (f->stored)
		text_print_json(out, f->path);
	else
		fprintf(out, "null");
	fprintf(out, ", \"count\": %lu, \"new\": %s, \"seed\": %lu, \"schedules\": %lu, "
		"\"seconds\": %.3f }", f->count, f->known ? "false" : "true", f->seed, f->schedules,
		f->seconds);
}

static void print_json(FILE *f, double seconds)
{
	struct totals t;
	char text[256];
	unsigned int i;

	add_up(&t);
	describe(text, sizeof(text));
	fprintf(f, "{ \"run\": ");
	text_print_json(f, text);
	fprintf(f, ", \"seconds\": %.3f, \"programs\": %lu, \"schedules\": %lu, "
		"\"points\": %lu, \"contended_points\": %lu, \"behaviours\": %lu, \"traces\": %lu, "
		"\"failures\": %lu, \"findings\": [", seconds, t.programs,
		total_schedules(), t.points, t.contended, t.behaviours, t.traces,
		shared->failures);
	for (i = 0; i < shared->nr_findings && i < FINDINGS_MAX; i++) {
		fputs(i ? "," : "", f);
		print_finding(f, &shared->findings[i]);
	}
	fprintf(f, " ] }\n");
}

/* Return: 0; -1 after it has been printed, since it could not be written. */
static int write_json(double seconds)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	int err;

	if (!f)
		abort();
	print_json(f, seconds);
	if (fclose(f))
		abort();
	err = durable_write(options.json, text, len);
	if (err)
		durable_print("explore", options.json, err, text, len);
	free(text);
	return err ? -1 : 0;
}

/* Of the findings, the first that is on the disk; NULL: none is. */
static const struct finding *first_stored(void)
{
	unsigned int i;

	for (i = 0; i < shared->nr_findings && i < FINDINGS_MAX; i++)
		if (shared->findings[i].stored)
			return &shared->findings[i];
	return NULL;
}

static unsigned int count_known(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < shared->nr_findings && i < FINDINGS_MAX; i++)
		n += shared->findings[i].known;
	return n;
}

int print_verdict(void)
{
	const struct finding *f = first_stored();
	double s = elapsed();
	struct totals t;
	char text[256];

	add_up(&t);
	describe(text, sizeof(text));
	printf("explore: ");
	if (shared->failures)
		printf("%lu failure%s, %u distinct (%u new, %u known),", shared->failures,
		       shared->failures > 1 ? "s" : "", shared->nr_findings,
		       shared->nr_findings - count_known(), count_known());
	else
		printf("no failure");
	printf(" in %lu schedules, %lu behaviours, %.1f s (%s)\n", total_schedules(),
	       t.behaviours, s, text);
	if (f) {
		printf("repro ");
		block_command(stdout, options.mutant, f->path, options.self);
		printf("\n");
	}
	return options.json ? write_json(s) : 0;
}
