// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scheduler: points, choices, tasks, blocking. A task that reaches a point asks the
 * strategy and switches directly to whoever is picked.
 */
#include <stdlib.h>
#include <string.h>

#include <kernel/bug.h>
#include <kernel/percpu.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/workqueue.h>
#include <machine/alloc.h>
#include "internal.h"

#define CHOICES_MAX 65536
#define LIMIT_DEFAULT 400000UL		/* points without an operation's end */
#define LIMIT_TOTAL 50			/* times the limit, for a whole schedule */
#define FAIR_AFTER 20			/* a 20th of the limit: the rest of it is fair */
#define FAIR_TURN 256			/* points */

void report_init(void);

struct task_struct *sim_current;
unsigned int sim_muted;
struct sim_task *sim_tasks[SIM_TASKS_MAX];
unsigned int sim_nr_tasks;

static const struct sim_strategy *strategy = &sim_strategy_default;
static sim_tracer_fn tracer;
static unsigned long limit = LIMIT_DEFAULT;

static struct {
	u64 runnable, blocked;
	unsigned int nr_runnable;
	u8 list[SIM_TASKS_MAX];

	u64 hash;
	unsigned long points, contended;
	unsigned long last_contended;
	unsigned long op_points;	/* points at the last end of an operation */
	bool fair;
	unsigned int alive;		/* tasks that have not ended */

	bool replaying;
	unsigned int nr_choices;
	struct choice choices[CHOICES_MAX];
} s;

static struct {
	const struct choice *choices;
	unsigned int nr;
	const struct choice **sorted;	/* by task, else in order */
	const struct choice *stale;
} replay;

/* --- what engines see -------------------------------------------------------------------- */

void sim_set_strategy(const struct sim_strategy *new)
{
	strategy = new;
}

void sim_set_replay(const struct choice *choices, unsigned int nr)
{
	replay.choices = choices;
	replay.nr = nr;
}

void sim_set_tracer(sim_tracer_fn fn)
{
	tracer = fn;
}

void sim_set_limit(unsigned long points)
{
	limit = points ? points : LIMIT_DEFAULT;
}

const struct choice *sim_choices(unsigned int *nr)
{
	*nr = s.nr_choices;
	return s.choices;
}

u64 sim_trace_hash(void)
{
	return s.hash;
}

unsigned long sim_points(void)
{
	return s.points;
}

unsigned long sim_contended_points(void)
{
	return s.contended;
}

unsigned long sim_last_contended(void)
{
	return s.last_contended;
}

u64 sim_runnable(void)
{
	return s.runnable;
}

const char *sim_task_name(unsigned int id)
{
	return id < SIM_TASKS_MAX && sim_tasks[id] ? sim_tasks[id]->task.name : "?";
}

const char *machine_name(void)
{
	return "sim";
}

struct task_struct *machine_task(unsigned int id)
{
	return id < sim_nr_tasks && sim_tasks[id]->state != SIM_UNUSED ? &sim_tasks[id]->task
								       : NULL;
}

unsigned int machine_nr_tasks(void)
{
	return sim_nr_tasks;
}

/* --- runnable tasks ---------------------------------------------------------------------- */

void sim_make_runnable(struct sim_task *task)
{
	unsigned int id = task->task.id;

	if (task->state == SIM_RUNNABLE)
		return;
	task->state = SIM_RUNNABLE;
	s.blocked &= ~BIT(id);
	s.runnable |= BIT(id);
	task->list_pos = s.nr_runnable;
	s.list[s.nr_runnable++] = id;
}

static void make_unrunnable(struct sim_task *task, enum sim_state state)
{
	unsigned int id = task->task.id, last = s.list[--s.nr_runnable];

	s.list[task->list_pos] = last;
	sim_tasks[last]->list_pos = task->list_pos;
	s.runnable &= ~BIT(id);
	task->state = state;
	if (state == SIM_BLOCKED)
		s.blocked |= BIT(id);
}

/*
 * The next task in a circle: those that run operations first, then workers, then RCU, so that
 * a grace period ends when somebody waits for it, or at the end.
 */
static unsigned int default_next(unsigned int id, u64 mask)
{
	u64 workers = BIT(SIM_TASK_WORK0) | BIT(SIM_TASK_WORK1);
	u64 users = mask & ~(workers | BIT(SIM_TASK_RCU)), above;

	if (users) {
		above = id == SIM_TASKS_MAX - 1 ? 0 : users & (~0UL << (id + 1));
		return __builtin_ctzl(above ? above : users);
	}
	if (mask & workers)
		return __builtin_ctzl(mask & workers);
	return __builtin_ctzl(mask);
}

