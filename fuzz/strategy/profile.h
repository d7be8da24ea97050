/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The profile of a program's first schedule, whichever strategy ran it, for strategies that need to
 * know which events to expect.
 */
#ifndef _FUZZ_STRATEGY_PROFILE_H
#define _FUZZ_STRATEGY_PROFILE_H

#include <sim/sim.h>

#define PROFILE_MAX (1U << 16)		/* events; of a longer schedule, only the first ones */

struct profile_event {
	u8 task, anchor;
	u16 object;			/* 0: none */
	u16 op, nth;			/* as a choice has them; at most U16_MAX */
};

struct profile {
	unsigned long generation;	/* of this program's, from 1 */
	bool taken;			/* and evaluated: the members below are valid */
	unsigned int nr, stable;	/* events; the last name that is the same in the next schedule */
	struct profile_event event[PROFILE_MAX];
	task_set tasks[SIM_OBJECTS_MAX];	/* that met each object */
	bool kind[NR_ANCHORS];		/* is it an event on contended objects? */
	unsigned int nr_objects;
	u16 objects[SIM_OBJECTS_MAX];	/* the contended ones among the stable */
	unsigned int nr_met;
	u16 met[SIM_OBJECTS_MAX];	/* all contended ones, by their names in the profile */
	unsigned int names;		/* objects with a mask */
	bool is_met[SIM_OBJECTS_MAX];	/* by two tasks */
	/* Chains of events in their order, by number from 1; 0: no more. */
	u32 first_on[SIM_OBJECTS_MAX], next_on[PROFILE_MAX];	/* the same object */
	u32 first_of[NR_ANCHORS], next_of[PROFILE_MAX];	/* the same kind, on contended objects */
};
extern struct profile profile;

/* Another program. */
void profile_reset(void);
/* A schedule begins. Return: true if it is the first one, which needs calls of profile_event(). */
bool profile_begin(void);
/* As a strategy's event(). */
void profile_event(unsigned int id, unsigned int anchor, unsigned int object);

/* Did two tasks meet it, judging by its name? An object without a lasting name counts as met. */
static inline bool profile_contended(unsigned int object)
{
	return object > profile.stable || profile.is_met[object];
}

/* Did two tasks meet it in the profile? @object: its name there. */
static inline bool profile_met(unsigned int object)
{
	return profile.is_met[object];
}

static inline const struct profile_event *profile_event_at(u32 number)
{
	return number ? &profile.event[number - 1] : NULL;
}

/* The events on an object, but not on 0; those of a kind on contended objects. */
#define for_each_event_on(e, object)					\
	for ((e) = profile_event_at(profile.first_on[object]); (e);	\
	     (e) = profile_event_at(profile.next_on[(e) - profile.event]))
#define for_each_event_of(e, anchor)					\
	for ((e) = profile_event_at(profile.first_of[anchor]); (e);	\
	     (e) = profile_event_at(profile.next_of[(e) - profile.event]))

/* An event on a contended object, each object with the same odds. NULL: there is none. */
const struct profile_event *profile_draw_event(void);

/* A number that is equal in two schedules for the same event; 0: no event. */
static inline u64 profile_key(const struct profile_event *e)
{
	return e ? (u64)(e->task + 1) << 48 | (u64)e->anchor << 32 | (u64)e->op << 16 | e->nth : 0;
}

/* The number of the event that the current task, @id, has come to. */
u64 profile_here(unsigned int id, unsigned int anchor);

#endif /* _FUZZ_STRATEGY_PROFILE_H */
