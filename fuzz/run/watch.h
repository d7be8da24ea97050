/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watches a process that runs schedules: a process without a scheduling point for too long is in a
 * loop, and is asked where. The time counted is the process's own CPU time, so a process that gets
 * no CPU time does not count as hung.
 */
#ifndef _FUZZ_RUN_WATCH_H
#define _FUZZ_RUN_WATCH_H

#include <stdbool.h>
#include <sys/types.h>

/* Return: the number of seconds without a scheduling point that count as a hang. */
double watch_seconds(void);
/* Sets them, for the processes to come. */
void watch_set_seconds(double seconds);

enum watch_state {
	WATCH_FINE,
	WATCH_PROBES,			/* it hangs and has been asked where; look again soon */
	WATCH_SILENT,			/* it hangs and does not answer */
};

struct watch {
	pid_t pid, thread;
	unsigned long beats;
	double cpu, waited;		/* since the last beat: its time, ours */
	unsigned int answers;
	double looked, reported;	/* when; 0: not yet */
	double unanswered;		/* seconds since it answered last */
};

/* @thread: the one of @pid that runs schedules. */
void watch_begin(struct watch *watch, pid_t pid, pid_t thread);
/* To be called from time to time. */
enum watch_state watch_look(struct watch *watch);

#endif /* _FUZZ_RUN_WATCH_H */
