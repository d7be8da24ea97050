// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows: a task lets go of a lock that it takes again in the same operation, and what it knew
 * may be wrong by then. Where that happens is learned from the program's profile, as CTrigger
 * (Park, Lu, Zhou, ASPLOS 2009) learns where atomicity may be violated. One to three times, a task
 * is held in a window, or between two events on contended objects, and another task's operation
 * that conflicts is aimed into it: held back until then, and preferred from then on, up to its end
 * or to somewhere in its middle. Or a task is held anywhere in an operation, half of the time where it is
 * about to take a lock, for a few whole operations of another task, or all that it has left. The rest is POS,
 * or fixed priorities. Built without instrumentation.
 */
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <machine/task.h>
#include "internal.h"
#include "profile.h"

#define AIMS_MAX 3
#define SPANS_MAX 1024

enum state {
	EARLY,				/* nobody is in the window */
	OPEN,				/* the task is held in it */
	OVER,
};

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

	unsigned int nr;
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
		enum state state;
		bool reached;		/* it is at the event that it is to do */
	} aims[AIMS_MAX];
	u8 held_at[SIM_TASKS_MAX], from_at[SIM_TASKS_MAX];	/* bits of aims */
	unsigned int op[SIM_TASKS_MAX], nth[SIM_TASKS_MAX];	/* operation, and its events so far */
} w;

/* --- what there is to aim at -------------------------------------------------------------- */

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

	w.nr_spans = 0;
	for (i = 0; i < profile.nr; i++) {
		e = &profile.event[i];
		span = &last[e->task];
		if (!is_met(e))
			continue;
		if (!*span || (*span)->op != e->op) {
			if (w.nr_spans == SPANS_MAX)
				return;
			*span = &w.spans[w.nr_spans++];
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
	w.nr_windows = 0;
	for (i = 0; i < profile.nr; i++) {
		if (!releases(profile.event[i].anchor) || !profile.event[i].object)
			continue;
		again = taken_again(i);
		if (again)
			w.windows[w.nr_windows++] = (struct window){ i, again };
	}
	w.learned = profile.generation;
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

	for (i = 0; i < w.nr_windows; i++)
		if (w.windows[i].release >= at && profile.event[w.windows[i].release].task == e->task &&
		    !rng_below(&strategy_rng, ++n))
			drawn = &w.windows[i];
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

	if (w.nr_windows && rng_below(&strategy_rng, 4)) {
		window = &w.windows[rng_below(&strategy_rng, w.nr_windows)];
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

	for (s = of ? : w.spans; s < w.spans + w.nr_spans; s++)
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

	for (s = of; s < w.spans + w.nr_spans; s++)
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

	if (!w.nr_spans)
		return;
	held = &w.spans[rng_below(&strategy_rng, w.nr_spans)];
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

static void draw_aim(struct aim *aim)
{
	*aim = (struct aim){ .state = OVER };
	if (rng_below(&strategy_rng, 2))
		draw_operations(aim);
	else
		draw_conflicting(aim);
}

static void windows_begin(void)
{
	unsigned int i;

	pos_begin(rng_below(&strategy_rng, 4));
	w.nr = 0;
	if (!profile.taken)
		return;
	if (w.learned != profile.generation)
		learn();
	w.nr = 1 + rng_below(&strategy_rng, AIMS_MAX);
	for (i = 0; i < w.nr; i++)
		draw_aim(&w.aims[i]);
}

/* --- the walk ----------------------------------------------------------------------------- */

static void windows_task(unsigned int id)
{
	pos_task(id);
	w.held_at[id] = w.from_at[id] = 0;
	w.op[id] = w.nth[id] = 0;
}

/* The task that is aimed comes to an event: is it through? */
static void aimed(struct aim *aim, unsigned int anchor, u64 key)
{
	if (current->op_nr > aim->to_op || anchor == ANCHOR_END || (!aim->whole && aim->reached))
		aim->state = OVER;
	aim->reached = aim->to_key == key;
}

/* Is the task where the aim holds it? */
static bool opens(const struct aim *aim, unsigned int id, u64 key)
{
	if (!aim->hold_op)
		return aim->hold_key == key;
	return id == aim->held && w.op[id] == aim->hold_op && w.nth[id] == aim->hold_nth;
}

static bool waits(const struct aim *aim, unsigned int id, u64 key)
{
	if (!aim->from_op)
		return aim->from_key == key;
	return id == aim->other && w.op[id] == aim->from_op && w.nth[id] == 1;
}

/* A task that is to go on is held no more, nor does it wait for another one to be. */
static void release(unsigned int task)
{
	unsigned int i;

	for (i = 0; i < w.nr; i++)
		if (w.aims[i].state == OPEN && w.aims[i].held == task)
			w.aims[i].state = OVER;
	w.from_at[task] = 0;
}

/* Has the task passed where it was to be held? The operation was shorter than in the profile. */
static bool missed(const struct aim *aim, unsigned int id, unsigned int anchor)
{
	return aim->hold_op && id == aim->held && (w.op[id] > aim->hold_op || anchor == ANCHOR_END);
}

static void come_to(unsigned int id, unsigned int anchor, u64 key)
{
	unsigned int i, over = 0, held_at = w.held_at[id];
	struct aim *aim;

	w.held_at[id] = w.from_at[id] = 0;
	w.nth[id] = w.op[id] == current->op_nr ? w.nth[id] + 1 : 1;
	w.op[id] = current->op_nr;
	for (i = 0; i < w.nr; i++) {
		aim = &w.aims[i];
		/* it has gone on nevertheless */
		if (held_at & BIT(i))
			aim->state = OVER;
		if (aim->state != OVER && id == aim->other)
			aimed(aim, anchor, key);
		if (aim->state == EARLY && missed(aim, id, anchor))
			aim->state = OVER;
		if (aim->state == EARLY && opens(aim, id, key)) {
			release(aim->other);
			aim->state = OPEN;
			w.held_at[id] |= BIT(i);
		} else if (aim->state == EARLY && waits(aim, id, key)) {
			w.from_at[id] |= BIT(i);
		}
		over += aim->state == OVER;
	}
	if (over == w.nr)
		w.nr = 0;
}

static void windows_event(unsigned int id, unsigned int anchor, unsigned int object)
{
	/* one that waits is still where it was */
	if (w.nr && (anchor != ANCHOR_BLOCK || !object))
		come_to(id, anchor, profile_here(id, anchor));
	pos_event(id, anchor, object);
}

static unsigned int windows_pick(const struct sim_view *view)
{
	task_set held = 0, preferred = 0;
	const struct aim *aim;
	unsigned int i;

	for (i = 0; i < w.nr; i++) {
		aim = &w.aims[i];
		if (aim->state == OPEN) {
			held |= task_bit(aim->held);
			preferred |= task_bit(aim->other);
		} else if (aim->state == EARLY && (w.from_at[aim->other] & BIT(i))) {
			held |= task_bit(aim->other);
		}
	}
	return pos_pick_among(view, held, preferred);
}

const struct sim_strategy strategy_windows = {
	.name = "windows",
	.begin = windows_begin,
	.task = windows_task,
	.event = windows_event,
	.pick = windows_pick,
	.value = strategy_value,
};
