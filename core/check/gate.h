/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gates hold a task at a tracepoint, so that unit tests can force an interleaving of real threads.
 *
 *	gate_arm(&g, TRACE_swap_table_unlocked, "t1");	before the task gets there
 *	...start the task...
 *	gate_wait(&g);		the task stands there now, with the locks of that place
 *	...what happens meanwhile...
 *	gate_open(&g);
 *
 * Gates order tasks in time, but TSan does not see that order: the code under test must provide
 * the order that the gate's user relies on, as in any other schedule.
 */
#ifndef _CHECK_GATE_H
#define _CHECK_GATE_H

#include <kernel/tracepoint.h>

struct gate {
	enum trace_id id;
	const char *task;		/* the task's name, NULL for any */
	unsigned int skip;		/* number of arrivals that pass first */
	unsigned int state;		/* GATE_*; raw */
	void (*action)(void);		/* run there by the task instead of waiting, or NULL */
};

/* Attaches the gates' probe; call it before tasks start. At most 16 gates. */
void gates_reset(void);
void gate_arm(struct gate *gate, enum trace_id id, const char *task);
/* As above, but the first @skip arrivals pass. */
void gate_arm_nth(struct gate *gate, enum trace_id id, const char *task, unsigned int skip);
/* The task runs @action at the tracepoint, once, and goes on. */
void gate_act(struct gate *gate, enum trace_id id, const char *task, void (*action)(void));
/* Waits until a task stands at the gate; fails the run ("GATE") after 20 seconds. */
void gate_wait(struct gate *gate);
/* Has a task arrived (or passed)? */
bool gate_reached(const struct gate *gate);
void gate_open(struct gate *gate);

#endif /* _CHECK_GATE_H */
