// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scheduler: points, choices, blocking. A task that reaches a point asks the strategy and
 * switches directly to whoever is picked.
 */
#include <kernel/bug.h>
#include <kernel/percpu.h>
#include "internal.h"

#define LIMIT_DEFAULT 400000UL		/* points without an operation's end */
#define LIMIT_TOTAL 50			/* times the limit, for a whole schedule */
#define FAIR_AFTER 20			/* a 20th of the limit: the rest of it is fair */
#define FAIR_TURN 256			/* points */

struct task_struct *sim_current;
unsigned int sim_muted;
struct sim_schedule sim;

static const struct sim_strategy *strategy = &sim_strategy_default;
static sim_tracer_fn tracer;
static sim_watcher_fn watcher;
static unsigned long limit = LIMIT_DEFAULT;

void sim_set_strategy(const struct sim_strategy *new)
{
	strategy = new;
}

void sim_set_tracer(sim_tracer_fn fn)
{
	tracer = fn;
}

void sim_set_watcher(sim_watcher_fn fn)
{
	watcher = fn;
}

void sim_set_limit(unsigned long points)
{
	limit = points ? points : LIMIT_DEFAULT;
}

u64 sim_trace_hash(void)
{
	return sim.hash;
}

unsigned long sim_points(void)
{
	return sim.points;
}

unsigned long sim_contended_points(void)
{
	return sim.contended;
}

unsigned long sim_last_contended(void)
{
	return sim.last_contended;
}

void sim_forget_length(void)
{
	sim.contended = 0;
}

task_set sim_runnable(void)
{
	return sim.runnable;
}

/* --- runnable tasks ---------------------------------------------------------------------- */

/* It only saves looking at others: no decision depends on the address. */
static task_set *bucket(const volatile void *obj)
{
	return &sim.waiters[(unsigned long)obj * 0x9e3779b97f4a7c15UL >> 58];
}

void sim_make_runnable(struct sim_task *task)
{
	unsigned int id = task->task.id;

	if (task->state == SIM_RUNNABLE)
		return;
	task->state = SIM_RUNNABLE;
	if (sim.blocked & task_bit(id))
		*bucket(task->task.waiting_for) &= ~task_bit(id);
	sim.blocked &= ~task_bit(id);
	sim.runnable |= task_bit(id);
	task->list_pos = sim.nr_runnable;
	sim.list[sim.nr_runnable++] = id;
}

static void make_unrunnable(struct sim_task *task, enum sim_state state)
{
	unsigned int id = task->task.id, last = sim.list[--sim.nr_runnable];

	sim.list[task->list_pos] = last;
	sim_tasks[last]->list_pos = task->list_pos;
	sim.runnable &= ~task_bit(id);
	task->state = state;
	if (state != SIM_BLOCKED)
		return;
	sim.blocked |= task_bit(id);
	*bucket(task->task.waiting_for) |= task_bit(id);
}

/*
 * The next task in a circle: those that run operations first, then workers, then RCU, so that
 * a grace period ends when a task waits for it, or at the end.
 */
static unsigned int default_next(unsigned int id, task_set set)
{
	task_set workers = task_bit(SIM_TASK_WORK0) | task_bit(SIM_TASK_WORK1);
	task_set users = set & ~(workers | task_bit(SIM_TASK_RCU)), above;

	if (users) {
		above = users & ~(task_bit(id) | (task_bit(id) - 1));
		return task_first(above ? above : users);
	}
	return task_first(set & workers ? set & workers : set);
}

/* --- choices ----------------------------------------------------------------------------- */

void sim_hash_in(u64 value)
{
	sim.hash = (sim.hash ^ value) * 0x9e3779b97f4a7c15UL;
	sim.hash ^= sim.hash >> 29;
}

unsigned int sim_choose(unsigned int anchor, unsigned int n, unsigned int dflt)
{
	struct sim_task *t = sim_self();
	const struct choice *c;
	unsigned int value;

	if (n < 2 || sim_muted)
		return dflt;
	t->nth[anchor]++;
	c = sim.replaying && !sim.full ? sim_recorded(t, anchor) : NULL;
	if (c && c->value >= n) {
		sim_replay_stale(c);
		c = NULL;
	}
	value = c ? c->value : sim.fair || sim.full ? dflt : strategy->value(anchor, n, dflt);
	if (value != dflt)
		sim_record(t, anchor, value);
	return value;
}

/* --- progress ---------------------------------------------------------------------------- */

