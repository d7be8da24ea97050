// SPDX-License-Identifier: GPL-2.0-only
/* Every detector of core/machine fires on what it is for, and is silent on correct use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <kernel/mutex.h>
#include <kernel/plist.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>
#include "../../swap/test/fixture.h"

/* The compiler sees most of what is planted below; here it is the run-time's turn. */
#pragma clang diagnostic ignored "-Wthread-safety-analysis"

#define LOCK(name, cls) static spinlock_t name = __SPIN_LOCK_UNLOCKED(lock_class_##cls)
LOCK(cluster_a, cluster);
LOCK(cluster_b, cluster);
LOCK(si_lock, swap_info);
LOCK(ptl_a, ptl);
LOCK(ptl_b, ptl);
static struct mutex rmap = { .dep.class = lock_class_rmap };
static struct rw_semaphore mmap_sem = { .dep.class = lock_class_mmap_lock };

/* Deliberately wrong, all of these. */
static void wrong_order(void) { spin_lock(&si_lock); spin_lock(&cluster_a); }
static void wrong_order_by_sleeper(void) { mutex_lock(&rmap); down_read(&mmap_sem); }
static void two_clusters(void) { spin_lock(&cluster_a); spin_trylock(&cluster_b); }
static void cluster_under_swap_lock(void) { spin_lock(&swap_lock); spin_trylock(&cluster_a); }
static void two_of_a_class(void) { spin_lock(&ptl_a); spin_lock(&ptl_b); }
static void recursion(void) { spin_lock(&ptl_a); spin_lock(&ptl_a); }
static void not_held(void) __no_context_analysis { spin_unlock(&ptl_a); }
static void wrong_flavour(void) { spin_lock_irq(&cluster_a); spin_unlock(&cluster_a); }
static void still_held(void) __no_context_analysis { spin_lock(&ptl_a); }
static void asserted(void) { lockdep_assert_held(&ptl_a); }
static void sleeps_with_spinlock(void) { spin_lock(&ptl_a); might_sleep(); }
static void sleeps_in_rcu(void) { rcu_read_lock(); synchronize_rcu(); }
static void sleeps_with_irqs_off(void) { spin_lock_irq(&cluster_a); mutex_lock(&rmap); }
static void sleeps_in_interrupt(void) { irq_enter(); cond_resched(); }
static void sleeps_after_interrupt(void)
{
	irq_enter();
	irq_exit();
	cond_resched();
}
static void locks_in_interrupt(void) { irq_enter(); spin_lock(&ptl_a); }
static void allocates_with_spinlock(void) { spin_lock(&ptl_a); kfree(kmalloc(8, GFP_KERNEL)); }
static void sleeps_with_local_lock(void)
{
	local_lock(&percpu_swap_cluster.lock);
	cond_resched();
}
static void unclassed(void) { spinlock_t lock; spin_lock_init(&lock); spin_lock(&lock); }
static void percpu_without_lock(void) { this_cpu_write(percpu_swap_cluster.offset[0], 1); }
static void left_rcu_open(void) { rcu_read_lock(); }
static void rcu_unbalanced(void) { rcu_read_unlock(); }
static int *shared;
static void unprotected_deref(void) { (void)rcu_dereference(shared); }
static void spinlock_is_no_explicit_section(void)
{
	spin_lock(&ptl_a);
	(void)rcu_dereference(shared);
}
static void list_del_twice(void)
{
	struct list_head head, entry;

	INIT_LIST_HEAD(&head);
	list_add(&entry, &head);
	list_del(&entry);
	list_del(&entry);
}
static void list_corrupted(void)
{
	struct list_head head, entry;

	INIT_LIST_HEAD(&head);
	list_add(&entry, &head);
	head.prev = &head;
	list_del(&entry);
}
static void plist_moves(bool wrong)
{
	struct plist_head list, other;
	struct plist_node first, second;

	plist_head_init(&list);
	plist_head_init(&other);
	plist_node_init(&first, 1);
	plist_node_init(&second, 2);
	plist_add(&second, &list);
	plist_add(&first, &list);
	plist_requeue(&first, &list);
	plist_del(&second, &list);
	plist_del(&second, &other);
	plist_del(&first, wrong ? &other : &list);
}
static void plist_del_from_another(void)
{
	plist_moves(true);
}
static void plist_del_from_its_own(void)
{
	plist_moves(false);
}
static void slab_freed_twice(void)
{
	struct kmem_cache *cache = kmem_cache_create("test", 64, ALLOC_OTHER, ALLOC_TYPE_MISC,
						     SLAB_TYPESAFE_BY_RCU);
	void *p = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, p);
	kmem_cache_free(cache, p);
}
static void slab_leaked(void)
{
	struct kmem_cache *cache = kmem_cache_create("test", 64, ALLOC_OTHER, ALLOC_TYPE_MISC, 0);

	(void)kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_destroy(cache);
}
static void table_drains_reserves(void)
{
	__kmalloc_tagged(8, __GFP_HIGH | GFP_KERNEL, ALLOC_TABLE_ATOMIC, ALLOC_TYPE_MISC);
}
static void migrates_with_spinlock(void) { spin_lock(&ptl_a); task_set_cpu(1); }
static void hangs(void)
{
	struct completion never;

	init_completion(&never);
	wait_for_completion(&never);
}
static void completes_uninitialised(void)
{
	struct completion never = { 0 };

	complete(&never);
}
static void waits_uninitialised(void)
{
	struct completion never = { 0 };

	reinit_completion(&never);
}
static void queues_uninitialised(void)
{
	struct work_struct work = { 0 };

	schedule_work(&work);
}
/* There are two workers: the third item stays queued. */
static void keeps_worker(struct work_struct *work)
{
	for (;;)
		cpu_relax();
}
static void initialises_queued(void)
{
	static struct work_struct work[3];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		INIT_WORK(&work[i], keeps_worker);
		schedule_work(&work[i]);
	}
	INIT_WORK(&work[2], keeps_worker);
}
static int over;
static void waits_for_end(struct work_struct *work)
{
	while (!READ_ONCE(over))
		cpu_relax();
}
static void never_runs(struct work_struct *work)
{
	harness_fail("TEST", CODE_SITE, "an item runs that was cancelled");
}
static void cancels_queued(void)
{
	static struct work_struct work[3];
	unsigned int i;

	over = 0;
	for (i = 0; i < 3; i++) {
		INIT_WORK(&work[i], i < 2 ? waits_for_end : never_runs);
		schedule_work(&work[i]);
	}
	if (!cancel_work(&work[2]) || disable_work(&work[2]) || schedule_work(&work[2]))
		harness_fail("TEST", CODE_SITE, "an item is queued once, and not while it is disabled");
	enable_work(&work[2]);
	schedule_work(&work[2]);
	if (!cancel_work(&work[2]))
		harness_fail("TEST", CODE_SITE, "an item is not queued");
	flush_work(&work[2]);
	WRITE_ONCE(over, 1);
	flush_all_work();
}
static void flushes_uninitialised(void)
{
	struct work_struct work = { 0 };

	flush_work(&work);
}
static void cancels_uninitialised(void)
{
	struct work_struct work = { 0 };

	cancel_work(&work);
}
static void gets_uninitialised(void)
{
	struct percpu_ref ref = { 0 };

	percpu_ref_tryget_live(&ref);
}
static void puts_uninitialised(void)
{
	struct percpu_ref ref = { 0 };

	percpu_ref_put(&ref);
}
static void kvfrees_with_spinlock(void)
{
	void *p = kvzalloc(8, GFP_KERNEL);

	spin_lock(&ptl_a);
	kvfree(p);
	spin_unlock(&ptl_a);
}
#define REPEATS (2 * TASK_EVENTS_MAX)	/* a task keeps fewer events */
static void repeats(void)
{
	unsigned int i;

	trace_op_aborted();
	for (i = 0; i < REPEATS; i++)
		trace_alloc_failed(ALLOC_FOLIO, 0);
	trace_alloc_failed(ALLOC_FOLIO, 1);
	harness_fail("TEST", CODE_SITE, "at the end of a loop");
}
static void loops(void) { for (volatile unsigned int i = 0; ; i++) ; }
/* nearly always in TSan's run-time, with one of its locks */
static void loops_in_atomics(void) { for (int word = 0; ; __atomic_fetch_add(&word, 1, __ATOMIC_ACQ_REL)) ; }
static void crashes(void) { *(volatile int *)8 = 0; }
static void aborts(void) { abort(); }