/* --- choices ----------------------------------------------------------------------------- */

static void hash_in(u64 value)
{
	s.hash = (s.hash ^ value) * 0x9e3779b97f4a7c15UL;
	s.hash ^= s.hash >> 29;
}

static void record(struct sim_task *t, unsigned int anchor, unsigned int value)
{
	if (s.nr_choices == CHOICES_MAX)
		harness_fail("SETUP", CODE_SITE, "a schedule of more than %d choices", CHOICES_MAX);
	s.choices[s.nr_choices++] = (struct choice){
		.task = t->task.id,
		.anchor = anchor,
		.op = t->task.op_nr,
		.nth = t->nth[anchor],
		.value = value,
	};
	hash_in((u64)t->task.id << 48 | (u64)anchor << 32 | value);
}

/*
 * The recorded choice at this event, if there is one. What was recorded for an earlier
 * operation can no longer be reached.
 */
static const struct choice *recorded(struct sim_task *t, unsigned int anchor)
{
	const struct choice *c;

	while (t->next_choice < t->end_choice) {
		c = *t->next_choice;
		if (c->op > t->task.op_nr)
			return NULL;
		if (c->op == t->task.op_nr) {
			if (c->anchor == anchor && c->nth == t->nth[anchor]) {
				t->next_choice++;
				return c;
			}
			/* its event is still to come */
			if (c->nth > t->nth[c->anchor])
				return NULL;
		}
		replay.stale = c;
		t->next_choice++;
	}
	return NULL;
}

static int by_task(const void *a, const void *b)
{
	const struct choice *x = *(const struct choice *const *)a;
	const struct choice *y = *(const struct choice *const *)b;

	if (x->task != y->task)
		return x->task < y->task ? -1 : 1;
	/* stable */
	return x < y ? -1 : x > y;
}

static void replay_begin(void)
{
	unsigned int i;

	replay.stale = NULL;
	s.replaying = replay.nr;
	if (!replay.nr)
		return;
	free(replay.sorted);
	replay.sorted = calloc(replay.nr, sizeof(*replay.sorted));
	for (i = 0; i < replay.nr; i++)
		replay.sorted[i] = &replay.choices[i];
	qsort(replay.sorted, replay.nr, sizeof(*replay.sorted), by_task);
}

static void replay_task(struct sim_task *t)
{
	unsigned int i = 0, end;

	t->next_choice = t->end_choice = NULL;
	if (!s.replaying)
		return;
	while (i < replay.nr && replay.sorted[i]->task < t->task.id)
		i++;
	for (end = i; end < replay.nr && replay.sorted[end]->task == t->task.id; )
		end++;
	t->next_choice = &replay.sorted[i];
	t->end_choice = &replay.sorted[end];
}

const struct choice *sim_stale_choice(void)
{
	return replay.stale;
}

/* At the end of a schedule: what is left has not been reached. */
static void replay_end(void)
{
	unsigned int i;

	for (i = 0; i < sim_nr_tasks && !replay.stale && s.replaying; i++)
		if (sim_tasks[i]->next_choice < sim_tasks[i]->end_choice)
			replay.stale = *sim_tasks[i]->next_choice;
	/* of tasks that never were */
	for (i = 0; i < replay.nr && !replay.stale; i++)
		if (replay.choices[i].task >= sim_nr_tasks)
			replay.stale = &replay.choices[i];
}

unsigned int sim_choose(unsigned int anchor, unsigned int n, unsigned int dflt)
{
	struct sim_task *t = sim_self();
	const struct choice *c;
	unsigned int value;

	if (n < 2 || sim_muted)
		return dflt;
	t->nth[anchor]++;
	c = s.replaying ? recorded(t, anchor) : NULL;
	if (c && c->value >= n) {
		replay.stale = c;
		c = NULL;
	}
	value = c ? c->value : s.fair ? dflt : strategy->value(anchor, n, dflt);
	if (value != dflt)
		record(t, anchor, value);
	return value;
}

/* --- progress ---------------------------------------------------------------------------- */

