/* SPDX-License-Identifier: GPL-2.0-only */
/* The results of replay, for each file and for all files: as text, as KTAP, as JSON. */
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
/* Prints the result of a file, and keeps it; takes over r->said. */
void results_add(const struct replay_result *r);
/* A picture of the last file could not be written, after a message. */
void results_not_drawn(void);
/*
 * Prints the result of all files, if there is more than one, or if not all were replayed.
 * Return: the exit status.
 */
int results_end(void);

#endif /* _FUZZ_TOOLS_RESULTS_H */
