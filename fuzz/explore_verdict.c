// SPDX-License-Identifier: GPL-2.0-only
/* What explore says: the live line, the verdict, the same as JSON. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "explore.h"

void print_progress(bool live)
{
	unsigned long n = total_schedules(), behaviours = 0, nr_programs = 0;
	double s = elapsed();
	unsigned int i;

	for (i = 0; i < options.jobs; i++) {
		behaviours += progress[i]->behaviours;
		nr_programs += progress[i]->programs;
	}
	printf("%s%7.0f s  %lu programs  %lu schedules  %.0f/s  %lu behaviours  %lu failures%s",
	       live ? "\r\033[K" : "", s, nr_programs, n, n / s, behaviours, shared->failures,
	       live ? "" : "\n");
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
	unsigned long points = 0, contended = 0, behaviours = 0, nr_programs = 0;
	char text[256];
	unsigned int i;
	FILE *f = fopen(options.json, "w");

	if (!f) {
		fprintf(stderr, "explore: %s: %s\n", options.json, strerror(errno));
		exit(2);
	}
	for (i = 0; i < options.jobs; i++) {
		points += progress[i]->points;
		contended += progress[i]->contended;
		behaviours += progress[i]->behaviours;
		nr_programs += progress[i]->programs;
	}
	describe(text, sizeof(text));
	fprintf(f, "{ \"run\": \"%s\", \"seconds\": %.3f, \"programs\": %lu, \"schedules\": %lu, "
		"\"points\": %lu, \"contended_points\": %lu, \"behaviours\": %lu, "
		"\"failures\": %lu, \"findings\": [", text, seconds, nr_programs,
		total_schedules(), points, contended, behaviours, shared->failures);
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
	char text[256];
	double s = elapsed();

	describe(text, sizeof(text));
	if (shared->failures)
		printf("explore: %lu failure%s, %u distinct, in %lu schedules, %.1f s (%s)\n",
		       shared->failures, shared->failures > 1 ? "s" : "", shared->nr_findings,
		       total_schedules(), s, text);
	else
		printf("explore: no failure in %lu schedules, %.1f s (%s)\n", total_schedules(), s,
		       text);
	if (shared->nr_findings) {
		printf("repro ");
		block_command(stdout, options.mutant, shared->findings[0].path, options.self);
		printf("\n");
	}
	if (options.json)
		write_json(s);
}
