// SPDX-License-Identifier: GPL-2.0-only
/* The choreography of locks, in both machines: where an RCU section begins, and what it holds back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include <kernel/bug.h>
#include <kernel/mutex.h>
#include <kernel/percpu.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/wait.h>
#include <machine/machine.h>

/* The compiler cannot follow who holds what here. */
#pragma clang diagnostic ignored "-Wthread-safety-analysis"

static DEFINE_PER_CPU(local_lock_t, test_lock) = INIT_LOCAL_LOCK(lock_class_percpu_swap_cluster);
static spinlock_t spin = __SPIN_LOCK_UNLOCKED(lock_class_leaf);
static unsigned int ended, begun;

static void wait_for_spinlock(void *arg)
{
	spin_lock(&spin);
	/* the grace period began while this task was spinning */
	if (__atomic_load_n(&ended, __ATOMIC_RELAXED))
		harness_fail("TEST", CODE_SITE, "the grace period did not wait for who was spinning");
	spin_unlock(&spin);
}

static void wait_for_local_lock(void *arg)
{
	local_lock(&test_lock);
	local_unlock(&test_lock);
}

static void wait_for_grace_period(void *arg)
{
	while (!__atomic_load_n(&begun, __ATOMIC_RELAXED))
		cpu_relax();
	synchronize_rcu();
	__atomic_store_n(&ended, 1, __ATOMIC_RELAXED);
}

static void until_it_waits(struct task_struct *t)
{
	while (!__atomic_load_n(&t->waiting_for, __ATOMIC_RELAXED))
		cpu_relax();
}

static void begin(u64 seed)
{
	struct machine_config config = { .seed = seed };

	ended = begun = 0;
	assert_int_equal(machine_start(&config), 0);
	task_op_begin("locks_test");
}

static void end(void)
{
	task_op_end();
	machine_stop();
}

/* spin_lock() disables preemption before it spins. */
static void test_spinner_is_in_a_section(void **state)
{
	struct task_struct *t;
	unsigned int nest;

	begin(1);
	spin_lock(&spin);
	t = task_create("spins", 1, wait_for_spinlock, NULL);
	until_it_waits(t);
	nest = t->rcu_nest;
	spin_unlock(&spin);
	task_join(t);
	end();
	assert_int_equal(nest, 1);
}

/* A task whose CPU is another's does not run. */
static void test_local_waiter_is_in_none(void **state)
{
	struct task_struct *t;
	unsigned int nest;

	begin(1);
	local_lock(&test_lock);
	t = task_create("waits", current->cpu, wait_for_local_lock, NULL);
	until_it_waits(t);
	nest = t->rcu_nest;
	local_unlock(&test_lock);
	task_join(t);
	end();
	assert_int_equal(nest, 0);
}

static void test_grace_period_waits_for_spinner(void **state)
{
	struct task_struct *spins, *waits;

	begin(1);
	waits = task_create("waits", 2, wait_for_grace_period, NULL);
	spin_lock(&spin);
	spins = task_create("spins", 1, wait_for_spinlock, NULL);
	until_it_waits(spins);
	__atomic_store_n(&begun, 1, __ATOMIC_RELAXED);
	until_it_waits(waits);
	spin_unlock(&spin);
	task_join(spins);
	task_join(waits);
	end();
	assert_int_equal(ended, 1);
}

/* A trylock that fails leaves nothing behind; one that succeeds is a section. */
static void test_trylock_and_sections(void **state)
{
	struct task_struct *t;
	unsigned int nest;

	begin(1);
	assert_true(spin_trylock(&spin));
	nest = current->rcu_nest;
	t = current;
	assert_false(spin_trylock(&spin));
	assert_int_equal(nest, 1);
	assert_int_equal(t->rcu_nest, 1);
	spin_unlock(&spin);
	assert_int_equal(t->rcu_nest, 0);
	end();
}

static void test_local_lock_on_takes_that_cpu(void **state)
{
	begin(1);
	local_lock_on(&test_lock, 1);
	assert_int_equal(raw_smp_processor_id(), 1);
	assert_int_equal(current->rcu_nest, 1);
	local_unlock_on(&test_lock, 1);
	assert_int_equal(current->rcu_nest, 0);
	end();
}

static struct rw_semaphore sem = { .dep.class = lock_class_mmap_lock };

static void try_both(void *arg)
{
	bool *got = arg;

	got[0] = down_read_trylock(&sem);
	if (got[0])
		up_read(&sem);
	got[1] = down_write_trylock(&sem);
	if (got[1])
		up_write(&sem);
}

static void assert_tries(bool read, bool write)
{
	bool got[2];

	task_join(task_create("tries", 1, try_both, got));
	assert_int_equal(got[0], read);
	assert_int_equal(got[1], write);
}

/* A writer keeps all out, and a reader the writers; who was one goes on as the other. */
static void test_rwsem_tries(void **state)
{
	begin(1);
	assert_tries(true, true);
	assert_true(down_write_trylock(&sem));
	assert_tries(false, false);
	downgrade_write(&sem);
	assert_tries(true, false);
	up_read(&sem);
	assert_true(down_read_trylock(&sem));
	assert_tries(true, false);
	up_read(&sem);
	assert_tries(true, true);
	end();
}

static void waits_for_completion(void *arg)
{
	wait_for_completion(arg);
}

/* complete() is for one, complete_all() for all, later ones included. */
static void test_completions(void **state)
{
	struct completion all = { .magic = COMPLETION_MAGIC };
	struct task_struct *waits[2];

	begin(1);
	assert_false(completion_done(&all) || try_wait_for_completion(&all));
	complete(&all);
	assert_true(completion_done(&all) && try_wait_for_completion(&all));
	assert_false(completion_done(&all));
	waits[0] = task_create("waits", 1, waits_for_completion, &all);
	waits[1] = task_create("waits", 2, waits_for_completion, &all);
	until_it_waits(waits[0]);
	until_it_waits(waits[1]);
	complete_all(&all);
	task_join(waits[0]);
	task_join(waits[1]);
	wait_for_completion(&all);
	assert_true(completion_done(&all));
	reinit_completion(&all);
	assert_false(completion_done(&all));
	end();
}

/* A copy for each CPU that was allocated, not defined. */
static void test_percpu_allocation(void **state)
{
	unsigned int cpu;
	long *copies;

	begin(1);
	copies = kzalloc(nr_cpu_ids() * PERCPU_UNIT, GFP_KERNEL);
	for (cpu = 0; cpu < nr_cpu_ids(); cpu++)
		*per_cpu_ptr(copies + 1, cpu) = cpu + 1;
	for (cpu = 0; cpu < nr_cpu_ids(); cpu++) {
		assert_int_equal(*per_cpu_ptr(copies + 1, cpu), cpu + 1);
		assert_int_equal(*per_cpu_ptr(copies, cpu), 0);
	}
	assert_int_equal(ksize(copies), nr_cpu_ids() * PERCPU_UNIT);
	kfree(copies);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spinner_is_in_a_section),
		cmocka_unit_test(test_local_waiter_is_in_none),
		cmocka_unit_test(test_grace_period_waits_for_spinner),
		cmocka_unit_test(test_trylock_and_sections),
		cmocka_unit_test(test_local_lock_on_takes_that_cpu),
		cmocka_unit_test(test_rwsem_tries),
		cmocka_unit_test(test_completions),
		cmocka_unit_test(test_percpu_allocation),
	};

	return cmocka_run_group_tests_name("machine_locks", tests, NULL, NULL);
}
