// SPDX-License-Identifier: GPL-2.0-only
/* What explore says: the live line, the verdict, the same as JSON. */
#include <stdlib.h>
#include <string.h>

#include <check/check.h>
#include <fuzz/explain/block.h>
#include <fuzz/tools/verdict_json.h>
#include <util/process.h>
#include <util/text.h>
#include "explore.h"

struct totals {
	u64 hash;
	unsigned long replayed, stale;
	unsigned long programs, whole, complete, cut, points, contended, traces, behaviours, mutant;
};

static void add_up(struct totals *t)
{
	unsigned int i, j;
	u64 bits;

	memset(t, 0, sizeof(*t));
	for (i = 0; i < given.jobs; i++) {
		t->programs += progress[i]->programs;
		t->whole += progress[i]->whole;
		t->complete += progress[i]->complete;
		t->cut += progress[i]->cut;
		t->replayed += progress[i]->replayed;
		t->stale += progress[i]->stale;
		t->points += progress[i]->points;
		t->contended += progress[i]->contended;
		t->traces += progress[i]->traces;
		t->mutant += progress[i]->mutant_schedules;
		t->hash += progress[i]->hash;
	}
	/* most pairs are met by every job */
	for (j = 0; j < ARRAY_SIZE(progress[0]->pairs.bits); j++) {
		for (bits = 0, i = 0; i < given.jobs; i++)
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

/* An exhaustive search: how much of what there is. */
static int describe_bound(const struct totals *t, char *text, size_t size)
{
	int n = snprintf(text, size, ", bound %u", options.config.bound);

	if (t->complete && t->complete == t->programs)
		n += snprintf(text + n, size - n, ", complete: there are no other schedules");
	else if (t->complete)
		n += snprintf(text + n, size - n, ", complete of %lu programs", t->complete);
	else if (!t->whole && given.jobs == 1 && progress[0]->bound)
		n += snprintf(text + n, size - n, ", complete up to %lu", progress[0]->bound - 1);
	return n;
}

static void describe(const struct totals *t, char *text, size_t size)
{
	int n = 0;

	if (options.near)
		n += snprintf(text + n, size - n, "%u files, %lu replayed, %lu stale, near", options.nr_files,
			      t->replayed, t->stale);
	else if (options.nr_files)
		n += snprintf(text + n, size - n, "%u files", options.nr_files);
	else if (options.last == ULONG_MAX)
		n += snprintf(text + n, size - n, "seed %lu..", options.first);
	else
		n += snprintf(text + n, size - n, "seed %lu..%lu", options.first, options.last);
	n += snprintf(text + n, size - n, ", strategy %s",
		      explore_strategy_name(options.strategy));
	if (options.strategy == STRATEGY_EXHAUSTIVE)
		n += describe_bound(t, text + n, size - n);
	if (options.config.depth)
		n += snprintf(text + n, size - n, ", depth %u", options.config.depth);
	if (sim_is_weak())
		n += snprintf(text + n, size - n, ", weak");
	if (options.mutant[0])
		n += snprintf(text + n, size - n, ", mutant %s", options.mutant);
	if (checks_left_out()[0])
		n += snprintf(text + n, size - n, ", without %s", checks_left_out());
	snprintf(text + n, size - n, ", %u job%s", given.jobs, given.jobs > 1 ? "s" : "");
}

/* --- what was asked for, and what was done ------------------------------------------------ */

unsigned long programs_planned(void)
{
	if (options.nr_files && (options.strategy == STRATEGY_EXHAUSTIVE ||
				 options.strategy == STRATEGY_DEFAULT))
		return options.nr_files;
	if (options.nr_files || options.last == ULONG_MAX)
		return 0;
	return options.last - options.first + 1;
}

/*
 * Why this is not all that was asked for: schedules, and programs, if they have an end. Time is
 * asked for if nothing else is, else it is a limit. Return: @text, "" if nothing is missing.
 */
static const char *incomplete(const struct totals *t, unsigned int jobs_died,
			      const struct worth_result *worth, char *text, size_t size)
{
	unsigned long planned = programs_planned(), schedules = total_schedules();
	bool first = shared->failures && !options.keep_going;
	int n = 0;

	text[0] = 0;
	if (interrupted())
		snprintf(text, size, "%s after %.1f s", interrupt_name(), elapsed());
	else if (jobs_died)
		snprintf(text, size, "%u of %u jobs died", jobs_died, given.jobs);
	else if (shared->killed)
		snprintf(text, size, "%u processes were killed; out of memory?", shared->killed);
	else if (first)
		return text;		/* it ends with the first failure: as it should */
	else if (!schedules)
		snprintf(text, size, "nothing was run");
	else if (t->cut)
		snprintf(text, size, "%lu programs are too long for an exhaustive search", t->cut);
	else if (options.schedules && schedules < options.schedules)
		n = snprintf(text, size, "%lu of %lu schedules", schedules, options.schedules);
	else if (planned && t->whole < planned)
		n = snprintf(text, size, "%lu of %lu programs", t->whole, planned);
	else if (options.near && !options.schedules && t->replayed < options.nr_files)
		n = snprintf(text, size, "%lu of %u files replayed", t->replayed, options.nr_files);
	else if (worth->err)
		snprintf(text, size, "--worth: %lu of %lu files written: %s", worth->written,
			 worth->planned, strerror(-worth->err));
	if (n && planned && t->whole >= planned)
		snprintf(text + n, size - n, ": no %s are left",
			 options.nr_files ? "files" : "seeds");
	else if (n && options.seconds && elapsed() >= options.seconds)
		snprintf(text + n, size - n, ": out of time");
	return text;
}

/* --- telling it --------------------------------------------------------------------------- */

struct verdict {
	const char *word;
	const char *why;		/* it is incomplete; "" if it is not */
	char reason[320];		/* "" of a pass */
	double seconds;
	struct totals totals;
	const struct worth_result *worth;
};

static void json_finding(struct verdict_json *json, const struct finding *f)
{
	const struct verdict_finding finding = {
		.check = f->check, .key = f->key, .file = f->stored ? f->path : NULL,
		.count = f->count, .known = f->known, .failure = &f->failure,
	};

	verdict_json_finding(json, &finding);
	fprintf(json->file, ", \"seed\": %lu, \"schedules\": %lu, \"seconds\": %.3f", f->seed,
		f->schedules, f->seconds);
}

/* Return: 0; 2 after it has been printed, since it could not be written. */
static int write_json(const struct verdict *v)
{
	const struct totals *t = &v->totals;
	struct verdict_json json = {
		.engine = "explore", .verdict = v->word, .reason = v->reason,
		.planned = { options.schedules, programs_planned(), options.seconds },
		.done = { total_schedules(), t->whole, v->seconds },
	};
	char text[256];
	unsigned int i;

	describe(t, text, sizeof(text));
	verdict_json_begin(&json);
	fprintf(json.file, ",\n  \"run\": ");
	text_print_json(json.file, text);
	fprintf(json.file, ", \"seconds\": %.3f, \"programs\": %lu, \"schedules\": %lu, "
		"\"points\": %lu, \"contended_points\": %lu, \"behaviours\": %lu, \"traces\": %lu, "
		"\"hash\": \"%016lx\", \"mutant_schedules\": %lu, \"failures\": %lu", v->seconds, t->programs,
		total_schedules(), t->points, t->contended, t->behaviours, t->traces,
		t->hash, t->mutant, shared->failures);
	if (options.near)
		fprintf(json.file, ", \"near\": {\"files\": %u, \"replayed\": %lu, \"stale\": %lu}",
			options.nr_files, t->replayed, t->stale);
	if (options.worth)
		fprintf(json.file, ", \"worth\": {\"found\": %lu, \"planned\": %lu, \"written\": %lu, "
			"\"too_long\": %lu}", v->worth->found, v->worth->planned, v->worth->written,
			v->worth->too_long);
	for (i = 0; i < shared->nr_findings && i < FINDINGS_MAX; i++)
		json_finding(&json, &shared->findings[i]);
	return verdict_json_end(&json, given.json);
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

/* @why: see struct verdict. */
static void decide(struct verdict *v, const char *why)
{
	unsigned int known = count_known();

	v->why = why;
	v->word = shared->failures ? "FAIL" : why[0] ? "INCOMPLETE" : "PASS";
	if (shared->failures)
		snprintf(v->reason, sizeof(v->reason), "%lu failure%s, %u distinct (%u of them in %.80s before)%s%s",
			 shared->failures, shared->failures > 1 ? "s" : "", shared->nr_findings, known,
			 text_shown(options.out), why[0] ? "; INCOMPLETE: " : "", why);
	else
		snprintf(v->reason, sizeof(v->reason), "%s", why);
}

int print_verdict(unsigned int jobs_died, const struct worth_result *worth)
{
	const struct finding *f = first_stored();
	struct verdict v = { .seconds = elapsed(), .worth = worth };
	char text[256], why[160];
	bool fails;

	add_up(&v.totals);
	describe(&v.totals, text, sizeof(text));
	decide(&v, incomplete(&v.totals, jobs_died, worth, why, sizeof(why)));
	fails = shared->failures;
	if (options.worth)
		printf("explore: %lu schedules with rare behaviours, of %lu, written to %s\n",
		       worth->written, worth->found, text_shown(options.worth));
	printf("explore: %s: %s in %lu schedules of %lu programs, %lu behaviours, %.1f s (%s)%s%s\n",
	       v.word, fails ? v.reason : "no failure", total_schedules(), v.totals.programs,
	       v.totals.behaviours, v.seconds, text, !fails && why[0] ? ": " : "", fails ? "" : why);
	if (f) {
		printf("repro ");
		block_command(stdout, options.mutant, f->path, options.self);
		printf("\n");
	}
	if (given.json && write_json(&v) && !fails)
		return 2;
	return fails ? 1 : why[0] ? 2 : 0;
}