static void work_done(struct work_struct *work)
{
}

/* Correct use, as the core does it. */
static void correct(void)
{
	struct completion done;
	struct work_struct work;

	down_write(&mmap_sem);
	mutex_lock(&rmap);
	spin_lock(&ptl_a);
	spin_lock_nested(&ptl_b, 1);
	spin_unlock(&ptl_b);
	local_lock(&percpu_swap_cluster.lock);
	this_cpu_write(percpu_swap_cluster.offset[0], 0);
	spin_lock_irq(&cluster_a);
	spin_lock(&si_lock);
	spin_unlock(&si_lock);
	spin_unlock_irq(&cluster_a);
	spin_lock(&si_lock);
	if (spin_trylock(&cluster_b))
		spin_unlock(&cluster_b);
	spin_unlock(&si_lock);
	local_unlock(&percpu_swap_cluster.lock);
	spin_unlock(&ptl_a);
	mutex_unlock(&rmap);
	up_write(&mmap_sem);
	rcu_read_lock();
	(void)rcu_dereference(shared);
	rcu_read_unlock();
	synchronize_rcu();
	kfree(kmalloc(8, GFP_KERNEL));
	kvfree(kvzalloc(8, GFP_KERNEL));
	init_completion(&done);
	complete(&done);
	wait_for_completion(&done);
	INIT_WORK(&work, work_done);
	schedule_work(&work);
	flush_work(&work);
}

