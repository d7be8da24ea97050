// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the strategy windows aims at, from the profile of a program: windows, in which a task has let go of a lock that
 * it takes again in the same operation, events that conflict with what is done there, and whole operations.
 * Built without instrumentation.
 */
#include <kernel/bug.h>
#include <machine/task.h>
#include "aim.h"
#include "profile.h"

#define SPANS_MAX 1024

static struct {
	unsigned long learned;		/* of which profile the windows are */
	unsigned int nr_windows;
	struct window {
		u32 release, take;	/* events of the profile */
	} windows[PROFILE_MAX / 2];

	unsigned int nr_spans;
	struct span {
		u8 task;
		u16 op, events, locks;	/* of an operation; how many of its events take a lock */
		u32 first;
	} spans[SPANS_MAX];
} known;

static bool takes(unsigned int anchor)
{
	return anchor >= ANCHOR_LOCK && anchor < ANCHOR_UNLOCK;
}

static bool releases(unsigned int anchor)
{
	return anchor >= ANCHOR_UNLOCK && anchor < ANCHOR_UNLOCKED;
}

/* The event of the same operation, behind it, that takes the lock again; 0: none. */
static u32 taken_again(u32 release)
{
	const struct profile_event *r = &profile.event[release], *e;
	u32 i;

	for (i = release + 1; i < profile.nr; i++) {
		e = &profile.event[i];
		if (e->task != r->task)
			continue;
		if (e->op != r->op)
			return 0;
		if (e->object == r->object && takes(e->anchor))
			return i;
	}
	return 0;
}

/* Does windows_event() come to it, in an operation? */
static bool is_met(const struct profile_event *e)
{
	return e->op && (e->anchor != ANCHOR_BLOCK || !e->object);
}

/* How many events each operation had. */
static void learn_spans(void)
{
	struct span *last[SIM_TASKS_MAX] = { NULL }, **span;
	const struct profile_event *e;
	u32 i;

	known.nr_spans = 0;
	for (i = 0; i < profile.nr; i++) {
		e = &profile.event[i];
		span = &last[e->task];
		if (!is_met(e))
			continue;
		if (!*span || (*span)->op != e->op) {
			if (known.nr_spans == SPANS_MAX)
				return;
			*span = &known.spans[known.nr_spans++];
			**span = (struct span){ .task = e->task, .op = e->op, .first = i };
		}
		(*span)->events++;
		(*span)->locks += takes(e->anchor);
	}
}

static void learn(void)
{
	u32 i, again;

	learn_spans();
	known.nr_windows = 0;
	for (i = 0; i < profile.nr; i++) {
		if (!releases(profile.event[i].anchor) || !profile.event[i].object)
			continue;
		again = taken_again(i);
		if (again)
			known.windows[known.nr_windows++] = (struct window){ i, again };
	}
	known.learned = profile.generation;
}

/* One of @task's events behind @first, up to @last. */
static const struct profile_event *draw_between(u32 first, u32 last, unsigned int task)
{
	const struct profile_event *drawn = NULL;
	unsigned int n = 0;
	u32 i;

	for (i = first + 1; i <= last && i < profile.nr; i++)
		if (profile.event[i].task == task && !rng_below(&strategy_rng, ++n))
			drawn = &profile.event[i];
	return drawn;
}

/* Right behind the release, right before the lock is taken again, or anywhere. */
static const struct profile_event *draw_in_window(const struct window *window)
{
	unsigned int task = profile.event[window->take].task;
	const struct profile_event *e = &profile.event[window->release];

	switch (rng_below(&strategy_rng, 4)) {
	case 0:
		do
			e++;
		while (e->task != task);
		return e;
	case 1:
		return &profile.event[window->take];
	default:
		return draw_between(window->release, window->take, task);
	}
}

static const struct profile_event *first_of(const struct profile_event *of)
{
	const struct profile_event *e = of;

	while (e > profile.event && !(e->task == of->task && e->op != of->op))
		e--;
	while (!(e->task == of->task && e->op == of->op))
		e++;
	return e;
}

/* An object that the operation of @e meets and others do, too. */
static unsigned int draw_object(const struct profile_event *e)
{
	const struct profile_event *o;
	unsigned int n = 0, drawn = 0;

	for (o = first_of(e); o < profile.event + profile.nr; o++) {
		if (o->task != e->task)
			continue;
		if (o->op != e->op)
			break;
		if (profile_met(o->object) && !rng_below(&strategy_rng, ++n))
			drawn = o->object;
	}
	return drawn;
}

