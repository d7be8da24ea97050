// SPDX-License-Identifier: GPL-2.0-only
/*
 * Canaries of the controlled machine: planted races, uses of freed memory and the like, which must
 * be reported although everything runs on one thread, and their correct twins, which must stay
 * silent. If one of these fails, no clean run of anything means anything. Those of locks and
 * waiting are in canary_lock_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <machine/test/rss.h>
#include "canary.h"

static int plain;
static spinlock_t leaf = __SPIN_LOCK_UNLOCKED(lock_class_leaf);

/* --- races of tasks that do not overlap in time ------------------------------------------- */

static void store_plain(void *arg)
{
	plain++;
}

static void racy(void)
{
	two_tasks(store_plain, store_plain);
}

static void store_locked(void *arg)
{
	spin_lock(&leaf);
	plain++;
	spin_unlock(&leaf);
}

static void locked(void)
{
	two_tasks(store_locked, store_locked);
}

/* --- RCU ---------------------------------------------------------------------------------- */

struct thing {
	struct rcu_head rcu;
	unsigned long a, b;
};

static struct thing __rcu *published;

static void thing_free(struct rcu_head *head)
{
	kfree(container_of(head, struct thing, rcu));
}

static struct thing *thing_new(unsigned long value)
{
	struct thing *t = kmalloc(sizeof(*t), GFP_KERNEL);

	t->a = t->b = value;
	return t;
}

static void rcu_reader(void *arg)
{
	struct thing *t;

	task_op_begin("read");
	rcu_read_lock();
	t = rcu_dereference(published);
	machine_point(POINT_ATOMIC_READ, t);
	if (t->a != t->b)
		harness_fail("TEST", CODE_SITE, "half a thing");
	rcu_read_unlock();
	task_op_end();
}

/* The reader leaves its section and goes on reading. */
static void rcu_reader_leaves(void *arg)
{
	struct thing *t;

	task_op_begin("read");
	rcu_read_lock();
	t = rcu_dereference(published);
	rcu_read_unlock();
	/* deliberately broken */
	plain = READ_ONCE(t->a) != t->b;
	task_op_end();
}

static struct thing *replace(void)
{
	struct thing *old = published;

	rcu_assign_pointer(published, thing_new(2));
	return old;
}

static void rcu_updater_call(void *arg)
{
	task_op_begin("replace");
	call_rcu(&replace()->rcu, thing_free);
	task_op_end();
}

static void rcu_updater_sync(void *arg)
{
	struct thing *old;

	task_op_begin("replace");
	old = replace();
	synchronize_rcu();
	kfree(old);
	task_op_end();
}

static void rcu_updater_frees(void *arg)
{
	task_op_begin("replace");
	/* deliberately broken: no grace period */
	kfree(replace());
	task_op_end();
}

static void rcu_run(void (*reader)(void *), void (*updater)(void *))
{
	published = thing_new(1);
	two_tasks(reader, updater);
	kfree(published);
	rcu_barrier();
}

static void rcu_calls(void) { rcu_run(rcu_reader, rcu_updater_call); }
static void rcu_syncs(void) { rcu_run(rcu_reader, rcu_updater_sync); }
static void rcu_frees(void) { rcu_run(rcu_reader, rcu_updater_frees); }
static void rcu_leaves(void) { rcu_run(rcu_reader_leaves, rcu_updater_call); }

/* --- memory ------------------------------------------------------------------------------- */

static void use_freed(void *arg)
{
	volatile int *p = kmalloc(sizeof(*p), GFP_KERNEL);

	kfree((void *)p);
	*p = 1;
}

static void use_after_free(void) { two_tasks(use_freed, nothing); }

static void free_twice(void *arg)
{
	void *p = kmalloc(8, GFP_KERNEL), *volatile again = p;

	kfree(p);
	kfree(again);
}

static void use_beyond(void *arg)
{
	volatile char *p = kmalloc(8, GFP_KERNEL);

	p[8] = 1;
}

static void call_null(void *arg)
{
	void (*volatile fn)(void) = NULL;

	fn();
	plain++;
}

static void use_null(void *arg)
{
	volatile int *volatile p = NULL;

	*p = 1;
}

static void shift_too_far(void *arg)
{
	volatile int bits = 40;

	plain = 1 << bits;
}

static void double_free(void) { two_tasks(free_twice, nothing); }
static void out_of_bounds(void) { two_tasks(use_beyond, nothing); }
static void null_function(void) { two_tasks(call_null, nothing); }
static void null_pointer(void) { two_tasks(use_null, nothing); }
static void undefined(void) { two_tasks(shift_too_far, nothing); }

static int dig(volatile int depth)
{
	volatile char hole[1024];

	memset((void *)hole, depth, sizeof(hole));
	return depth ? dig(depth - 1) + hole[depth] : 0;
}

static void dig_deep(void *arg)
{
	plain = dig(1000);
}

static void dig_little(void *arg)
{
	plain = dig(8);
}