static void failures_come_as_planned(void)
{
	struct fail_plan second = { .from = 2, .to = 2 }, third = { .every = 3 };
	unsigned long attempts, failed;
	unsigned int i;

	alloc_fail_plan(ALLOC_FOLIO, &second);
	for (i = 1; i <= 4; i++)
		if (should_fail_alloc(ALLOC_FOLIO) != (i == 2))
			harness_fail("TEST", CODE_SITE, "attempt %u", i);
	alloc_fail_plan(ALLOC_CHARGE, &third);
	for (i = 1; i <= 7; i++)
		if (should_fail_alloc(ALLOC_CHARGE) != (i % 3 == 0))
			harness_fail("TEST", CODE_SITE, "attempt %u", i);
	alloc_fail_stat(ALLOC_CHARGE, &attempts, &failed);
	if (attempts != 7 || failed != 2)
		harness_fail("TEST", CODE_SITE, "%lu attempts, %lu failed", attempts, failed);
}

static void typesafe_memory_is_reused_zeroed(void)
{
	struct kmem_cache *cache = kmem_cache_create("test", 64, ALLOC_OTHER, ALLOC_TYPE_MISC,
						     SLAB_TYPESAFE_BY_RCU);
	unsigned long *p = kmem_cache_alloc(cache, GFP_KERNEL), *q;

	*p = 7;
	kmem_cache_free(cache, p);
	q = kmem_cache_zalloc(cache, GFP_KERNEL);
	if (q != p || *q)
		harness_fail("TEST", CODE_SITE, "not the last one freed, zeroed");
	kmem_cache_free(cache, q);
	kmem_cache_destroy(cache);
}

