// SPDX-License-Identifier: GPL-2.0-only
/*
 * SURW, selectively uniform random walk (Zhao, Wolff, Mathur, Roychoudhury, ASPLOS 2025): uniform
 * over the interleavings of interesting events. Whose event is the next one is drawn in
 * proportion to how many each task has left; it is waited for, others run up to their own. How
 * many there are is known from the program's profile.
 *
 * Interesting are, drawn anew for each schedule: the events on one or several contended objects,
 * or those of one or several kinds on any of them ("lock(ci)" is the clusters), since objects that
 * the program makes have no name that would be the same in the next schedule. A release is
 * neither: what it orders is the order of those that take. Built without instrumentation.
 */
#include <string.h>

#include <kernel/bug.h>
#include "internal.h"
#include "profile.h"

#define NONE SIM_TASKS_MAX

static struct {
	bool by_object;			/* else by kind */
	bool kinds[NR_ANCHORS];
	bool objects[SIM_OBJECTS_MAX];	/* those of the profile are valid */
	bool any;			/* is there anything interesting? */

	u64 tasks;			/* those that are there, or are known to come */
	u32 left[SIM_TASKS_MAX];
	u64 pending;			/* tasks that are at an interesting event */
	unsigned int intended;		/* whose is the next one */
	bool by_priority;		/* what runs in between: the highest, or a random walk */
	u64 priority[SIM_TASKS_MAX];
	u64 switch_below;		/* of 2^32: leave who runs in between; 0: never */
} surw;

/* --- what is interesting ------------------------------------------------------------------ */

static bool interesting(unsigned int anchor, unsigned int object)
{
	if (anchor >= ANCHOR_UNLOCK && anchor <= ANCHOR_END)
		return false;
	if (surw.by_object)
		return object <= profile.stable && profile_met(object) && surw.objects[object];
	return surw.kinds[anchor] && profile_contended(object);
}

/* One of @nr, or each with the same odds; at least one. */
static void draw(bool *chosen, const u16 *from, unsigned int nr)
{
	unsigned int i, one_in = rng_below(&strategy_rng, 2) ? 0 : 2U << rng_below(&strategy_rng, 3);

	for (i = 0; i < nr; i++)
		chosen[from[i]] = one_in && !rng_below(&strategy_rng, one_in);
	chosen[from[rng_below(&strategy_rng, nr)]] = true;
}

static void choose_interesting(void)
{
	u16 kinds[NR_ANCHORS];
	unsigned int nr = 0, i;

	memset(surw.left, 0, sizeof(surw.left));
	for (i = 0; i < NR_ANCHORS; i++)
		if (profile.kind[i] && !(i >= ANCHOR_UNLOCK && i <= ANCHOR_END))
			kinds[nr++] = i;
	surw.any = nr;
	if (!nr)
		return;
	surw.by_object = profile.nr_objects && rng_below(&strategy_rng, 2);
	if (surw.by_object) {
		draw(surw.objects, profile.objects, profile.nr_objects);
	} else {
		memset(surw.kinds, 0, sizeof(surw.kinds));
		draw(surw.kinds, kinds, nr);
	}
	for (i = 0; i < profile.nr; i++) {
		if (!interesting(profile.event[i].anchor, profile.event[i].object))
			continue;
		surw.left[profile.event[i].task]++;
		surw.tasks |= BIT(profile.event[i].task);
	}
}

static void surw_begin(void)
{
	unsigned int power;

	random_begin();
	surw.pending = surw.tasks = 0;
	surw.intended = NONE;
	surw.any = profile.taken;
	if (!surw.any)
		return;
	choose_interesting();
	/* what lies between interesting events is run through, walked at random, or ranked */
	surw.by_priority = !rng_below(&strategy_rng, 4);
	power = rng_below(&strategy_rng, 8);
	surw.switch_below = power == 7 ? 0 : (1UL << 32) >> power;
}

static void surw_task(unsigned int id)
{
	surw.tasks |= BIT(id);
	surw.priority[id] = rng_next(&strategy_rng);
}

/* --- the walk ----------------------------------------------------------------------------- */

static void surw_event(unsigned int id, unsigned int anchor, unsigned int object)
{
	if (!surw.any)
		return;
	if (surw.pending & BIT(id)) {
		/* it could not do it yet */
		if (anchor == ANCHOR_BLOCK && object)
			return;
		surw.pending &= ~BIT(id);
		if (surw.left[id])
			surw.left[id]--;
		if (surw.intended == id)
			surw.intended = NONE;
	}
	if (interesting(anchor, object))
		surw.pending |= BIT(id);
	if (anchor == ANCHOR_END) {
		surw.left[id] = 0;
		if (surw.intended == id)
			surw.intended = NONE;
	}
}

/* One that is there weighs something, whatever was counted. */
static u32 weight(unsigned int id)
{
	return surw.left[id] ? : !!(surw.pending & BIT(id));
}

/* In proportion to what they have left. Return: NONE if nobody has anything. */
static unsigned int draw_intended(u64 tasks)
{
	u64 total = 0, random, t;
	unsigned int id;

	for (t = tasks; t; t &= t - 1)
		total += weight(__builtin_ctzl(t));
	if (!total)
		return NONE;
	random = rng_below(&strategy_rng, total);
	for (t = tasks; ; t &= t - 1) {
		id = __builtin_ctzl(t);
		if (random < weight(id))
			return id;
		random -= weight(id);
	}
}

static unsigned int draw_uniform(u64 tasks)
{
	unsigned int n = rng_below(&strategy_rng, __builtin_popcountl(tasks));

	while (n--)
		tasks &= tasks - 1;
	return __builtin_ctzl(tasks);
}

static unsigned int highest(u64 tasks)
{
	unsigned int best = __builtin_ctzl(tasks), id;

	for (; tasks; tasks &= tasks - 1) {
		id = __builtin_ctzl(tasks);
		if (surw.priority[id] > surw.priority[best])
			best = id;
	}
	return best;
}

/* Those of @may_run that are not at an interesting event, and the intended one, run up to it. */
static unsigned int fill(const struct sim_view *view, u64 may_run)
{
	u64 random;

	if (surw.by_priority)
		return highest(may_run);
	random = rng_next(&strategy_rng);
	if (!surw.switch_below && (may_run & BIT(surw.intended)))
		return surw.intended;
	if ((may_run & BIT(view->task)) && (random & 0xffffffff) >= surw.switch_below)
		return view->task;
	return draw_uniform(may_run);
}

static unsigned int surw_pick(const struct sim_view *view)
{
	u64 may_run;

	if (!surw.any)
		return random_pick(view);
	/* it waits for a task, which may be at an interesting event */
	if (view->yields)
		return draw_uniform(view->runnable & ~BIT(view->task));
	if (surw.intended == NONE)
		surw.intended = draw_intended(surw.tasks);
	if (surw.intended == NONE)
		return random_pick(view);
	may_run = view->runnable & ~(surw.pending & ~BIT(surw.intended));
	if (may_run)
		return fill(view, may_run);
	/* it is blocked, and only others' interesting events can change that */
	surw.intended = draw_intended(view->runnable);
	return surw.intended == NONE ? draw_uniform(view->runnable) : surw.intended;
}

const struct sim_strategy strategy_surw = {
	.name = "surw",
	.begin = surw_begin,
	.task = surw_task,
	.event = surw_event,
	.pick = surw_pick,
	.value = strategy_value,
};
