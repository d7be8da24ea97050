/* SPDX-License-Identifier: GPL-2.0-only */
/* The verdict of an engine as JSON, the same from each: fuzz/tools/verdict.schema.json. */
#ifndef _FUZZ_TOOLS_VERDICT_JSON_H
#define _FUZZ_TOOLS_VERDICT_JSON_H

#include <machine/failure.h>

/* 0: not asked for */
struct verdict_amount {
	unsigned long schedules, programs;
	double seconds;
};

struct verdict_json {
	const char *engine;
	const char *verdict;		/* PASS, FAIL, INCOMPLETE */
	const char *reason;		/* "" for a PASS */
	struct verdict_amount planned, done;

	/* its own */
	FILE *file;
	unsigned int nr_findings;
};

struct verdict_finding {
	const char *check, *key;
	const char *file;		/* NULL: there is none */
	unsigned long count;
	bool known;			/* from an earlier run */
	const struct failure *failure;	/* NULL, or not valid: there is no record */
};

/* PASS, FAIL or INCOMPLETE for an exit status. */
const char *verdict_word(int status);

/*
 * Begins the object. Fields of only one engine are then printed to v->file, each with a comma
 * before it.
 */
void verdict_json_begin(struct verdict_json *v);
/* Adds a finding. Further fields of it may then be printed to v->file, in the same way. */
void verdict_json_finding(struct verdict_json *v, const struct verdict_finding *f);
/**
 * verdict_json_end - write the object
 * @v: the verdict
 * @path: the file, already checked by cli_verdict()
 *
 * Return: 0; 2 after a message and the text itself, if it could not be written.
 */
int verdict_json_end(struct verdict_json *v, const char *path);

#endif /* _FUZZ_TOOLS_VERDICT_JSON_H */