static void check_limits(void)
{
	unsigned long since = sim.points - sim.op_points;

	if (since > sim.fair_after)
		sim.fair = true;
	if (since > limit)
		harness_fail("LIVELOCK", sim_current->waiting_site ? : CODE_SITE,
			     "no operation has ended for %lu points, the last ones in turns",
			     since);
	if (sim.points > sim.last_point)
		harness_fail("LIVELOCK", CODE_SITE, "the schedule has not ended after %lu points",
			     sim.points);
}

/* --- the decision ------------------------------------------------------------------------ */

static void run(struct sim_task *from, struct sim_task *to)
{
	if (from == to)
		return;
	sim_current = &to->task;
	fiber_switch(from, to);
}

/*
 * All in turns, workers and RCU, too: the task that runs may wait for what they do, without sleeping. In
 * turns over all such times of a schedule: an operation that ends in between must not bring the same task
 * up again, while another never runs.
 */
static unsigned int fair_next(unsigned int id)
{
	task_set others = sim.runnable & ~task_bit(id);
	task_set above = others & ~(task_bit(sim.fair_last) | (task_bit(sim.fair_last) - 1));

	sim.fair_last = task_first(above ? above : others);
	return sim.fair_last;
}

/* Recorded choices, and where the strategy has nothing to decide. */
static noinline unsigned int decide_otherwise(struct sim_task *t, const struct sim_view *view)
{
	unsigned int next = SIM_TASKS_MAX;
	const struct choice *c;

	if (sim.nr_runnable < 2 || sim.full)
		next = view->dflt;
	else if (sim.fair)
		next = sim.points % FAIR_TURN ? view->dflt : fair_next(t->task.id);
	c = sim.replaying && !sim.full ? sim_recorded(t, view->anchor) : NULL;
	if (c) {
		if (c->value < SIM_TASKS_MAX && (sim.runnable & task_bit(c->value)))
			next = c->value;
		else
			sim_replay_stale(c);
	}
	return next == SIM_TASKS_MAX ? strategy->pick(view) : next;
}

static __always_inline unsigned int decide(struct sim_task *t, unsigned int anchor,
					   unsigned int object, bool can_stay)
{
	unsigned int id = t->task.id, next;
	struct sim_view view = {
		.task = id,
		.can_stay = can_stay,
		.yields = can_stay && anchor == ANCHOR_POINT + POINT_RELAX,
		.anchor = anchor,
		.object = object,
		.runnable = sim.runnable,
		.nr_runnable = sim.nr_runnable,
		.list = sim.list,
		.dflt = id,
	};

	if (unlikely(!can_stay))
		view.dflt = default_next(id, sim.runnable);
	else if (unlikely(view.yields) && sim.nr_runnable > 1)
		view.dflt = default_next(id, sim.runnable & ~task_bit(id));
	if (unlikely(sim.nr_runnable < 2 || sim.full || sim.fair || sim.replaying))
		next = decide_otherwise(t, &view);
	else
		next = strategy->pick(&view);
	if (next != view.dflt)
		sim_record(t, anchor, next);
	return next;
}

/* What few points have: stores of the task that are still late, and a tracer. */
static noinline void show_more(struct sim_task *t, unsigned int anchor, const volatile void *obj)
{
	if (sim_nr_late) {
		if (sim.fair)
			sim_order();
		sim_stores_step(t->task.id);
	}
	if (tracer)
		tracer(&t->task, anchor, t->nth[anchor], obj);
}

/* What the task comes to is shown to whoever looks on. Return: the object's name, if it matters. */
static __always_inline unsigned int show(struct sim_task *t, unsigned int anchor,
					 const volatile void *obj)
{
	unsigned int object = 0;

	sim.points++;
	sim_pulse->beats++;
	if (unlikely(sim_nr_late || tracer))
		show_more(t, anchor, obj);
	if (unlikely(sim.settled))
		return 0;
	sim_hash_in((u64)t->task.id << 8 | anchor);
	sim.anchor = anchor;
	object = sim_name(obj);
	if (watcher)
		watcher(&t->task, anchor, object);
	if (strategy->event)
		strategy->event(t->task.id, anchor, object);
	return object;
}

static bool is_slow(void)
{
	return sim.points - sim.op_points > sim.fair_after;
}

void sim_point_at(unsigned int anchor, const volatile void *obj)
{
	struct sim_task *t = sim_self();
	unsigned int next, object;
	unsigned long freed;

	if (unlikely(sim_muted)) {
		sim_object_init(obj);
		return;
	}
	t->nth[anchor]++;
	object = show(t, anchor, obj);
	if (sim.nr_runnable < 2 && !sim.replaying) {
		if (unlikely(is_slow()))
			check_limits();
		return;
	}
	sim.contended++;
	if (unlikely(is_slow() || sim.points > sim.last_point))
		check_limits();
	next = decide(t, anchor, object, true);
	if (next == t->task.id)
		return;
	freed = sim_nr_freed;
	run(t, sim_tasks[next]);
	if (unlikely(freed != sim_nr_freed))
		sim_dead_while_held(anchor, obj);
}