/* Another task's event on @object; NULL: none. */
static const struct profile_event *draw_conflict(unsigned int object, unsigned int task)
{
	const struct profile_event *e, *drawn = NULL;
	unsigned int n = 0;

	for_each_event_on(e, object)
		if (e->task != task && e->op && anchor_writes(e->anchor) &&
		    !rng_below(&strategy_rng, ++n))
			drawn = e;
	return drawn;
}

/* A place in a window of @e's task, behind @e; NULL: none. */
static const struct profile_event *draw_window_behind(const struct profile_event *e)
{
	const struct window *drawn = NULL;
	u32 at = e - profile.event, i;
	unsigned int n = 0;

	for (i = 0; i < known.nr_windows; i++)
		if (known.windows[i].release >= at && profile.event[known.windows[i].release].task == e->task &&
		    !rng_below(&strategy_rng, ++n))
			drawn = &known.windows[i];
	return drawn ? draw_in_window(drawn) : NULL;
}

/* How far the other one goes: what conflicts, the end of that operation, or a window of its own. */
static void draw_end(struct aim *aim, const struct profile_event *conflict)
{
	const struct profile_event *to = conflict;

	switch (rng_below(&strategy_rng, 4)) {
	case 0:
		break;
	case 1:
		to = draw_window_behind(conflict) ? : conflict;
		break;
	default:
		aim->whole = true;
	}
	aim->other = to->task;
	aim->to_op = to->op;
	aim->to_key = profile_key(to);
}

static void draw_conflicting(struct aim *aim)
{
	const struct profile_event *hold, *conflict;
	const struct window *window;
	unsigned int object;

	if (known.nr_windows && rng_below(&strategy_rng, 4)) {
		window = &known.windows[rng_below(&strategy_rng, known.nr_windows)];
		hold = draw_in_window(window);
		object = rng_below(&strategy_rng, 2) ? profile.event[window->take].object : 0;
	} else {
		hold = profile_draw_event();
		object = hold ? hold->object : 0;
	}
	if (!hold)
		return;
	object = object && profile_met(object) ? object : draw_object(hold);
	conflict = object ? draw_conflict(object, hold->task) : NULL;
	if (!conflict)
		return;
	aim->held = hold->task;
	aim->hold_key = profile_key(hold);
	aim->from_key = profile_key(rng_below(&strategy_rng, 2) ? first_of(conflict) : conflict);
	draw_end(aim, conflict);
	aim->state = EARLY;
}

/* @of NULL: an operation of any task but @task; else of @of's task: @of itself or a later one. */
static const struct span *draw_span(unsigned int task, const struct span *of)
{
	const struct span *s, *drawn = NULL;
	unsigned int n = 0;

	for (s = of ? : known.spans; s < known.spans + known.nr_spans; s++)
		if ((of ? s->task == of->task : s->task != task) && !rng_below(&strategy_rng, ++n))
			drawn = s;
	return drawn;
}

/*
 * The number of an event of @span: any, or as often one where a lock is about to be taken. What a task has read
 * before it takes a lock may be wrong once it has it, and such events are few among all.
 */
static unsigned int draw_nth(const struct span *span)
{
	const struct profile_event *e = &profile.event[span->first];
	unsigned int nth, locks;

	if (!span->locks || rng_below(&strategy_rng, 2))
		return 1 + rng_below(&strategy_rng, span->events);
	locks = 1 + rng_below(&strategy_rng, span->locks);
	for (nth = 0; locks; e++) {
		if (e->task != span->task || !is_met(e))
			continue;
		nth++;
		locks -= takes(e->anchor);
	}
	return nth;
}

/* The last one of @of's task. */
static const struct span *last_span(const struct span *of)
{
	const struct span *s, *last = of;

	for (s = of; s < known.spans + known.nr_spans; s++)
		if (s->task == of->task)
			last = s;
	return last;
}

/*
 * Anywhere in an operation, and a few whole operations of another task meanwhile, or all that it has left: what
 * they do depends on what the first one has done by then, and need not be in the profile.
 */
static void draw_operations(struct aim *aim)
{
	const struct span *held, *from;

	if (!known.nr_spans)
		return;
	held = &known.spans[rng_below(&strategy_rng, known.nr_spans)];
	from = draw_span(held->task, NULL);
	if (!from)
		return;
	aim->held = held->task;
	aim->hold_op = held->op;
	aim->hold_nth = draw_nth(held);
	aim->other = from->task;
	aim->from_op = from->op;
	aim->to_op = (rng_below(&strategy_rng, 3) ? draw_span(0, from) : last_span(from))->op;
	aim->whole = true;
	aim->state = EARLY;
}

void aim_draw(struct aim *aim)
{
	if (known.learned != profile.generation)
		learn();
	*aim = (struct aim){ .state = OVER };
	if (rng_below(&strategy_rng, 2))
		draw_operations(aim);
	else
		draw_conflicting(aim);
}
