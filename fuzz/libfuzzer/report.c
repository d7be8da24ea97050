// SPDX-License-Identifier: GPL-2.0-only
/*
 * SWAPHAMMER_JSON=FILE: the verdict of a target, as --json of the engines. Findings are kept as text,
 * since a seed that fails starts the process anew. Built without instrumentation.
 */
#include <stdlib.h>
#include <string.h>

#include <fuzz/run/engine.h>
#include <fuzz/tools/verdict_json.h>
#include <util/durable.h>
#include <util/text.h>
#include "target.h"

static const char *path;
static struct verdict_amount planned;

static void __noreturn refuse(const char *why)
{
	fprintf(stderr, "%s: SWAPHAMMER_JSON: %s: %s\n", fuzz_target.name, text_shown(path), why);
	exit(2);
}

void report_json_begin(bool first, int argc, char **argv)
{
	static const char *const many[] = { "-fork=", "-jobs=", "-merge=", "-minimize_crash=" };
	const char *why;
	unsigned int j;
	int i;

	path = getenv("SWAPHAMMER_JSON");
	if (!path)
		return;
	for (i = 1; i < argc; i++) {
		for (j = 0; j < ARRAY_SIZE(many); j++)
			if (!strncmp(argv[i], many[j], strlen(many[j])))
				refuse("is written by one process, not with -fork, -jobs, -merge or -minimize_crash");
		if (!strncmp(argv[i], "-runs=", 6) && atol(argv[i] + 6) > 0)
			planned.programs = atol(argv[i] + 6);
		if (!strncmp(argv[i], "-max_total_time=", 16) && atol(argv[i] + 16) > 0)
			planned.seconds = atol(argv[i] + 16);
	}
	why = durable_check(path);
	if (why)
		refuse(why);
	/* one of an earlier run must not pass for this one's */
	if (first)
		remove(path);
}

void report_json_found(const char *check, const char *file)
{
	struct outcome out = { .failure = *failure, .report = (char *)"" };
	struct verdict_json v = { .nr_findings = fuzz_state->nr_findings };
	struct verdict_finding f = { .check = check, .file = file, .count = 1, .failure = &out.failure };
	static struct text_memory memory;
	char key[OUTCOME_KEY];

	if (!path)
		return;
	outcome_parse(&out);
	if (!out.check[0])
		snprintf(out.check, sizeof(out.check), "%s", check);
	outcome_key(&out, key);
	f.key = key;
	v.file = text_memory_begin(&memory);
	if (!v.file)
		return;
	verdict_json_finding(&v, &f);
	if (text_memory_end(&memory) && fuzz_state->findings_len + memory.len < sizeof(fuzz_state->findings)) {
		memcpy(fuzz_state->findings + fuzz_state->findings_len, memory.text, memory.len);
		fuzz_state->findings_len += memory.len;
		fuzz_state->nr_findings++;
	}
}

void report_json_end(int status, const char *reason)
{
	const struct fuzz_state *s = fuzz_state;
	char text[160];
	struct verdict_json v = {
		.engine = fuzz_target.name, .reason = text, .planned = planned,
	};

	if (!path)
		return;
	/* a failure comes before all else */
	v.verdict = verdict_word(s->nr_findings ? 1 : status);
	snprintf(text, sizeof(text), "%s", reason);
	if (s->nr_findings)
		snprintf(text, sizeof(text), "%u failure%s, %u of them of seeds%s%s", s->nr_findings,
			 s->nr_findings > 1 ? "s" : "", s->nr_left_out, reason[0] ? "; INCOMPLETE: " : "", reason);
	v.done = (struct verdict_amount){ s->executions + s->others, s->executions, fuzz_elapsed() };
	verdict_json_begin(&v);
	fprintf(v.file, ",\n  \"mutant_reached\": %s", s->mutant_reached ? "true" : "false");
	fwrite(s->findings, 1, s->findings_len, v.file);
	v.nr_findings = s->nr_findings;
	verdict_json_end(&v, path);
	path = NULL;
}