static void check_limits(void)
{
	unsigned long since = s.points - s.op_points;

	if (since > limit / FAIR_AFTER)
		s.fair = true;
	if (since > limit)
		harness_fail("LIVELOCK", sim_current->waiting_site ? : CODE_SITE,
			     "no operation has ended for %lu points, the last ones in turns",
			     since);
	if (s.points > limit * LIMIT_TOTAL)
		harness_fail("LIVELOCK", CODE_SITE, "the schedule has not ended after %lu points",
			     s.points);
}

/* --- the decision ------------------------------------------------------------------------ */

static void run(struct sim_task *from, struct sim_task *to)
{
	if (from == to)
		return;
	sim_current = &to->task;
	fiber_switch(from, to);
}

static unsigned int decide(struct sim_task *t, unsigned int anchor, const volatile void *obj,
			   bool can_stay)
{
	unsigned int id = t->task.id;
	struct sim_view view = {
		.task = id,
		.can_stay = can_stay,
		.yields = can_stay && anchor == ANCHOR_POINT + POINT_RELAX,
		.anchor = anchor,
		.obj = obj,
		.runnable = s.runnable,
		.nr_runnable = s.nr_runnable,
		.list = s.list,
	};
	const struct choice *c;
	unsigned int next;

	if (view.yields && s.nr_runnable > 1)
		view.dflt = default_next(id, s.runnable & ~BIT(id));
	else
		view.dflt = can_stay ? id : default_next(id, s.runnable);
	if (s.nr_runnable < 2)
		next = view.dflt;
	else if (s.fair)
		next = s.points % FAIR_TURN ? view.dflt : default_next(id, s.runnable & ~BIT(id));
	else
		next = SIM_TASKS_MAX;
	c = s.replaying ? recorded(t, anchor) : NULL;
	if (c) {
		if (c->value < SIM_TASKS_MAX && (s.runnable & BIT(c->value)))
			next = c->value;
		else
			replay.stale = c;
	}
	if (next == SIM_TASKS_MAX)
		next = strategy->pick(&view);
	if (next != view.dflt)
		record(t, anchor, next);
	return next;
}

void sim_point_at(unsigned int anchor, const volatile void *obj)
{
	struct sim_task *t;
	unsigned int next;

	if (sim_muted)
		return;
	t = sim_self();
	t->nth[anchor]++;
	s.points++;
	hash_in((u64)t->task.id << 8 | anchor);
	if (unlikely(tracer))
		tracer(&t->task, anchor, t->nth[anchor], obj);
	if (s.nr_runnable < 2 && !s.replaying) {
		if (unlikely(s.points - s.op_points > limit / FAIR_AFTER))
			check_limits();
		return;
	}
	s.contended++;
	if (unlikely(s.points - s.op_points > limit / FAIR_AFTER ||
		     s.points > limit * LIMIT_TOTAL))
		check_limits();
	next = decide(t, anchor, obj, true);
	if (next != t->task.id)
		run(t, sim_tasks[next]);
}

void sim_point(enum point_kind kind, const volatile void *obj)
{
	sim_point_at(ANCHOR_POINT + kind, obj);
}

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
		if ((s.blocked & BIT(id)) && holder_of(sim_tasks[id]->task.waiting_for))
			break;
	text[0] = 0;
	if (id == sim_nr_tasks) {
		for (id = 0; id < sim_nr_tasks && n < sizeof(text); id++)
			if (s.blocked & BIT(id))
				n += snprintf(text + n, sizeof(text) - n, "%stask %u waits at %s",
					      n ? ", " : "", id,
					      sim_tasks[id]->task.waiting_site);
		harness_fail("DEADLOCK", CODE_SITE, "nobody is left to wake anybody: %s", text);
	}
	for (first = id; steps < SIM_TASKS_MAX && n < sizeof(text); steps++) {
		t = &sim_tasks[id]->task;
		holder = holder_of(t->waiting_for);
		n += snprintf(text + n, sizeof(text) - n, "%stask %u waits at %s", n ? ", " : "",
			      id, t->waiting_site ? t->waiting_site : "?");
		if (!holder || n >= sizeof(text))
			break;
		n += snprintf(text + n, sizeof(text) - n, " for what task %u holds", holder->id);
		id = holder->id;
		if (id == first)
			break;
	}
	harness_fail("DEADLOCK", CODE_SITE, "%s", text);
}

