/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a task is held, and what another one does meanwhile: for the strategy windows. */
#ifndef _FUZZ_STRATEGY_AIM_H
#define _FUZZ_STRATEGY_AIM_H

#include "internal.h"

enum aim_state {
	EARLY,				/* nobody is in the window */
	OPEN,				/* the task is held in it */
	OVER,
};

struct aim {
	unsigned int held, other;	/* tasks */
	/* where the one is held: at an event, or at the n-th one of an operation */
	u64 hold_key;
	unsigned int hold_op, hold_nth;
	/* where the other one waits for that: at an event, or an operation; 0: nowhere */
	u64 from_key;
	unsigned int from_op;
	/* how far it goes then: to the end of an operation, or only to an event in it */
	unsigned int to_op;
	u64 to_key;
	bool whole;
	enum aim_state state;
	bool reached;		/* it is at the event that it is to do */
};

/* Draws one from the profile, which has been taken; it is over at once if there is none. */
void aim_draw(struct aim *aim);

#endif /* _FUZZ_STRATEGY_AIM_H */
