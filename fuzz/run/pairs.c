// SPDX-License-Identifier: GPL-2.0-only
/* Concurrency coverage. Built without instrumentation: it runs inside the scheduler. */
#include <string.h>

#include <sim/sim.h>
#include "exec.h"
#include "pairs.h"

static struct object {
	u32 run;			/* entries of former runs are free */
	u16 task, event;		/* the last on it */
} objects[SIM_OBJECTS_MAX];
static u32 run;
static pairs_fn met;

/* What each task is about to do: it is done by the time of its next event. */
static struct {
	u16 object, event;
	unsigned long op_nr;		/* its operation, and the first of that one's events */
	u16 op_events;
} pending[SIM_TASKS_MAX];

static unsigned int op_events(const struct task_struct *task)
{
	const struct program_task *t;
	unsigned int op = 0;

	if (exec.prog && task->id >= SIM_TASK_USER &&
	    task->id - SIM_TASK_USER < exec.prog->nr_tasks) {
		t = &exec.prog->tasks[task->id - SIM_TASK_USER];
		if (task->op_nr && task->op_nr <= t->nr_ops)
			op = 1 + t->ops[task->op_nr - 1].id;
	}
	return op * NR_ANCHORS;
}

static void done(unsigned int task, unsigned int object, unsigned int event)
{
	struct object *o = &objects[object];

	if (o->run == run && o->task != task)
		met(((o->event * 65536UL + event) * 0x9e3779b97f4a7c15UL) >> 32);
	*o = (struct object){ .run = run, .task = task, .event = event };
}

/*
 * A task is at a point before the event, and others may run then. But from the moment it goes on
 * to its next point it runs alone: what was pending is what has just been done.
 */
static void watch(const struct task_struct *task, unsigned int anchor, unsigned int object)
{
	unsigned int id = task->id;

	if (pending[id].object)
		done(id, pending[id].object, pending[id].event);
	pending[id].object = object;
	if (!object)
		return;
	if (pending[id].op_nr != task->op_nr) {
		pending[id].op_nr = task->op_nr;
		pending[id].op_events = op_events(task);
	}
	pending[id].event = pending[id].op_events + anchor;
}

void pairs_begin(pairs_fn fn)
{
	met = fn;
	if (!++run) {
		memset(objects, 0, sizeof(objects));
		run = 1;
	}
	memset(pending, 0, sizeof(pending));
	sim_set_watcher(watch);
}