static void block(struct sim_task *t, enum sim_state state, unsigned int anchor)
{
	unsigned int next, id = t->task.id;

	make_unrunnable(t, state);
	if (!s.nr_runnable)
		deadlock();
	t->nth[anchor]++;
	s.points++;
	s.contended += s.nr_runnable > 1;
	hash_in((u64)id << 8 | anchor);
	next = decide(t, anchor, NULL, false);
	run(t, sim_tasks[next]);
}

void sim_block(const volatile void *obj, const char *site)
{
	struct sim_task *t = sim_self();

	if (sim_muted)
		harness_fail("SETUP", site, "a check waits");
	t->task.waiting_for = (const void *)obj;
	t->task.waiting_site = site;
	block(t, SIM_BLOCKED, ANCHOR_BLOCK);
	t->task.waiting_for = NULL;
	t->task.waiting_site = NULL;
}

void sim_wake(const volatile void *obj)
{
	u64 left;

	for (left = s.blocked; left; left &= left - 1)
		if (sim_tasks[__builtin_ctzl(left)]->task.waiting_for == obj)
			sim_make_runnable(sim_tasks[__builtin_ctzl(left)]);
}

void sim_idle(void)
{
	block(sim_self(), SIM_IDLE, ANCHOR_BLOCK);
}

/* --- tasks ------------------------------------------------------------------------------- */

static struct sim_task *task_slot(unsigned int id)
{
	if (id >= SIM_TASKS_MAX)
		harness_fail("SETUP", CODE_SITE, "more than %d tasks", SIM_TASKS_MAX);
	if (!sim_tasks[id]) {
		sim_tasks[id] = calloc(1, sizeof(struct sim_task));
		if (!sim_tasks[id])
			harness_fail("SETUP", CODE_SITE, "no memory for a task");
		if (id == SIM_TASK_MAIN)
			fiber_init_main(sim_tasks[id]);
		else
			fiber_create(sim_tasks[id]);
	}
	return sim_tasks[id];
}

static void task_reset(struct sim_task *t, unsigned int id, const char *name, unsigned int cpu)
{
	unsigned int i;

	/* nothing below nr_locks and behind event_seq is looked at */
	memset(&t->task, 0, offsetof(struct task_struct, locks));
	memset(&t->task.atomic_depth, 0, offsetof(struct task_struct, events) -
	       offsetof(struct task_struct, atomic_depth));
	t->task.machine = t->task.ghost = NULL;
	t->task.id = id;
	t->task.cpu = cpu % nr_cpu_ids();
	for (i = 0; name[i] && i < TASK_NAME_MAX - 1; i++)
		t->task.name[i] = name[i];
	memset(t->nth, 0, sizeof(t->nth));
	t->rcu_nest = 0;
	t->gp_mask = 0;
	replay_task(t);
	if (strategy->task)
		strategy->task(id);
}

static struct sim_task *task_new(const char *name, unsigned int cpu, void (*fn)(void *), void *arg)
{
	unsigned int id = sim_nr_tasks;
	struct sim_task *t = task_slot(id);

	task_reset(t, id, name, cpu);
	t->fn = fn;
	t->arg = arg;
	sim_nr_tasks = id + 1;
	return t;
}

struct sim_task *sim_worker_new(const char *name, void (*fn)(void *), void *arg)
{
	struct sim_task *t = task_new(name, 0, fn, arg);

	/* it is in its loop already, or will begin it when there is something to do */
	t->state = SIM_IDLE;
	return t;
}

void __noreturn sim_fiber_main(struct sim_task *self)
{
	for (;;) {
		tsan_acquire(&self->start_token);
		self->fn(self->arg);
		lockdep_assert_none_held(&self->task, "the end of the task");
		tsan_release(&self->end_token);
		s.op_points = s.points;
		sim_wake(self);
		if (!--s.alive)
			sim_wake(&s.alive);
		block(self, SIM_ENDED, ANCHOR_END);
	}
}

struct task_struct *task_create(const char *name, unsigned int cpu, void (*fn)(void *), void *arg)
{
	struct sim_task *t = task_new(name, cpu, fn, arg);

	tsan_release(&t->start_token);
	s.alive++;
	sim_make_runnable(t);
	return &t->task;
}

void task_join(struct task_struct *task)
{
	struct sim_task *t = sim_of(task);

	sim_wait_for(t, CODE_SITE, t->state == SIM_ENDED);
	tsan_acquire(&t->end_token);
}

