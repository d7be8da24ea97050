// SPDX-License-Identifier: GPL-2.0-only
/* Concurrency coverage. Built without instrumentation: it runs inside the scheduler. */
#include <string.h>

#include <sim/sim.h>
#include "exec.h"
#include "pairs.h"

#define OBJECTS (1U << 12)
#define OBJECTS_SHIFT 52		/* 64 - 12 */

/* By address, with all of it compared: which objects collide must not show in the pairs. */
static struct object {
	const volatile void *obj;
	u32 run;			/* entries of former runs are free */
	u16 task, event;		/* the last on it */
} objects[OBJECTS];
static unsigned int run, nr_objects;
static pairs_fn met;

/* What each task is about to do: it is done by the time of its next event. */
static struct {
	const volatile void *obj;
	u16 event;
} pending[SIM_TASKS_MAX];

static struct object *object_find(const volatile void *obj)
{
	unsigned int at = ((unsigned long)obj * 0x9e3779b97f4a7c15UL) >> OBJECTS_SHIFT;

	while (objects[at].run == run && objects[at].obj != obj)
		at = (at + 1) % OBJECTS;
	return &objects[at];
}

static unsigned int event_of(const struct task_struct *task, unsigned int anchor)
{
	const struct program_task *t;
	unsigned int op = 0;

	if (exec.prog && task->id >= SIM_TASK_USER &&
	    task->id - SIM_TASK_USER < exec.prog->nr_tasks) {
		t = &exec.prog->tasks[task->id - SIM_TASK_USER];
		if (task->op_nr && task->op_nr <= t->nr_ops)
			op = 1 + t->ops[task->op_nr - 1].id;
	}
	return op * NR_ANCHORS + anchor;
}

static void done(unsigned int task, const volatile void *obj, unsigned int event)
{
	struct object *o = object_find(obj);

	if (o->run != run) {
		if (nr_objects == OBJECTS / 2)
			return;
		nr_objects++;
		*o = (struct object){ .obj = obj, .run = run };
	} else if (o->task != task) {
		met(((o->event * 65536UL + event) * 0x9e3779b97f4a7c15UL) >> 32);
	}
	o->task = task;
	o->event = event;
}

/*
 * A task is at a point before the event, and others may run then. But from the moment it goes on
 * to its next point it runs alone: what was pending is what has just been done.
 */
static void trace(const struct task_struct *task, unsigned int anchor, unsigned int nth,
		  const volatile void *obj)
{
	unsigned int id = task->id;

	if (pending[id].obj)
		done(id, pending[id].obj, pending[id].event);
	pending[id].obj = obj;
	if (obj)
		pending[id].event = event_of(task, anchor);
}

void pairs_begin(pairs_fn fn)
{
	met = fn;
	if (!++run) {
		memset(objects, 0, sizeof(objects));
		run = 1;
	}
	nr_objects = 0;
	memset(pending, 0, sizeof(pending));
	sim_set_tracer(trace);
}
