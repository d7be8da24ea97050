/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The controlled machine, as engines see it beyond machine/machine.h: one OS thread, tasks are
 * fibers, and every scheduling point asks a strategy who runs next.
 */
#ifndef _SIM_SIM_H
#define _SIM_SIM_H

#include <machine/choice.h>
#include <machine/machine.h>

/* The state that a strategy may look at. */
struct sim_view {
	unsigned int task;		/* the task at the point */
	bool can_stay;			/* it is runnable */
	bool yields;			/* it spins: another task should run */
	unsigned int anchor;
	unsigned int object;		/* what it is about to access: sim_object() */
	task_set runnable;		/* current, too, if it can stay */
	unsigned int nr_runnable;
	const u8 *list;			/* the same as an array, in no order of meaning */
	unsigned int dflt;		/* the task that the default runs */
};

struct sim_strategy {
	const char *name;
	/* A schedule begins. */
	void (*begin)(void);
	/* A task exists from now on. May be NULL. */
	void (*task)(unsigned int id);
	/*
	 * A task comes to a point, blocks or ends: its previous event is done. May be NULL.
	 * @object: sim_object() of what it is about to access, or waits for; 0: nothing.
	 */
	void (*event)(unsigned int id, unsigned int anchor, unsigned int object);
	/* Return: a runnable task. Called only if there are two or more; by fuzz/strategy/late.c also if one. */
	unsigned int (*pick)(const struct sim_view *view);
	/* Return: a value below n; dflt is the value that interferes least. */
	unsigned int (*value)(unsigned int anchor, unsigned int n, unsigned int dflt);
};

/* Runs a task until it blocks, then the next one; all values are the defaults. */
extern const struct sim_strategy sim_strategy_default;

/* The strategy of the schedules to come. */
void sim_set_strategy(const struct sim_strategy *strategy);
/*
 * The next schedule takes these choices wherever they are reached, and the strategy decides
 * the rest. The caller keeps @choices.
 */
void sim_set_replay(const struct choice *choices, unsigned int nr);
/*
 * Of the schedules to come: others may see marked stores late (core/sim/store.c). A schedule with a
 * choice at a store has weak memory in any case.
 */
void sim_set_weak(bool on);
/* As it was set. */
bool sim_is_weak(void);
/* A choice that was not reached in the schedule that has ended; NULL: all were. */
const struct choice *sim_stale_choice(void);

#define SIM_OBJECTS_MAX (1U << 14)	/* of a schedule */

/**
 * sim_object - the name of an object in this schedule
 * @obj: the object that a point accesses, or NULL
 *
 * Names are numbers, given in the order in which they are asked for, first during the set-up. Unlike
 * addresses they are the same in every variant. Freed memory that is allocated again is a different
 * object; memory on a stack is not an object.
 *
 * Return: a number from 1, below SIM_OBJECTS_MAX; 0 if it is not an object, or there are too many.
 */
unsigned int sim_object(const volatile void *obj);
/* Names up to this were given before the first point: the same in every schedule of a program. */
unsigned int sim_objects_stable(void);

/* How many of these events the task at the point has met in its operation: a choice's nth. */
unsigned int sim_nth(unsigned int anchor);
/* The choices that deviated from the default, up to now. */
const struct choice *sim_choices(unsigned int *nr);
/* Of all scheduling points and choices up to now. */
u64 sim_trace_hash(void);
unsigned long sim_points(void);
/* Points at which at least two tasks could run. */
unsigned long sim_contended_points(void);
/* The same, of the schedule before. */
unsigned long sim_last_contended(void);
/* Another program follows: the schedule before says nothing about its length. */
void sim_forget_length(void);
/* The tasks that are runnable now. */
task_set sim_runnable(void);

/* Is a worker in the middle of an item? */
bool sim_work_runs(void);

/* Called at every point, before the decision, and when a task blocks or ends. NULL: no tracer. */
typedef void (*sim_tracer_fn)(const struct task_struct *task, unsigned int anchor,
			      unsigned int nth, const volatile void *obj);
void sim_set_tracer(sim_tracer_fn fn);
/* The same with the sim_object() of the object concerned, and only up to sim_settle(). */
typedef void (*sim_watcher_fn)(const struct task_struct *task, unsigned int anchor,
			       unsigned int object);
void sim_set_watcher(sim_watcher_fn fn);

/* A schedule in which no operation ends for this many points is a livelock. */
void sim_set_limit(unsigned long points);

/* Waits for all tasks; wakes up once, when the last one has ended. */
void sim_join_all(void);

/* From here to the end every choice is the default: the rest is not part of the schedule. */
void sim_settle(void);

/* Zeroed memory that takes room only where it is written; for records that tasks write in turns. */
void *sim_reserve(size_t size);

const char *sim_task_name(unsigned int id);

#endif /* _SIM_SIM_H */
