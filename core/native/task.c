// SPDX-License-Identifier: GPL-2.0-only
/* Tasks are pthreads; each has a virtual CPU. Noise and migration are seeded per task. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kernel/bug.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <machine/alloc.h>
#include "native.h"

void report_init(void);

struct native_task native_tasks[NATIVE_TASKS_MAX];
unsigned int native_nr_tasks;
struct machine_config native_config;
__thread struct task_struct *native_current;
__thread int native_noise_countdown;

static pthread_mutex_t tasks_lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned int raw_lock;

void __no_instrument machine_lock(void)
{
	while (__atomic_exchange_n(&raw_lock, 1, __ATOMIC_ACQUIRE))
		native_yield();
}

void __no_instrument machine_unlock(void)
{
	__atomic_store_n(&raw_lock, 0, __ATOMIC_RELEASE);
}

const char *machine_name(void)
{
	return "native";
}

/* For reports, which look at what others write: TSan must not report inside a report. */
struct task_struct *__no_instrument machine_task(unsigned int id)
{
	return id < native_nr_tasks && native_tasks[id].used ? &native_tasks[id].task : NULL;
}

unsigned int __no_instrument machine_nr_tasks(void)
{
	return __atomic_load_n(&native_nr_tasks, __ATOMIC_RELAXED);
}

/* splitmix64 */
u64 native_random(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15UL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
	return z ^ (z >> 31);
}

unsigned int machine_random(unsigned int n)
{
	return native_random(&current->rng) % n;
}

unsigned int machine_random16(void)
{
	return native_random(&current->rng) & 0xffff;
}

const bool machine_drops_memory = false;

bool machine_fail_choice(enum alloc_site site)
{
	return false;
}

unsigned int machine_slab_choice(unsigned int n)
{
	return 0;
}

void machine_memory_gone(const void *p, size_t size)
{
}

void machine_free(void *block, const void *p, size_t size)
{
	free(block);
}

void machine_slab_free(const void *p, size_t size)
{
}

void machine_slab_taken(const void *p)
{
}

void native_migrate(struct task_struct *t)
{
	if (native_config.migrate && !t->local_lock && preemptible())
		t->cpu = native_random(&t->rng_noise) % nr_cpu_ids();
}

/* Every so many points: mostly yields, sometimes a delay or a migration. */
void native_noise(void)
{
	struct task_struct *t = native_current;
	unsigned int kind, i, mean;

	if (!t || !native_config.noise) {
		native_noise_countdown = 0x7fffffff;
		return;
	}
	mean = 2000 / native_config.noise + 2;
	/* roughly geometric: mostly short, sometimes long */
	native_noise_countdown = native_random(&t->rng_noise) % mean;
	if (native_random(&t->rng_noise) % 4 == 0)
		native_noise_countdown *= 4;

	kind = native_random(&t->rng_noise) % 16;
	if (kind < 8) {
		native_yield();
	} else if (kind < 12) {
		for (i = native_random(&t->rng_noise) % 400; i--; )
			__builtin_ia32_pause();
	} else if (kind < 15) {
		native_migrate(t);
	} else if (preemptible()) {
		/* never for long with a spinlock held */
		usleep(native_random(&t->rng_noise) % 100);
	}
}

void machine_sleep_point(void)
{
	native_yield();
	if (native_random(&current->rng_noise) % 2)
		native_migrate(current);
}

void __cond_resched(const char *site)
{
	__might_sleep("cond_resched", site);
	machine_point(POINT_RESCHED, NULL);
	native_yield();
}

void cpu_relax(void)
{
	machine_point(POINT_RELAX, NULL);
	native_yield();
}

void signal_after(unsigned int n)
{
	current->signal_countdown = n;
	current->signalled = false;
}

bool signal_pending(void)
{
	struct task_struct *t = current;

	if (t->signal_countdown && !--t->signal_countdown)
		t->signalled = true;
	return t->signalled;
}

static struct native_task *task_slot(const char *name, unsigned int cpu)
{
	struct native_task *n;
	unsigned int id;

	pthread_mutex_lock(&tasks_lock);
	for (id = 0; id < native_nr_tasks; id++)
		if (!native_tasks[id].used)
			break;
	if (id == NATIVE_TASKS_MAX)
		harness_fail("SETUP", CODE_SITE, "more than %d tasks", NATIVE_TASKS_MAX);
	n = &native_tasks[id];
	memset(&n->task, 0, sizeof(n->task));
	n->task.id = id;
	n->task.cpu = cpu % nr_cpu_ids();
	strncpy(n->task.name, name, TASK_NAME_MAX - 1);
	n->task.rng = native_config.seed * 1000003 + id;
	n->task.rng_noise = n->task.rng ^ 0x5bd1e995;
	n->seen_seconds = 0;
	n->used = true;
	if (id == native_nr_tasks)
		__atomic_store_n(&native_nr_tasks, id + 1, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&tasks_lock);
	return n;
}

static void *task_main(void *arg)
{
	struct native_task *n = arg;

	native_current = &n->task;
	native_noise_countdown = 0;
	native_rcu_register();
	n->fn(n->arg);
	lockdep_assert_none_held(&n->task, "the end of the task");
	native_rcu_unregister();
	return NULL;
}

struct task_struct *native_task_spawn(const char *name, unsigned int cpu, void (*fn)(void *),
				      void *arg)
{
	struct native_task *n = task_slot(name, cpu);

	n->fn = fn;
	n->arg = arg;
	n->joinable = true;
	if (pthread_create(&n->thread, NULL, task_main, n))
		harness_fail("SETUP", CODE_SITE, "no thread for task %s", name);
	return &n->task;
}

struct task_struct *task_create(const char *name, unsigned int cpu, void (*fn)(void *), void *arg)
{
	return native_task_spawn(name, cpu, fn, arg);
}

void task_join(struct task_struct *task)
{
	struct native_task *n = native_of(task);

	pthread_join(n->thread, NULL);
	pthread_mutex_lock(&tasks_lock);
	n->joinable = false;
	n->used = false;
	pthread_mutex_unlock(&tasks_lock);
}

void task_op_begin(const char *name)
{
	struct task_struct *t = current;

	lockdep_assert_none_held(t, "the begin of an operation");
	t->op = name;
	t->op_nr++;
}

void task_op_end(void)
{
	lockdep_assert_none_held(current, "the end of an operation");
	current->op = NULL;
}

void task_set_cpu(unsigned int cpu)
{
	if (!preemptible())
		harness_fail("PERCPU", CODE_SITE, "migration of a task that must not migrate");
	current->cpu = cpu % nr_cpu_ids();
}

int machine_start(const struct machine_config *config)
{
	struct native_task *n;

	native_config = *config;
	report_init();
	alloc_reset();
	percpu_init();
	n = task_slot("main", 0);
	n->thread = pthread_self();
	native_current = &n->task;
	native_rcu_register();
	native_rcu_start();
	native_work_start();
	native_watchdog_start();
	return 0;
}

void machine_stop(void)
{
	native_watchdog_stop();
	native_work_stop();
	native_rcu_stop();
	native_rcu_unregister();
	native_of(native_current)->used = false;
	native_current = NULL;
	native_nr_tasks = 0;
}
