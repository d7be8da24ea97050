// SPDX-License-Identifier: GPL-2.0-only
/* What explore says: the live line, the verdict, the same as JSON. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

static void write_json(double seconds)
{
	struct totals t;
	char text[256];
	unsigned int i;
	FILE *f = fopen(options.json, "w");

	if (!f) {
		fprintf(stderr, "explore: %s: %s\n", options.json, strerror(errno));
		exit(2);
	}
	add_up(&t);
	describe(text, sizeof(text));
	fprintf(f, "{ \"run\": \"%s\", \"seconds\": %.3f, \"programs\": %lu, \"schedules\": %lu, "
		"\"points\": %lu, \"contended_points\": %lu, \"behaviours\": %lu, \"traces\": %lu, "
		"\"failures\": %lu, \"findings\": [", text, seconds, t.programs,
		total_schedules(), t.points, t.contended, t.behaviours, t.traces,
		shared->failures);
	for (i = 0; i < shared->nr_findings && i < FINDINGS_MAX; i++)
		fprintf(f, "%s\n  { \"file\": \"%s\", \"seed\": %lu, \"schedules\": %lu, "
			"\"seconds\": %.3f }", i ? "," : "", shared->findings[i].path,
			shared->findings[i].seed, shared->findings[i].schedules,
			shared->findings[i].seconds);
	fprintf(f, " ] }\n");
	fclose(f);
}

void print_verdict(void)
{
	double s = elapsed();
	struct totals t;
	char text[256];

	add_up(&t);
	describe(text, sizeof(text));
	printf("explore: ");
	if (shared->failures)
		printf("%lu failure%s, %u distinct,", shared->failures,
		       shared->failures > 1 ? "s" : "", shared->nr_findings);
	else
		printf("no failure");
	printf(" in %lu schedules, %lu behaviours, %.1f s (%s)\n", total_schedules(),
	       t.behaviours, s, text);
	if (shared->nr_findings) {
		printf("repro ");
		block_command(stdout, options.mutant, shared->findings[0].path, options.self);
		printf("\n");
	}
	if (options.json)
		write_json(s);
}
