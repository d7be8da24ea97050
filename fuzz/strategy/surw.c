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
#include "ranking.h"

#define NONE SIM_TASKS_MAX

static struct {
	bool by_object;			/* else by kind */
	bool kinds[NR_ANCHORS];
	bool objects[SIM_OBJECTS_MAX];	/* those with lasting names are valid */
	bool any;			/* is there anything interesting? */

	task_set tasks;			/* those that are there, or are known to come */
	u32 left[SIM_TASKS_MAX];
	task_set pending;		/* tasks that are at an interesting event */
	u64 sums[2 * SIM_TASKS_MAX];	/* of weights: node i has those of 2i and 2i + 1 */
	task_set reweigh;		/* tasks whose weight there is an old one */
	unsigned int intended;		/* whose is the next one */
	bool by_priority;		/* what runs in between: the highest, or a random walk */
	struct ranking ranking;
	u64 switch_below;		/* of 2^32: leave who runs in between; 0: never */
} surw;

/* --- what is interesting ------------------------------------------------------------------ */

static bool releases(unsigned int anchor)
{
	return anchor >= ANCHOR_UNLOCK && anchor <= ANCHOR_END;
}

static bool interesting(unsigned int anchor, unsigned int object)
{
	if (surw.by_object)
		return object <= profile.stable && surw.objects[object] && !releases(anchor);
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

static void count(const struct profile_event *e)
{
	surw.left[e->task]++;
	surw.tasks |= task_bit(e->task);
}

static void choose_interesting(void)
{
	const struct profile_event *e;
	u16 kinds[NR_ANCHORS];
	unsigned int nr = 0, i;

	memset(surw.left, 0, sizeof(surw.left));
	for (i = 0; i < NR_ANCHORS; i++)
		if (profile.kind[i] && !releases(i))
			kinds[nr++] = i;
	surw.any = nr;
	if (!nr)
		return;
	surw.by_object = profile.nr_objects && rng_below(&strategy_rng, 2);
	if (surw.by_object) {
		memset(surw.objects, 0, (profile.stable + 1) * sizeof(*surw.objects));
		draw(surw.objects, profile.objects, profile.nr_objects);
		for (i = 0; i < profile.nr_objects; i++)
			if (surw.objects[profile.objects[i]])
				for_each_event_on(e, profile.objects[i])
					if (!releases(e->anchor))
						count(e);
		return;
	}
	memset(surw.kinds, 0, sizeof(surw.kinds));
	draw(surw.kinds, kinds, nr);
	for (i = 0; i < nr; i++)
		if (surw.kinds[kinds[i]])
			for_each_event_of(e, kinds[i])
				count(e);
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
	memset(surw.sums, 0, sizeof(surw.sums));
	surw.reweigh = surw.tasks;
	ranking_reset(&surw.ranking);
	/* what lies between interesting events is run through, walked at random, or ranked */
	surw.by_priority = !rng_below(&strategy_rng, 4);
	power = rng_below(&strategy_rng, 8);
	surw.switch_below = power == 7 ? 0 : (1UL << 32) >> power;
}

static void surw_task(unsigned int id)
{
	surw.tasks |= task_bit(id);
	surw.reweigh |= task_bit(id);
	ranking_set(&surw.ranking, id, rng_next(&strategy_rng));
}

/* --- the walk ----------------------------------------------------------------------------- */

static void surw_event(unsigned int id, unsigned int anchor, unsigned int object)
{
	if (!surw.any)
		return;
	if (surw.pending & task_bit(id)) {
		/* it could not do it yet */
		if (anchor == ANCHOR_BLOCK && object)
			return;
		surw.pending &= ~task_bit(id);
		surw.reweigh |= task_bit(id);
		if (surw.left[id])
			surw.left[id]--;
		if (surw.intended == id)
			surw.intended = NONE;
	}
	if (interesting(anchor, object)) {
		surw.pending |= task_bit(id);
		surw.reweigh |= task_bit(id);
	}
	if (anchor == ANCHOR_END) {
		surw.reweigh |= task_bit(id);
		surw.left[id] = 0;
		if (surw.intended == id)
			surw.intended = NONE;
	}
}

/* One that is there weighs something, whatever was counted. */
static u32 weight(unsigned int id)
{
	return surw.left[id] ? : !!(surw.pending & task_bit(id));
}

/* Of all tasks, in proportion to what they have left. Return: NONE if nobody has anything. */
static unsigned int draw_intended(void)
{
	unsigned int id, node;
	u64 random;

	for_each_task(id, surw.reweigh) {
		node = SIM_TASKS_MAX + id;
		surw.sums[node] = surw.tasks & task_bit(id) ? weight(id) : 0;
		for (node /= 2; node; node /= 2)
			surw.sums[node] = surw.sums[2 * node] + surw.sums[2 * node + 1];
	}
	surw.reweigh = 0;
	if (!surw.sums[1])
		return NONE;
	random = rng_below(&strategy_rng, surw.sums[1]);
	for (node = 1; node < SIM_TASKS_MAX; ) {
		node *= 2;
		if (random >= surw.sums[node])
			random -= surw.sums[node++];
	}
	return node - SIM_TASKS_MAX;
}

/* The same of some tasks. */
static unsigned int draw_intended_among(task_set tasks)
{
	u64 total = 0, random;
	unsigned int id;

	for_each_task(id, tasks)
		total += weight(id);
	if (!total)
		return NONE;
	random = rng_below(&strategy_rng, total);
	for_each_task(id, tasks) {
		if (random < weight(id))
			break;
		random -= weight(id);
	}
	return id;
}

static unsigned int draw_uniform(task_set tasks)
{
	return task_nth(tasks, rng_below(&strategy_rng, task_count(tasks)));
}

/* Those of @may_run that are not at an interesting event, and the intended one, run up to it. */
static unsigned int fill(const struct sim_view *view, task_set may_run)
{
	u64 random;

	if (surw.by_priority)
		return ranking_best(&surw.ranking, may_run);
	random = rng_next(&strategy_rng);
	if (!surw.switch_below && (may_run & task_bit(surw.intended)))
		return surw.intended;
	if ((may_run & task_bit(view->task)) && (random & 0xffffffff) >= surw.switch_below)
		return view->task;
	return draw_uniform(may_run);
}

static unsigned int surw_pick(const struct sim_view *view)
{
	task_set may_run;

	if (!surw.any)
		return random_pick(view);
	/* it waits for a task, which may be at an interesting event */
	if (view->yields)
		return draw_uniform(view->runnable & ~task_bit(view->task));
	if (surw.intended == NONE)
		surw.intended = draw_intended();
	if (surw.intended == NONE)
		return random_pick(view);
	may_run = view->runnable & ~(surw.pending & ~task_bit(surw.intended));
	if (may_run)
		return fill(view, may_run);
	/* it is blocked, and only others' interesting events can change that */
	surw.intended = draw_intended_among(view->runnable);
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
