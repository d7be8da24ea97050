// SPDX-License-Identifier: GPL-2.0-only
/* The profile of a program. Built without instrumentation: it is taken inside the scheduler. */
#include <string.h>

#include <kernel/bug.h>
#include <kernel/sched.h>
#include <machine/task.h>
#include "internal.h"
#include "profile.h"

struct profile profile;

void profile_reset(void)
{
	profile.generation++;
	profile.taken = false;
	profile.nr = profile.nr_objects = profile.nr_met = 0;
	memset(profile.tasks, 0, (profile.names + 1) * sizeof(*profile.tasks));
	memset(profile.is_met, 0, (profile.names + 1) * sizeof(*profile.is_met));
	memset(profile.first_on, 0, (profile.names + 1) * sizeof(*profile.first_on));
	memset(profile.kind, 0, sizeof(profile.kind));
	memset(profile.first_of, 0, sizeof(profile.first_of));
	profile.names = 0;
}

static void chain(u32 *first, u32 *next, unsigned int event)
{
	next[event] = *first;
	*first = event + 1;
}

/* At its end: who came first to an object does not matter. */
static void judge(void)
{
	const struct profile_event *e;
	unsigned int i;

	for (i = 1; i <= profile.names; i++) {
		if (!(profile.tasks[i] & (profile.tasks[i] - 1)))
			continue;
		profile.is_met[i] = true;
		profile.met[profile.nr_met++] = i;
		if (i <= profile.stable)
			profile.objects[profile.nr_objects++] = i;
	}
	for (i = profile.nr; i--; ) {
		e = &profile.event[i];
		if (profile_met(e->object))
			profile.kind[e->anchor] = true;
		if (e->object)
			chain(&profile.first_on[e->object], profile.next_on, i);
		if (profile_contended(e->object))
			chain(&profile.first_of[e->anchor], profile.next_of, i);
	}
	profile.taken = true;
}

bool profile_begin(void)
{
	if (profile.nr && !profile.taken)
		judge();
	return !profile.taken;
}

static u16 short_of(unsigned long n)
{
	return n < 0xffff ? n : 0xffff;
}

void profile_event(unsigned int id, unsigned int anchor, unsigned int object)
{
	if (profile.nr == PROFILE_MAX)
		return;
	profile.stable = sim_objects_stable();
	profile.event[profile.nr++] = (struct profile_event){
		.task = id, .anchor = anchor, .object = object,
		.op = short_of(current->op_nr), .nth = short_of(sim_nth(anchor)),
	};
	if (!object)
		return;
	profile.tasks[object] |= task_bit(id);
	if (object > profile.names)
		profile.names = object;
}

const struct profile_event *profile_draw_event(void)
{
	const struct profile_event *e, *drawn = NULL;
	unsigned int n = 0;
	u16 object;

	if (!profile.nr_met)
		return NULL;
	object = profile.met[rng_below(&strategy_rng, profile.nr_met)];
	for_each_event_on(e, object)
		if (!rng_below(&strategy_rng, ++n))
			drawn = e;
	return drawn;
}

u64 profile_here(unsigned int id, unsigned int anchor)
{
	struct profile_event e = {
		.task = id, .anchor = anchor,
		.op = short_of(current->op_nr), .nth = short_of(sim_nth(anchor)),
	};

	return profile_key(&e);
}
