/* SPDX-License-Identifier: GPL-2.0-only */
/* What replay says of each file and of all of them: as text, as KTAP, as JSON. */
#ifndef _FUZZ_TOOLS_RESULTS_H
#define _FUZZ_TOOLS_RESULTS_H

#include <fuzz/run/engine.h>

enum replay_verdict {
	VERDICT_PASS,			/* it does what it expects */
	VERDICT_FAIL,
	VERDICT_STALE,
	VERDICT_INCOMPLETE,		/* it could not be replayed */
	VERDICT_SKIP,
	NR_VERDICTS,
};

/* Of a file. */
struct replay_result {
	const char *path;
	enum replay_verdict verdict;
	char *said;			/* malloc; its first line says why */
	unsigned long runs, points;
	u64 hash;
	char key[OUTCOME_KEY];		/* of the check that failed; "": none did */
	struct failure failure;
};

struct results_options {
	unsigned int nr_files;
	bool ktap;
	bool hash;			/* hashes only, no verdict in words */
	const char *json;		/* a file, or NULL */
};

/* Before the first file. @options must outlive the results. */
void results_begin(const struct results_options *options);
/* Says what came of a file, and keeps it; r->said is not the caller's any more. */
void results_add(const struct replay_result *r);
/* A picture of the last file could not be written, after a message. */
void results_not_drawn(void);
/*
 * Says what came of all files, if they are more than one, or if not all were replayed.
 * Return: the exit status.
 */
int results_end(void);

#endif /* _FUZZ_TOOLS_RESULTS_H */