static const struct detector {
	const char *name, *id;		/* id NULL: nothing may fire */
	void (*fn)(void);
	unsigned int watchdog_seconds;
	const char *place;		/* of the failure: the end of its line */
} detectors[] = {
#define FIRES(id, fn) { #fn, id, fn, 0, NULL }
#define SILENT(fn) { #fn, NULL, fn, 0, NULL }
	FIRES("LOCK-ORDER", wrong_order), FIRES("LOCK-ORDER", wrong_order_by_sleeper),
	FIRES("LOCK-ORDER", two_clusters), FIRES("LOCK-ORDER", cluster_under_swap_lock),
	FIRES("LOCK-ORDER", two_of_a_class), FIRES("LOCK-RECURSION", recursion),
	FIRES("LOCK-NOT-HELD", not_held), FIRES("LOCK-FLAVOUR", wrong_flavour),
	FIRES("LOCK-HELD", still_held), FIRES("LOCK-ASSERT", asserted),
	FIRES("SLEEP", sleeps_with_spinlock), FIRES("SLEEP", sleeps_in_rcu),
	FIRES("SLEEP", sleeps_in_interrupt), FIRES("LOCK-ORDER", locks_in_interrupt),
	FIRES("SLEEP", sleeps_with_irqs_off),
	FIRES("SLEEP", allocates_with_spinlock),
	FIRES("SLEEP", kvfrees_with_spinlock),
	FIRES("INIT", completes_uninitialised), FIRES("INIT", waits_uninitialised),
	FIRES("INIT", initialises_queued),
	FIRES("INIT", queues_uninitialised), FIRES("INIT", flushes_uninitialised),
	FIRES("INIT", cancels_uninitialised),
	FIRES("INIT", gets_uninitialised), FIRES("INIT", puts_uninitialised),
	FIRES("SLEEP", sleeps_with_local_lock), FIRES("LOCK-CLASS", unclassed),
	FIRES("PERCPU", percpu_without_lock), FIRES("PERCPU", migrates_with_spinlock),
	FIRES("LOCK-HELD", left_rcu_open), FIRES("LOCK-NOT-HELD", rcu_unbalanced),
	FIRES("RCU-DEREF", unprotected_deref),
	FIRES("RCU-DEREF", spinlock_is_no_explicit_section),
	FIRES("LIST", list_del_twice), FIRES("LIST", list_corrupted),
	FIRES("LIST", plist_del_from_another), SILENT(plist_del_from_its_own),
	FIRES("SLAB", slab_freed_twice), FIRES("LEAK", slab_leaked),
	FIRES("GFP", table_drains_reserves),
	{ "hangs", "HANG  core/machine/test/lockdep_test.c:", hangs, 1, " in hangs\n" },
	{ "loops", "HANG  core/machine/test/lockdep_test.c:", loops, 1, " in loops\n" },
	{ "loops_in_atomics", "HANG  core/machine/test/lockdep_test.c:", loops_in_atomics, 1,
	  " in loops_in_atomics\n" },
	{ "crashes", "CRASH  core/machine/test/lockdep_test.c:", crashes, 0, " in crashes\n" },
	{ "aborts", "CRASH  core/machine/test/lockdep_test.c:", aborts, 0, " in aborts\n" },
	SILENT(correct), SILENT(cancels_queued), SILENT(sleeps_after_interrupt), SILENT(failures_come_as_planned),
	SILENT(typesafe_memory_is_reused_zeroed),
};

static void test_detector(void **state)
{
	const struct detector *d = *state;
	struct world world = { .watchdog_seconds = d->watchdog_seconds };
	static char output[1 << 16];
	char expected[64], *found;
	int code;

	code = scenario_run(d->fn, NULL, &world, output, sizeof(output));
	if (!d->id) {
		if (code)
			print_error("%s\n", output);
		assert_int_equal(code, 0);
		return;
	}
	snprintf(expected, sizeof(expected), "FAIL  %s", d->id);
	if (code != 1 || !strstr(output, expected))
		print_error("exit %d, no '%s':\n%s\n", code, expected, output);
	assert_int_equal(code, 1);
	found = strstr(output, expected);
	assert_non_null(found);
	if (d->place && !strstr(found, d->place))
		print_error("no '%s' in\n%s\n", d->place, output);
	assert_true(!d->place || strstr(found, d->place));
}

/* The last events before a failure: a loop is one line, and what led to it is still there. */
static void test_repeats_are_one_line(void **state)
{
	static const struct world world;
	static char output[1 << 16];
	char *before, *loop, *after, times[64];

	snprintf(times, sizeof(times), "short_of_memory=0 (%d times)\n", REPEATS);
	assert_int_equal(scenario_run(repeats, NULL, &world, output, sizeof(output)), 1);
	before = strstr(output, " op_aborted ");
	assert_non_null(before);
	loop = strstr(before, " alloc_failed ");
	assert_non_null(loop);
	after = strstr(loop, times);
	assert_non_null(after);
	assert_null(memchr(loop, '\n', after - loop));
	after = strstr(after, " alloc_failed ");
	assert_non_null(after);
	assert_non_null(strstr(after, "short_of_memory=1\n"));
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_SIZE(detectors) + 1];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(detectors); i++)
		tests[i] = (struct CMUnitTest){ .name = detectors[i].name,
						.test_func = test_detector,
						.initial_state = (void *)&detectors[i] };
	tests[i] = (struct CMUnitTest)cmocka_unit_test(test_repeats_are_one_line);
	return cmocka_run_group_tests_name("lockdep", tests, NULL, NULL);
}
