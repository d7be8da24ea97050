/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside core/sim. All of it is built without instrumentation, since it must not order tasks. */
#ifndef _SIM_INTERNAL_H
#define _SIM_INTERNAL_H

#include <machine/tsan.h>
#include "pulse.h"
#include "sim.h"

enum sim_state {
	SIM_UNUSED,
	SIM_RUNNABLE,
	SIM_BLOCKED,			/* waits for sim_wake() on its object */
	SIM_IDLE,			/* a worker without work, woken by name */
	SIM_ENDED,
};

struct sim_task {
	struct task_struct task;
	enum sim_state state;
	unsigned int list_pos;		/* in the list of runnable tasks */
	u32 nth[NR_ANCHORS];		/* events of this operation so far */

	void (*fn)(void *arg);
	void *arg;
	char start_token, end_token;	/* TSan: creation -> first step, last step -> join */

	u64 section_began;		/* when the outermost one did, by the RCU clock */
	char rcu_token;			/* TSan: ends of its sections */
	task_set gp_mask;		/* tasks whose sections this one waits for */
	char gp_token;			/* TSan: their ends */

	/* replay: the recorded choices of this task not yet reached */
	const struct choice *const *next_choice, *const *end_choice;

	/* fiber.c; kept over schedules */
	void *ctx, *tsan_fiber, *asan_fake;
	char *stack;
	size_t stack_size;
};

extern struct sim_task *sim_tasks[SIM_TASKS_MAX];
extern unsigned int sim_nr_tasks;

#define SIM_WAIT_BUCKETS 64		/* a power of two */

/* The schedule that runs. */
struct sim_schedule {
	task_set runnable, blocked;
	task_set waiters[SIM_WAIT_BUCKETS];	/* the blocked ones, by sim_bucket() of what they wait for */
	unsigned int nr_runnable;
	u8 list[SIM_TASKS_MAX];		/* the runnable ones */
	unsigned int alive;		/* user tasks that have not ended */

	u64 hash;
	unsigned long points, contended;
	unsigned long last_contended;
	unsigned long op_points;	/* points at the last end of an operation */
	unsigned long fair_after;	/* points since then */
	unsigned long last_point;	/* of a schedule that ends */
	bool fair;
	unsigned int fair_last;		/* the task whose turn it was */
	bool replaying;
	bool full;			/* no room for choices: the rest is the default */
	bool settled;			/* the rest is not part of the schedule */
	unsigned int anchor;		/* what a task has come to last */
};
extern struct sim_schedule sim;

static inline struct sim_task *sim_of(struct task_struct *t)
{
	return container_of(t, struct sim_task, task);
}

static inline struct sim_task *sim_self(void)
{
	return sim_of(sim_current);
}

/* fiber.c */
void fiber_init_main(struct sim_task *main);
void fiber_create(struct sim_task *task);
void fiber_set_name(struct sim_task *task);
/* Returns when a task switches back. */
void fiber_switch(struct sim_task *from, struct sim_task *to);
/* What a fiber does; never returns. */
void __noreturn sim_fiber_main(struct sim_task *self);

/* Does the address lie on the stack of a task? */
bool sim_on_stack(unsigned long addr);

/* object.c */
void sim_objects_begin(void);
unsigned int sim_object_find(unsigned long addr);
/* The next sim_name() of these addresses calls sim_object_find(). */
void sim_recent_forget(unsigned long from, unsigned long to);

/* dead.c */
extern unsigned int sim_nr_recycled;
extern unsigned long sim_nr_freed;
void sim_dead_begin(void);
/* Others have freed memory while the task was to access @obj: fails if that is gone. */
void sim_dead_while_held(unsigned int anchor, const volatile void *obj);
/* An address without a name is accessed: fails if its memory has been freed. */
void sim_dead_used(unsigned long addr);
/* Is it in a free object of a slab? Fails if the task may not look at that. */
bool sim_recycled_used(unsigned long addr);

/* rcu.c: the time, by the RCU clock; sections that begin from now on are later */
u64 sim_rcu_now(void);

/* Names that were asked for lately. */
#define SIM_RECENT 512U			/* a power of two */
extern struct sim_recent {
	unsigned long addr;
	u32 run;			/* entries of former runs are free */
	u32 name;
} sim_recent[SIM_RECENT];
extern u32 sim_run;

static inline struct sim_recent *sim_recent_of(unsigned long addr)
{
	return &sim_recent[(addr ^ addr >> 9) % SIM_RECENT];
}

/* sim_object() without a call, if it was asked for lately. */
static inline unsigned int sim_name(const volatile void *obj)
{
	unsigned long addr = (unsigned long)obj;
	const struct sim_recent *r = sim_recent_of(addr);

	if (!addr)
		return 0;
	return likely(r->addr == addr && r->run == sim_run) ? r->name : sim_object_find(addr);
}

/* task.c */
void sim_main_start(void);
void sim_tasks_stop(void);

/* schedule.c */
void sim_replay_begin(void);
void sim_replay_task(struct sim_task *t);
void sim_replay_end(void);
/* The recorded choice at this event of @t, or NULL. Recorded choices before it are stale. */
const struct choice *sim_recorded(struct sim_task *t, unsigned int anchor);
void sim_replay_stale(const struct choice *c);
/* A choice that deviates from the default. */
void sim_record(struct sim_task *t, unsigned int anchor, unsigned int value);

/* store.c */
void sim_stores_begin(void);
/* The memory is freed. */
void sim_stores_gone(unsigned long addr, size_t size);
/* All stores of @task are seen by others from now on. */
void sim_stores_seen(unsigned int task);
/* @task comes to a point. */
void sim_stores_step(unsigned int task);

/* What the current task has stored is ordered before whatever it does from now on. */
static inline void sim_order(void)
{
	if (unlikely(sim_nr_late) && !sim_muted)
		sim_stores_seen(sim_current->id);
}

/* pulse.c */
void sim_pulse_init(void);

/* sched.c */
void sim_schedule_begin(void);
void sim_strategy_task(unsigned int id);
void sim_hash_in(u64 value);
void sim_block_as(struct sim_task *t, enum sim_state state, unsigned int anchor);
/* A task of the machine itself, which idles between items and never ends. */
struct sim_task *sim_worker_new(const char *name, void (*fn)(void *), void *arg);
void sim_point_at(unsigned int anchor, const volatile void *obj);
/* Blocks on @obj until sim_wake(obj); the caller looks at its condition again then. */
void sim_block(const volatile void *obj, const char *site);
void sim_wake(const volatile void *obj);
void sim_idle(void);
void sim_make_runnable(struct sim_task *task);
/* Where the task may be moved to another CPU. */
void sim_migrate(void);
unsigned int sim_choose(unsigned int anchor, unsigned int n, unsigned int dflt);

/* Gives an object its name if it is met in the set-up. */
static inline void sim_object_init(const volatile void *obj)
{
	if (!sim.points)
		sim_object(obj);
}

#define sim_wait_for(obj, site, cond) do {					\
	while (!(cond))								\
		sim_block(obj, site);						\
} while (0)

/* rcu.c */
void sim_rcu_enter(struct sim_task *t);
void sim_rcu_exit(struct sim_task *t);
void sim_rcu_start(void);

/* work.c */
void sim_work_start(void);

#endif /* _SIM_INTERNAL_H */