/* Whatever it had on its stack: the unwinder is led astray, and the report comes nevertheless. */
static void overwrite_stack(void *arg)
{
	volatile unsigned long first, *word = &first;

	for (;;)
		*word++ = 0x6b6b6b6b6b6b6b6bUL;
}

static void stack_overwritten(void) { two_tasks(overwrite_stack, nothing); }
static void stack_overflow(void) { two_tasks(nothing, dig_deep); }
static void stack_deep(void) { two_tasks(dig_little, nothing); }

static const struct canary canaries[] = {
	{ "racy", racy, "FAIL  RACE", TSAN },
	{ "locked", locked, NULL, 0 },
	{ "rcu_calls", rcu_calls, NULL, 0 },
	{ "rcu_syncs", rcu_syncs, NULL, 0 },
	{ "rcu_frees", rcu_frees, "FAIL  UAF", ASAN | NONE },
	{ "rcu_leaves", rcu_leaves, "FAIL  UAF", ASAN | NONE },
	{ "rcu_frees", rcu_frees, "ThreadSanitizer: ", TSAN },
	{ "rcu_leaves", rcu_leaves, "ThreadSanitizer: ", TSAN },
	{ "use_after_free", use_after_free, "FAIL  UAF", TSAN | ASAN },
	{ "double_free", double_free, "FAIL  UAF", ASAN },
	{ "out_of_bounds", out_of_bounds, "FAIL  OOB", ASAN },
	{ "undefined", undefined, "FAIL  UBSAN", ASAN },
	{ "null_pointer", null_pointer, "FAIL  CRASH  core/sim/test/canary_test.c:", 0 },
	{ "null_pointer", null_pointer, " in use_null\n", 0 },
	{ "null_function", null_function, "call_null core/sim/test/canary_test.c:", 0 },
	{ "stack_overflow", stack_overflow, "FAIL  STACK-OVERFLOW", 0 },
	{ "stack_deep", stack_deep, NULL, 0 },
};

static void many(void)
{
	two_tasks(store_locked, store_locked);
}

/* It ends at the guard page below the stack of the other task, and that is no overflow of that one. */
static void test_stack_overwritten(void **state)
{
	assert_int_equal(schedules(stack_overwritten, 1), 1);
	assert_non_null(strstr(output, "FAIL  "));
	assert_null(strstr(output, "FAIL  STACK-OVERFLOW"));
}

/* Fibers, their shadow stacks and tokens are used again: nothing grows. */
static void test_no_growth(void **state)
{
	struct machine_config config = { .seed = 1 };
	unsigned int i;
	long before = 0;

	strategy_set(&random_walk);
	strategy_seed(1);
	for (i = 0; i < 400000; i++) {
		machine_start(&config);
		many();
		machine_stop();
		if (i == 40000)
			before = rss_now();
	}
	/* KiB: not a byte a schedule */
	assert_true(before > 0);
	assert_true(rss_now() - before < 360);
}

#define SHORT_OPS 100

static atomic_t turn;
static unsigned long spins;

static void spin(void *arg)
{
	task_op_begin("spin");
	for (spins = 0; !atomic_read(&turn); )
		spins++;
	task_op_end();
}

static void work_shortly(void *arg)
{
	unsigned int i;

	for (i = 0; i < SHORT_OPS; i++) {
		task_op_begin("short");
		atomic_read(&turn);
		task_op_end();
	}
}

static void end_spin(void *arg)
{
	task_op_begin("end");
	atomic_set(&turn, 1);
	task_op_end();
}

/*
 * Under strict priorities the machine's fairness ends a spin, in whatever order the three are: a
 * task whose operations end meanwhile does not take each of its turns.
 */
static void test_fair(void **state)
{
	static const struct strategy_config strict = { .kind = STRATEGY_STRICT };
	struct machine_config config = { .seed = 1 };
	struct task_struct *tasks[3];
	unsigned long most = 0;
	unsigned int seed, i;

	strategy_set(&strict);
	for (seed = 1; seed <= 20; seed++) {
		strategy_seed(seed);
		turn = (atomic_t){ 0 };
		machine_start(&config);
		tasks[0] = task_create("spins", 0, spin, NULL);
		tasks[1] = task_create("works", 1, work_shortly, NULL);
		tasks[2] = task_create("ends", 0, end_spin, NULL);
		for (i = 0; i < ARRAY_SIZE(tasks); i++)
			task_join(tasks[i]);
		machine_stop();
		most = max(most, spins);
	}
	assert_in_range(most, 1000, 100000);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_SIZE(canaries) + 3];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(canaries); i++) {
		tests[i].name = canaries[i].name;
		tests[i].test_func = test_canary;
		tests[i].initial_state = (void *)&canaries[i];
	}
	tests[i].name = "stack_overwritten";
	tests[i++].test_func = test_stack_overwritten;
	tests[i].name = "no_growth_in_400000_schedules";
	tests[i++].test_func = test_no_growth;
	tests[i].name = "fairness_goes_round";
	tests[i].test_func = test_fair;
	return cmocka_run_group_tests_name("sim_canary", tests, NULL, NULL);
}
