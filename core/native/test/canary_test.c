// SPDX-License-Identifier: GPL-2.0-only
/*
 * Canaries: programs with a planted bug that the sanitizers must report on this machine, and
 * their correct twins, which must stay silent. If one of these fails, no clean run of anything
 * means anything.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <kernel/sched.h>
#include <kernel/slab.h>
#include "../../swap/test/fixture.h"
#include "../../machine/test/needs.h"

#define RUNS 20
#define ROUNDS 2000

struct thing {
	struct rcu_head rcu;
	unsigned long a, b;
};

static struct thing __rcu *published;
static bool grace;
static unsigned int started;
static int counter;
static spinlock_t counter_lock = __SPIN_LOCK_UNLOCKED(lock_class_leaf);

/* Both at once; relaxed: orders nothing. */
static void start_together(void)
{
	__atomic_fetch_add(&started, 1, __ATOMIC_RELAXED);
	while (__atomic_load_n(&started, __ATOMIC_RELAXED) < 2)
		cpu_relax();
}

static void read_things(void *arg)
{
	struct thing *p;
	unsigned int i;

	start_together();
	for (i = 0; i < ROUNDS; i++) {
		rcu_read_lock();
		p = rcu_dereference(published);
		if (p && p->a != p->b)
			harness_fail("TEST", CODE_SITE, "half a thing");
		rcu_read_unlock();
		if (i % 8 == 0)
			cpu_relax();
	}
}

static void free_thing(struct rcu_head *head)
{
	kfree(container_of(head, struct thing, rcu));
}

static void replace_things(void *arg)
{
	struct thing *new, *old;
	unsigned int i;

	start_together();
	for (i = 0; i < ROUNDS; i++) {
		new = kmalloc(sizeof(*new), GFP_KERNEL);
		new->a = new->b = i;
		old = published;
		rcu_assign_pointer(published, new);
		if (!old)
			continue;
		/* deliberately broken without @grace */
		if (!grace)
			kfree(old);
		else if (i % 16)
			call_rcu(&old->rcu, free_thing);
		else {
			synchronize_rcu();
			kfree(old);
		}
	}
}

static void publish_and_read(void)
{
	struct task_struct *reader = task_create("reader", 0, read_things, NULL);
	struct task_struct *writer = task_create("writer", 1, replace_things, NULL);

	task_join(reader);
	task_join(writer);
	kfree(published);
	published = NULL;
	rcu_barrier();
}

static void with_grace_periods(void)
{
	grace = true;
	publish_and_read();
}

static void without_grace_periods(void)
{
	grace = false;
	publish_and_read();
}

static void count_locked(void *arg)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		spin_lock(&counter_lock);
		counter++;
		spin_unlock(&counter_lock);
	}
}

static void count_racy(void *arg)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		counter++;
}

static void two_tasks(void (*fn)(void *))
{
	struct task_struct *a = task_create("a", 0, fn, NULL);
	struct task_struct *b = task_create("b", 1, fn, NULL);

	task_join(a);
	task_join(b);
}

static void counted_under_a_lock(void) { two_tasks(count_locked); }
static void counted_without_a_lock(void) { two_tasks(count_racy); }

/* Work items and completions order what they connect. */
static struct work_struct work;
static struct completion done;
static int handed_over;

static void work_fn(struct work_struct *w)
{
	handed_over++;
	complete(&done);
}

static void work_orders(void)
{
	INIT_WORK(&work, work_fn);
	init_completion(&done);
	handed_over = 1;
	schedule_work(&work);
	wait_for_completion(&done);
	if (handed_over != 2)
		harness_fail("TEST", CODE_SITE, "the item did not run");
	flush_work(&work);
}

static void use_after_free(void)
{
	volatile int *p = kmalloc(sizeof(*p), GFP_KERNEL);

	kfree((void *)p);
	*p = 1;
}

/* In how many runs is a sanitizer's check reported? Nothing else may be. */
static unsigned int reports(void (*fn)(void), unsigned int runs)
{
	static char output[1 << 16];
	struct world world = { 0 };
	unsigned int i, nr = 0;
	int code;

	for (i = 0; i < runs; i++) {
		code = scenario_run(fn, NULL, &world, output, sizeof(output));
		if (!code)
			continue;
		nr++;
		if (!strstr(output, "FAIL  RACE") && !strstr(output, "FAIL  UAF")) {
			print_error("exit %d\n%s\n", code, output);
			fail();
		}
	}
	return nr;
}

static void test_correct_rcu_is_silent(void **state)
{
	assert_int_equal(reports(with_grace_periods, RUNS), 0);
}

static void test_missing_grace_period_is_reported(void **state)
{
	test_needs(HAVE_TSAN, "ThreadSanitizer");
	assert_in_range(reports(without_grace_periods, RUNS), 5, RUNS);
}

static void test_race_is_reported(void **state)
{
	test_needs(HAVE_TSAN, "ThreadSanitizer");
	assert_int_equal(reports(counted_without_a_lock, 3), 3);
}

static void test_locked_is_silent(void **state)
{
	assert_int_equal(reports(counted_under_a_lock, 3), 0);
}

static void test_work_is_silent(void **state)
{
	assert_int_equal(reports(work_orders, 5), 0);
}

static void test_use_after_free_is_reported(void **state)
{
	test_needs(HAVE_ASAN, "AddressSanitizer");
	assert_int_equal(reports(use_after_free, 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_race_is_reported),
		cmocka_unit_test(test_locked_is_silent),
		cmocka_unit_test(test_correct_rcu_is_silent),
		cmocka_unit_test(test_missing_grace_period_is_reported),
		cmocka_unit_test(test_work_is_silent),
		cmocka_unit_test(test_use_after_free_is_reported),
	};

	return cmocka_run_group_tests_name("canary", tests, NULL, NULL);
}
