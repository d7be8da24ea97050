// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every schedule with at most N preemptions, in rounds: none, up to one, up to two ... (as
 * CHESS: Musuvathi, Qadeer, PLDI 2007). A round visits what those before it did once more, which
 * is little beside what it adds. It goes depth first: what the default does comes first, then the
 * alternatives of the latest decision. A preemption is a switch away from a task that could go on;
 * a value other than its default counts as one. Built without instrumentation.
 */
#include "exhaustive.h"

#define DECISIONS_MAX (1U << 22)

struct decision {
	task_set left;			/* alternatives not yet tried */
	u32 taken;
	bool costs;			/* the alternatives are preemptions */
};

static struct {
	struct decision *path;
	unsigned int nr;		/* decisions of this schedule */
	unsigned int prefix;		/* those taken over from the last one */
	unsigned int bound, used;	/* of this round; of this schedule */
	unsigned int bound_max;
	bool bounded;			/* this round left something out for the bound's sake */
	bool complete;			/* the search that has ended left nothing out */
	bool values;
	bool cut;			/* a schedule had more decisions than that */
} x;

void exhaustive_reset(unsigned int bound, bool values)
{
	if (!x.path)
		x.path = sim_reserve(DECISIONS_MAX * sizeof(*x.path));
	x.nr = x.prefix = 0;
	x.cut = x.bounded = x.complete = false;
	x.bound = 0;
	x.bound_max = bound;
	x.values = values;
}

void exhaustive_begin(void)
{
	x.nr = 0;
	x.used = 0;
}

static unsigned int decide(task_set alternatives, unsigned int dflt, bool costs)
{
	struct decision *d;

	if (x.nr == DECISIONS_MAX) {
		x.cut = true;
		return dflt;
	}
	d = &x.path[x.nr++];
	if (x.nr > x.prefix) {
		d->taken = dflt;
		d->costs = costs;
		d->left = alternatives & ~task_bit(dflt);
		if (costs && x.used == x.bound) {
			x.bounded |= d->left != 0;
			d->left = 0;
		}
	}
	x.used += costs && d->taken != dflt;
	return d->taken;
}

unsigned int exhaustive_pick(const struct sim_view *view)
{
	return decide(view->runnable, view->dflt, view->can_stay && !view->yields);
}

unsigned int exhaustive_value(unsigned int anchor, unsigned int n, unsigned int dflt)
{
	if (!x.values || n > 64)
		return dflt;
	return decide(task_bit(n) - 1, dflt, true);
}

bool exhaustive_cut(void)
{
	return x.cut;
}

bool exhaustive_next(void)
{
	struct decision *d;

	while (x.nr) {
		d = &x.path[x.nr - 1];
		if (d->left) {
			d->taken = task_first(d->left);
			d->left &= d->left - 1;
			x.prefix = x.nr;
			return true;
		}
		x.nr--;
	}
	/* the next round, or the first one again */
	x.prefix = 0;
	x.complete = !x.bounded && !x.cut;
	x.bound = x.bounded && x.bound < x.bound_max ? x.bound + 1 : 0;
	x.bounded = false;
	return x.bound;
}

bool exhaustive_complete(void)
{
	return x.complete;
}

unsigned int exhaustive_bound(void)
{
	return x.bound;
}
