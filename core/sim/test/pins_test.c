// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pinned traces of toys that use the machine and nothing of the core: equal in every variant,
 * and from one day to the next. If one differs, recorded schedules may mean something else than
 * they did, so a new pin needs a reason: a new kind of event or lock is one, since the numbers
 * of anchors are in the hash.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include <kernel/bug.h>
#include <kernel/mutex.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>
#include <sim/sim.h>

#define SCHEDULES 200
#define ROUNDS 8

/* --- any task and any value, always the same ones ----------------------------------------- */

/* Inside the scheduler: what it touches belongs to no task. */
#define __raw __attribute__((disable_sanitizer_instrumentation, __noinline__))

static u64 state;

static __raw unsigned int below(unsigned int n)
{
	state = state * 6364136223846793005UL + 1442695040888963407UL;
	return (state >> 33) % n;
}

static __raw unsigned int pick(const struct sim_view *view)
{
	return task_nth(view->runnable, below(view->nr_runnable));
}

static __raw unsigned int value(unsigned int anchor, unsigned int n, unsigned int dflt)
{
	return below(n);
}

static const struct sim_strategy any = { .name = "any", .pick = pick, .value = value };

/* --- locks: who waits, who is woken, who spins -------------------------------------------- */

static spinlock_t leaf = __SPIN_LOCK_UNLOCKED(lock_class_leaf);
static struct mutex mutex = { .dep.class = lock_class_rmap };
static struct rw_semaphore rwsem;
static unsigned long counter;

static void count(void)
{
	while (!mutex_trylock(&mutex))
		cpu_relax();
	spin_lock(&leaf);
	counter++;
	spin_unlock(&leaf);
	mutex_unlock(&mutex);
}

static void write_task(void *arg)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		task_op_begin("write");
		down_write(&rwsem);
		count();
		up_write(&rwsem);
		task_op_end();
	}
}

static void read_task(void *arg)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		task_op_begin("read");
		down_read(&rwsem);
		count();
		up_read(&rwsem);
		task_op_end();
	}
}

static void locks(void)
{
	unsigned int i;

	counter = 0;
	init_rwsem(&rwsem);
	lockdep_set_class(&rwsem, lock_class_mmap_lock);
	for (i = 0; i < 4; i++)
		task_create("lock", i, i ? read_task : write_task, NULL);
}

/* --- RCU, work items, completions --------------------------------------------------------- */

struct thing {
	struct rcu_head rcu;
	unsigned long value;
};

static struct thing __rcu *published;
static struct work_struct work;
static struct completion done;

static void thing_free(struct rcu_head *head)
{
	kfree(container_of(head, struct thing, rcu));
}

static struct thing *thing_new(unsigned long v)
{
	struct thing *t = kmalloc(sizeof(*t), GFP_KERNEL | __GFP_NOFAIL);

	t->value = v;
	return t;
}

static void reader(void *arg)
{
	struct thing *t;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		rcu_read_lock();
		t = rcu_dereference(published);
		machine_point(POINT_ATOMIC_READ, t);
		VM_BUG_ON(t->value > ROUNDS);
		rcu_read_unlock();
		cond_resched();
	}
}

static void updater(void *arg)
{
	struct thing *old;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		task_op_begin("update");
		old = rcu_dereference_protected(published, true);
		rcu_assign_pointer(published, thing_new(i));
		if (i % 2) {
			call_rcu(&old->rcu, thing_free);
		} else {
			synchronize_rcu();
			kfree(old);
		}
		schedule_work(&work);
		task_op_end();
	}
	flush_work(&work);
	complete(&done);
}

static void waiter(void *arg)
{
	wait_for_completion(&done);
	rcu_barrier();
}

static void work_fn(struct work_struct *w)
{
	spin_lock(&leaf);
	counter++;
	spin_unlock(&leaf);
}

static void deferred(void)
{
	counter = 0;
	init_completion(&done);
	INIT_WORK(&work, work_fn);
	RCU_INIT_POINTER(published, thing_new(0));
	task_create("updater", 0, updater, NULL);
	task_create("waiter", 1, waiter, NULL);
	task_create("reader", 2, reader, NULL);
}

static void deferred_end(void)
{
	kfree(rcu_dereference_protected(published, true));
}

/* --- values: CPUs, failures, slab reuse, numbers ------------------------------------------ */

struct local {
	local_lock_t lock;
	unsigned long sum;
};

static DEFINE_PER_CPU(struct local, local) = {
	.lock = INIT_LOCAL_LOCK(lock_class_percpu_swap_cluster),
};
static struct kmem_cache *cache;

static void value_task(void *arg)
{
	void *object[4] = { NULL };
	unsigned int i, n;

	for (i = 0; i < ROUNDS; i++) {
		task_op_begin("values");
		n = machine_random(ARRAY_SIZE(object));
		if (object[n])
			kmem_cache_free(cache, object[n]);
		object[n] = kmem_cache_zalloc(cache, __GFP_HIGH);
		local_lock(&local.lock);
		this_cpu_write(local.sum, (unsigned long)raw_smp_processor_id());
		local_unlock(&local.lock);
		if (should_fail_alloc(ALLOC_IO))
			cond_resched();
		task_op_end();
	}
	for (n = 0; n < ARRAY_SIZE(object); n++)
		if (object[n])
			kmem_cache_free(cache, object[n]);
}

static void values(void)
{
	unsigned int i;

	cache = kmem_cache_create("pins", 64, ALLOC_TABLE_ATOMIC, ALLOC_TYPE_MISC,
				  SLAB_TYPESAFE_BY_RCU);
	for (i = 0; i < 3; i++)
		task_create("value", i, value_task, NULL);
}

static void values_end(void)
{
	rcu_barrier();
	kmem_cache_destroy(cache);
}

/* --- the pins ----------------------------------------------------------------------------- */

static const struct pin {
	const char *name;
	void (*begin)(void), (*end)(void);
	unsigned long points;		/* of all schedules */
	u64 hash;			/* of their hashes */
} pins[] = {
	{ "locks", locks, NULL, 64446, 0xdf81e9fc518ec8f8 },
	{ "deferred", deferred, deferred_end, 32572, 0x788b394b7c529bd5 },
	{ "values", values, values_end, 21338, 0x6ca1568c63be3b6a },
};

static void test_pin(void **test_state)
{
	const struct pin *pin = *test_state;
	struct machine_config config = { .seed = 1 };
	unsigned long points = 0;
	unsigned int i;
	u64 hash = 0;

	sim_set_strategy(&any);
	state = 1;
	for (i = 0; i < SCHEDULES; i++) {
		machine_start(&config);
		task_op_begin("begin");
		pin->begin();
		sim_join_all();
		if (pin->end)
			pin->end();
		task_op_end();
		machine_stop();
		points += sim_points();
		hash = (hash ^ sim_trace_hash()) * 0x9e3779b97f4a7c15UL;
	}
	if (points != pin->points || hash != pin->hash)
		print_error("%s: %lu points, hash %#lx\n", pin->name, points, hash);
	assert_int_equal(points, pin->points);
	assert_true(hash == pin->hash);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_SIZE(pins)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pins); i++) {
		tests[i].name = pins[i].name;
		tests[i].test_func = test_pin;
		tests[i].initial_state = (void *)&pins[i];
	}
	return cmocka_run_group_tests_name("sim_pins", tests, NULL, NULL);
}
