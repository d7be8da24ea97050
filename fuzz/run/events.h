/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The alternatives of the last run: every event at which another task could have run, or another
 * value been chosen. Mutations place new choices there, so that the choices match real events.
 */
#ifndef _FUZZ_RUN_EVENTS_H
#define _FUZZ_RUN_EVENTS_H

#include <sim/sim.h>

#define EVENTS_MAX 4096			/* of a longer run, a fair sample */

struct event {
	u8 task, anchor;
	u16 op;
	u32 nth;
	u32 seq;			/* its place in the run */
	u32 at;				/* number of choices taken before */
	u32 dflt;
	u32 n;				/* of a value: below n; 0: who runs */
	task_set others;		/* ... runnable tasks except the default */
};

struct events {
	unsigned int nr;
	struct event event[EVENTS_MAX];	/* in order, if none was left out */
	unsigned int nr_taken;
	struct choice *taken;		/* the choices of the run */
};

/* Decides as the default does, and records the events. */
extern const struct sim_strategy events_strategy;

/* After a run: its alternatives. Valid until the next run. */
const struct events *events_of_run(void);

#endif /* _FUZZ_RUN_EVENTS_H */
