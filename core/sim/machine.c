// SPDX-License-Identifier: GPL-2.0-only
/* The rest of the seam, and the machine's start and stop. */
#include <kernel/bug.h>
#include <kernel/percpu.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/workqueue.h>
#include <machine/alloc.h>
#include "internal.h"

void report_init(void);

const char *machine_name(void)
{
	return "sim";
}

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

int machine_start(const struct machine_config *config)
{
	report_init();
	alloc_reset();
	percpu_init();
	sim_schedule_begin();
	sim_main_start();
	sim_rcu_start();
	sim_work_start();
	return 0;
}

void machine_stop(void)
{
	flush_all_work();
	rcu_barrier();
	sim_tasks_stop();
	sim_pulse->runs = false;
}
