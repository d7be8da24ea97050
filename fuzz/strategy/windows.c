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
#include "aim.h"
#include "profile.h"

#define AIMS_MAX 3

static struct {
	unsigned int nr;
	struct aim aims[AIMS_MAX];
	u8 held_at[SIM_TASKS_MAX], from_at[SIM_TASKS_MAX];	/* bits of aims */
	unsigned int op[SIM_TASKS_MAX], nth[SIM_TASKS_MAX];	/* operation, and its events so far */
} w;

static void windows_begin(void)
{
	unsigned int i;

	pos_begin(rng_below(&strategy_rng, 4));
	w.nr = 0;
	if (!profile.taken)
		return;
	w.nr = 1 + rng_below(&strategy_rng, AIMS_MAX);
	for (i = 0; i < w.nr; i++)
		aim_draw(&w.aims[i]);
}

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
