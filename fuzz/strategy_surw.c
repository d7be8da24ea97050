// SPDX-License-Identifier: GPL-2.0-only
/*
 * SURW, selectively uniform random walk (Zhao, Wolff, Mathur, Roychoudhury, ASPLOS 2025): uniform
 * over the interleavings of interesting events. Whose event is the next one is drawn in
 * proportion to how many each task has left; it is waited for, others run up to their own. How
 * many there are is counted in one run of the same program.
 *
 * Interesting are events of a few kinds, drawn anew for each schedule from those that met a
 * contended object in the counting run. Objects have no name that would be the same in the next
 * schedule, kinds have: "lock(ci)" is the clusters. Built without instrumentation.
 */
#include <string.h>

#include <kernel/bug.h>
#include "strategy_internal.h"

#define OBJECTS 1024U			/* a power of two */
#define NONE SIM_TASKS_MAX

static struct {
	bool counting, counted;
	u32 count[SIM_TASKS_MAX][NR_ANCHORS];
	bool contended[NR_ANCHORS];
	struct {
		const volatile void *obj;
		u64 tasks;
	} objects[OBJECTS];

	bool interesting[NR_ANCHORS];	/* in this schedule */
	u32 left[SIM_TASKS_MAX];
	u64 pending;			/* tasks that are at an interesting event */
	unsigned int intended;		/* whose is the next one */
	u64 switch_below;		/* of 2^32: leave who runs in between; 0: never */
} surw;

void surw_reset(void)
{
	memset(&surw, 0, sizeof(surw));
}

/* --- counting ----------------------------------------------------------------------------- */

static void count_event(unsigned int id, unsigned int anchor, const volatile void *obj)
{
	unsigned int at = ((unsigned long)obj * 0x9e3779b97f4a7c15UL) >> 54, tries = OBJECTS;

	surw.count[id][anchor]++;
	surw.counted = true;
	if (!obj)
		return;
	while (surw.objects[at].obj && surw.objects[at].obj != obj && --tries)
		at = (at + 1) % OBJECTS;
	if (!tries)
		return;
	surw.objects[at].obj = obj;
	surw.objects[at].tasks |= BIT(id);
	if (surw.objects[at].tasks & (surw.objects[at].tasks - 1))
		surw.contended[anchor] = true;
}

/* One kind, or each with the same odds; at least one. */
static void choose_interesting(void)
{
	unsigned int kinds[NR_ANCHORS], nr = 0, i, id, chosen;
	bool many = rng_below(&strategy_rng, 2);

	for (i = 0; i < NR_ANCHORS; i++) {
		surw.interesting[i] = false;
		if (surw.contended[i])
			kinds[nr++] = i;
	}
	if (nr) {
		chosen = kinds[rng_below(&strategy_rng, nr)];
		surw.interesting[chosen] = true;
	}
	for (i = 0; many && i < nr; i++)
		surw.interesting[kinds[i]] |= rng_below(&strategy_rng, 2);
	for (id = 0; id < SIM_TASKS_MAX; id++)
		for (surw.left[id] = 0, i = 0; i < nr; i++)
			if (surw.interesting[kinds[i]])
				surw.left[id] += surw.count[id][kinds[i]];
}

static void surw_begin(void)
{
	unsigned int power;

	random_begin();
	surw.counting = !surw.counted;
	surw.pending = 0;
	surw.intended = NONE;
	if (surw.counting)
		return;
	choose_interesting();
	/* what lies between interesting events is run through, or walked at random */
	power = rng_below(&strategy_rng, 8);
	surw.switch_below = power == 7 ? 0 : (1UL << 32) >> power;
}

/* --- the walk ----------------------------------------------------------------------------- */

static void surw_event(unsigned int id, unsigned int anchor, const volatile void *obj)
{
	if (surw.counting) {
		count_event(id, anchor, obj);
		return;
	}
	if (surw.pending & BIT(id)) {
		surw.pending &= ~BIT(id);
		if (surw.left[id])
			surw.left[id]--;
		surw.intended = NONE;
	}
	if (surw.interesting[anchor])
		surw.pending |= BIT(id);
	if (anchor == ANCHOR_END)
		surw.left[id] = 0;
}

/* In proportion to what they have left. Return: NONE if nobody has anything. */
static unsigned int draw_intended(u64 tasks)
{
	u64 total = 0, random, t;
	unsigned int id;

	for (t = tasks; t; t &= t - 1)
		total += surw.left[__builtin_ctzl(t)];
	if (!total)
		return NONE;
	random = rng_below(&strategy_rng, total);
	for (t = tasks; ; t &= t - 1) {
		id = __builtin_ctzl(t);
		if (random < surw.left[id])
			return id;
		random -= surw.left[id];
	}
}

static unsigned int draw_uniform(u64 tasks)
{
	unsigned int n = rng_below(&strategy_rng, __builtin_popcountl(tasks));

	while (n--)
		tasks &= tasks - 1;
	return __builtin_ctzl(tasks);
}

static unsigned int surw_pick(const struct sim_view *view)
{
	u64 may_run, random;

	if (surw.counting)
		return random_pick(view);
	/* it waits for somebody, who may be at an interesting event */
	if (view->yields)
		return draw_uniform(view->runnable & ~BIT(view->task));
	if (surw.intended == NONE)
		surw.intended = draw_intended(~0UL);
	if (surw.intended == NONE)
		return random_pick(view);
	may_run = view->runnable & ~(surw.pending & ~BIT(surw.intended));
	if (!may_run) {
		/* it is blocked, and only others' interesting events can change that */
		surw.intended = draw_intended(view->runnable);
		return surw.intended == NONE ? draw_uniform(view->runnable) : surw.intended;
	}
	random = rng_next(&strategy_rng);
	if (!surw.switch_below && (may_run & BIT(surw.intended)))
		return surw.intended;
	if ((may_run & BIT(view->task)) && (random & 0xffffffff) >= surw.switch_below)
		return view->task;
	return draw_uniform(may_run);
}

const struct sim_strategy strategy_surw = {
	.name = "surw",
	.begin = surw_begin,
	.event = surw_event,
	.pick = surw_pick,
	.value = strategy_value,
};