void sim_join_all(void)
{
	unsigned int i;

	sim_wait_for(&s.alive, CODE_SITE, !s.alive);
	for (i = SIM_TASK_USER; i < sim_nr_tasks; i++)
		tsan_acquire(&sim_tasks[i]->end_token);
}

void task_op_begin(const char *name)
{
	struct sim_task *t = sim_self();

	lockdep_assert_none_held(&t->task, "the begin of an operation");
	t->task.op = name;
	t->task.op_nr++;
	memset(t->nth, 0, sizeof(t->nth));
}

void task_op_end(void)
{
	lockdep_assert_none_held(sim_current, "the end of an operation");
	sim_current->op = NULL;
	s.op_points = s.points;
	s.fair = false;
}

void task_set_cpu(unsigned int cpu)
{
	if (!preemptible())
		harness_fail("PERCPU", CODE_SITE, "migration of a task that must not migrate");
	sim_current->cpu = cpu % nr_cpu_ids();
}

/* --- the rest of the seam ---------------------------------------------------------------- */

void machine_lock(void)
{
}

void machine_unlock(void)
{
}

const bool machine_drops_memory = true;

unsigned int machine_random(unsigned int n)
{
	return sim_choose(ANCHOR_RANDOM, n, n - 1);
}

unsigned int machine_random16(void)
{
	return sim_choose(ANCHOR_RANDOM, 1 << 16, (1 << 16) - 1);
}

bool machine_fail_choice(enum alloc_site site)
{
	return sim_choose(ANCHOR_ALLOC + site, 2, 0);
}

unsigned int machine_slab_choice(unsigned int n)
{
	return sim_choose(ANCHOR_SLAB, n, 0);
}

/* Wherever a task may be moved, it finds out on which CPU it is when it looks next. */
void sim_migrate(void)
{
	struct task_struct *t = sim_current;

	if (!t->local_lock && preemptible())
		t->cpu = sim_choose(ANCHOR_CPU, nr_cpu_ids(), t->cpu);
}

void machine_sleep_point(void)
{
	sim_point(POINT_WAIT, NULL);
	sim_migrate();
}

void __cond_resched(const char *site)
{
	__might_sleep("cond_resched", site);
	sim_point(POINT_RESCHED, NULL);
}

void cpu_relax(void)
{
	sim_point(POINT_RELAX, NULL);
}

void signal_after(unsigned int n)
{
	sim_current->signal_countdown = n;
	sim_current->signalled = false;
}

bool signal_pending(void)
{
	struct task_struct *t = sim_current;

	if (t->signal_countdown && !--t->signal_countdown)
		t->signalled = true;
	return t->signalled;
}

/* --- start and stop ---------------------------------------------------------------------- */

int machine_start(const struct machine_config *config)
{
	struct sim_task *main;

	report_init();
	alloc_reset();
	percpu_init();
	s.runnable = s.blocked = 0;
	s.nr_runnable = s.alive = 0;
	s.hash = 0;
	s.last_contended = s.contended;
	s.points = s.contended = s.op_points = 0;
	s.fair = false;
	s.nr_choices = 0;
	sim_muted = 0;
	replay_begin();
	if (strategy->begin)
		strategy->begin();
	main = task_slot(SIM_TASK_MAIN);
	task_reset(main, SIM_TASK_MAIN, "main", 0);
	main->state = SIM_BLOCKED;
	sim_make_runnable(main);
	sim_nr_tasks = SIM_TASK_MAIN + 1;
	sim_current = &main->task;
	sim_rcu_start();
	sim_work_start();
	return 0;
}

void machine_stop(void)
{
	unsigned int i;

	flush_all_work();
	rcu_barrier();
	for (i = SIM_TASK_USER; i < sim_nr_tasks; i++)
		if (sim_tasks[i]->state != SIM_ENDED)
			harness_fail("SETUP", CODE_SITE, "task %u has not ended", i);
	/* workers are where they wait for their next schedule */
	for (i = SIM_TASK_RCU; i < SIM_TASK_USER; i++)
		tsan_acquire(&sim_tasks[i]->end_token);
	replay_end();
	sim_nr_tasks = 0;
	sim_current = NULL;
}

static unsigned int default_pick(const struct sim_view *view)
{
	return view->dflt;
}

static unsigned int default_value(unsigned int anchor, unsigned int n, unsigned int dflt)
{
	return dflt;
}

const struct sim_strategy sim_strategy_default = {
	.name = "default",
	.pick = default_pick,
	.value = default_value,
};
