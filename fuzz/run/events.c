// SPDX-License-Identifier: GPL-2.0-only
/* Takes notes of decisions. Built without instrumentation: it runs inside the scheduler. */
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <machine/random.h>
#include "events.h"

static struct events events;
static unsigned long seen;
static struct rng rng;

static void begin(void)
{
	events.nr = events.nr_taken = 0;
	seen = 0;
	rng.state = 1;
}

/* Reservoir sampling: each event of a long run has the same chance to stay. */
static struct event *room(void)
{
	unsigned long slot = seen++;

	if (slot >= EVENTS_MAX) {
		slot = rng_below(&rng, seen);
		if (slot >= EVENTS_MAX)
			return NULL;
	} else {
		events.nr = seen;
	}
	return &events.event[slot];
}

static void note(unsigned int anchor, u32 dflt, u32 n, task_set others)
{
	struct event *e = room();
	unsigned int nr;

	if (!e)
		return;
	sim_choices(&nr);
	*e = (struct event){
		.task = current->id, .anchor = anchor, .op = current->op_nr,
		.nth = sim_nth(anchor), .seq = seen, .at = nr, .dflt = dflt, .n = n,
		.others = others,
	};
}

static unsigned int pick(const struct sim_view *view)
{
	note(view->anchor, view->dflt, 0, view->runnable & ~task_bit(view->dflt));
	return view->dflt;
}

static unsigned int value(unsigned int anchor, unsigned int n, unsigned int dflt)
{
	note(anchor, dflt, n, 0);
	return dflt;
}

const struct sim_strategy events_strategy = {
	.name = "events", .begin = begin, .pick = pick, .value = value,
};

const struct events *events_of_run(void)
{
	/* the machine keeps them until the next schedule begins */
	events.taken = (struct choice *)sim_choices(&events.nr_taken);
	return &events;
}
