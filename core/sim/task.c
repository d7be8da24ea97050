// SPDX-License-Identifier: GPL-2.0-only
/* Tasks of the controlled machine: fibers in slots that are reused from schedule to schedule. */
#include <stdlib.h>
#include <string.h>

#include <kernel/bug.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include "internal.h"

struct sim_task *sim_tasks[SIM_TASKS_MAX];
unsigned int sim_nr_tasks;

const char *sim_task_name(unsigned int id)
{
	return id < SIM_TASKS_MAX && sim_tasks[id] ? sim_tasks[id]->task.name : "?";
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

/* Not by libc's memset(), which TSan sees: the driver's and the task's own would be a race. */
static void nth_reset(struct sim_task *t)
{
	__builtin_memset_inline(t->nth, 0, sizeof(t->nth));
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
	nth_reset(t);
	t->gp_mask = 0;
	sim_replay_task(t);
	sim_strategy_task(id);
}

static struct sim_task *task_new(const char *name, unsigned int cpu, void (*fn)(void *), void *arg)
{
	unsigned int id = sim_nr_tasks;
	bool first = id < SIM_TASKS_MAX && !sim_tasks[id];
	struct sim_task *t = task_slot(id);

	task_reset(t, id, name, cpu);
	if (first)
		fiber_set_name(t);
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
		sim_order();
		tsan_release(&self->end_token);
		sim.op_points = sim.points;
		sim_wake(self);
		if (!--sim.alive)
			sim_wake(&sim.alive);
		sim_block_as(self, SIM_ENDED, ANCHOR_END);
	}
}

struct task_struct *task_create(const char *name, unsigned int cpu, void (*fn)(void *), void *arg)
{
	struct sim_task *t = task_new(name, cpu, fn, arg);

	tsan_release(&t->start_token);
	sim.alive++;
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

	sim_wait_for(&sim.alive, CODE_SITE, !sim.alive);
	for (i = SIM_TASK_USER; i < sim_nr_tasks; i++)
		tsan_acquire(&sim_tasks[i]->end_token);
}

void task_op_begin(const char *name)
{
	struct sim_task *t = sim_self();

	lockdep_assert_none_held(&t->task, "the begin of an operation");
	t->task.op = name;
	t->task.op_nr++;
	nth_reset(t);
}

void task_op_end(void)
{
	lockdep_assert_none_held(sim_current, "the end of an operation");
	sim_order();
	sim_current->op = NULL;
	sim.op_points = sim.points;
	sim.fair = false;
}

void task_set_cpu(unsigned int cpu)
{
	if (!preemptible())
		harness_fail("PERCPU", CODE_SITE, "migration of a task that must not migrate");
	sim_current->cpu = cpu % nr_cpu_ids();
}

/* The driver itself, running. */
void sim_main_start(void)
{
	struct sim_task *main = task_slot(SIM_TASK_MAIN);

	task_reset(main, SIM_TASK_MAIN, "main", 0);
	main->state = SIM_BLOCKED;
	sim_make_runnable(main);
	sim_nr_tasks = SIM_TASK_MAIN + 1;
	sim_current = &main->task;
}

void sim_tasks_stop(void)
{
	unsigned int i;

	for (i = SIM_TASK_USER; i < sim_nr_tasks; i++)
		if (sim_tasks[i]->state != SIM_ENDED)
			harness_fail("SETUP", CODE_SITE, "task %u has not ended", i);
	/* workers are where they wait for their next schedule */
	for (i = SIM_TASK_RCU; i < SIM_TASK_USER; i++)
		tsan_acquire(&sim_tasks[i]->end_token);
	sim_replay_end();
	sim_nr_tasks = 0;
	sim_current = NULL;
}