unsigned int sim_nth(unsigned int anchor)
{
	return sim_self()->nth[anchor];
}

/* The same function: a call less at each point. */
_Static_assert(!ANCHOR_POINT, "kinds of points are anchors");
void sim_point(enum point_kind kind, const volatile void *obj) __attribute__((alias("sim_point_at")));

/* --- blocking ---------------------------------------------------------------------------- */

static const struct task_struct *holder_of(const volatile void *obj)
{
	unsigned int i, j;

	for (i = 0; i < sim_nr_tasks; i++)
		for (j = 0; j < sim_tasks[i]->task.nr_locks; j++)
			if (sim_tasks[i]->task.locks[j].lock == obj)
				return &sim_tasks[i]->task;
	return NULL;
}

static void __noreturn deadlock(void)
{
	const struct task_struct *t, *holder;
	char text[512];
	unsigned int id, first, n = 0, steps = 0;

	/* from the first one that waits for a holder, along the holders */
	for (id = 0; id < sim_nr_tasks; id++)
		if ((sim.blocked & task_bit(id)) && holder_of(sim_tasks[id]->task.waiting_for))
			break;
	text[0] = 0;
	if (id == sim_nr_tasks) {
		for (id = 0; id < sim_nr_tasks && n < sizeof(text); id++)
			if (sim.blocked & task_bit(id))
				n += snprintf(text + n, sizeof(text) - n, "%s" OBJ_TASK " waits at %s",
					      n ? ", " : "", id,
					      sim_tasks[id]->task.waiting_site);
		harness_fail("DEADLOCK", CODE_SITE, "no task is left to wake the others: %s", text);
	}
	for (first = id; steps < SIM_TASKS_MAX && n < sizeof(text); steps++) {
		t = &sim_tasks[id]->task;
		holder = holder_of(t->waiting_for);
		n += snprintf(text + n, sizeof(text) - n, "%s" OBJ_TASK " waits at %s", n ? ", " : "",
			      id, t->waiting_site ? t->waiting_site : "?");
		if (!holder || n >= sizeof(text))
			break;
		n += snprintf(text + n, sizeof(text) - n, " for what " OBJ_TASK " holds", holder->id);
		id = holder->id;
		if (id == first)
			break;
	}
	harness_fail("DEADLOCK", CODE_SITE, "%s", text);
}

void sim_block_as(struct sim_task *t, enum sim_state state, unsigned int anchor)
{
	unsigned int next, object;

	sim_order();
	make_unrunnable(t, state);
	t->nth[anchor]++;
	sim.contended += sim.nr_runnable > 1;
	object = show(t, anchor, t->task.waiting_for);
	if (!sim.nr_runnable)
		deadlock();
	next = decide(t, anchor, object, false);
	run(t, sim_tasks[next]);
}

void sim_block(const volatile void *obj, const char *site)
{
	struct sim_task *t = sim_self();

	if (sim_muted)
		harness_fail("SETUP", site, "a check waits");
	t->task.waiting_for = (const void *)obj;
	t->task.waiting_site = site;
	sim_block_as(t, SIM_BLOCKED, ANCHOR_BLOCK);
	t->task.waiting_for = NULL;
	t->task.waiting_site = NULL;
}

void sim_wake(const volatile void *obj)
{
	unsigned int id;

	for_each_task(id, *bucket(obj))
		if (sim_tasks[id]->task.waiting_for == obj)
			sim_make_runnable(sim_tasks[id]);
}

void sim_idle(void)
{
	sim_block_as(sim_self(), SIM_IDLE, ANCHOR_BLOCK);
}

void sim_settle(void)
{
	sim.full = sim.settled = true;
	sim_stores_begin();
}

/* --- a schedule begins -------------------------------------------------------------------- */

void sim_schedule_begin(void)
{
	unsigned long contended = sim.contended;

	sim = (struct sim_schedule){
		.last_contended = contended,
		.fair_after = limit / FAIR_AFTER,
		.last_point = limit * LIMIT_TOTAL,
	};
	sim_muted = 0;
	sim_objects_begin();
	sim_stores_begin();
	sim_pulse_init();
	sim_replay_begin();
	sim_pulse->runs = true;
	if (strategy->begin)
		strategy->begin();
}

void sim_strategy_task(unsigned int id)
{
	if (strategy->task)
		strategy->task(id);
}
