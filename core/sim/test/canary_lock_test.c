// SPDX-License-Identifier: GPL-2.0-only
/*
 * Canaries of the controlled machine: wrong orders of locks, sleeping with one, deadlocks, lost
 * wakeups, endless loops, which must be reported, and their correct twins, which must stay silent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <kernel/mutex.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>
#include "canary.h"

static int plain, started;
static spinlock_t lock_a = __SPIN_LOCK_UNLOCKED(lock_class_swap_info);
static spinlock_t lock_b = __SPIN_LOCK_UNLOCKED(lock_class_swap_avail_lock);
static spinlock_t leaf = __SPIN_LOCK_UNLOCKED(lock_class_leaf);
static struct mutex mutex_a = { .dep.class = lock_class_swapon_mutex };
static struct mutex mutex_b = { .dep.class = lock_class_rmap };
static struct completion done;
static struct work_struct work;

static void a_then_b(void *arg)
{
	spin_lock(&lock_a);
	spin_lock(&lock_b);
	spin_unlock(&lock_b);
	spin_unlock(&lock_a);
}

static void b_then_a(void *arg)
{
	spin_lock(&lock_b);
	/* deliberately broken */
	spin_lock(&lock_a);
	spin_unlock(&lock_a);
	spin_unlock(&lock_b);
}

static void ab_ba(void) { two_tasks(a_then_b, b_then_a); }
static void ab_ab(void) { two_tasks(a_then_b, a_then_b); }

static void sleep_locked(void *arg)
{
	spin_lock(&leaf);
	cond_resched();
	spin_unlock(&leaf);
}

static void sleep_in_atomic(void) { two_tasks(sleep_locked, nothing); }

static void wait_done(void *arg)
{
	wait_for_completion(&done);
}

static void wake_done(void *arg)
{
	complete(&done);
}

static void lost_wakeup(void)
{
	init_completion(&done);
	two_tasks(wait_done, nothing);
}

static void wakeup(void)
{
	init_completion(&done);
	two_tasks(wait_done, wake_done);
}

/* Trylocks take part in no order: each gets its first and then waits for the other's. */
static void take_both(struct mutex *first, struct mutex *second)
{
	while (!mutex_trylock(first))
		cpu_relax();
	__atomic_fetch_add(&started, 1, __ATOMIC_RELAXED);
	while (READ_ONCE(started) < 2)
		cpu_relax();
	mutex_lock(second);
	mutex_unlock(second);
	mutex_unlock(first);
}

static void both_ab(void *arg) { take_both(&mutex_a, &mutex_b); }
static void both_ba(void *arg) { take_both(&mutex_b, &mutex_a); }
static void deadlock(void)
{
	started = 0;
	two_tasks(both_ab, both_ba);
}

static void spin_for_ever(void *arg)
{
	while (!READ_ONCE(started))
		cpu_relax();
}

static void set_started(void *arg)
{
	WRITE_ONCE(started, 1);
}

static void livelock(void)
{
	started = 0;
	two_tasks(spin_for_ever, spin_for_ever);
}

static void spin_a_while(void)
{
	started = 0;
	two_tasks(spin_for_ever, set_started);
}

static void work_fn(struct work_struct *w)
{
	plain++;
	complete(&done);
}

static void work_orders(void)
{
	init_completion(&done);
	INIT_WORK(&work, work_fn);
	plain = 1;
	schedule_work(&work);
	wait_for_completion(&done);
	if (plain != 2)
		harness_fail("TEST", CODE_SITE, "the item did not run");
	flush_work(&work);
}

/* A word that is no point of its own, as si->flags, and tells TSan nothing. */
static int word;

static void clear_behind_unlock(void *arg)
{
	spin_lock(&lock_b);
	__atomic_store_n(&word, 1, __ATOMIC_RELAXED);
	spin_unlock(&lock_b);
	/* deliberately broken */
	__atomic_store_n(&word, 0, __ATOMIC_RELAXED);
}

static void clear_before_unlock(void *arg)
{
	spin_lock(&lock_b);
	__atomic_store_n(&word, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&word, 0, __ATOMIC_RELAXED);
	spin_unlock(&lock_b);
}

static void expect_clear(void *arg)
{
	spin_lock(&lock_b);
	if (__atomic_load_n(&word, __ATOMIC_RELAXED))
		harness_fail("TEST", CODE_SITE, "the word is set");
	spin_unlock(&lock_b);
}

static void behind_unlock(void) { two_tasks(clear_behind_unlock, expect_clear); }
static void before_unlock(void) { two_tasks(clear_before_unlock, expect_clear); }

static unsigned int runs;

static void run_twice(struct work_struct *w)
{
	if (!__atomic_fetch_add(&runs, 1, __ATOMIC_RELAXED))
		schedule_work(w);
}

/* What is queued after the wait has begun is not waited for. */
static void flush(unsigned int least)
{
	__atomic_store_n(&runs, 0, __ATOMIC_RELAXED);
	INIT_WORK(&work, run_twice);
	schedule_work(&work);
	flush_work(&work);
	if (__atomic_load_n(&runs, __ATOMIC_RELAXED) < least)
		harness_fail("TEST", CODE_SITE, "the item runs");
	flush_all_work();
}

static void flush_waits(void) { flush(1); }
static void flush_waits_once(void) { flush(2); }

static const struct canary canaries[] = {
	{ "behind_unlock", behind_unlock, "the word is set", 0 },
	{ "before_unlock", before_unlock, NULL, 0 },
	{ "ab_ba", ab_ba, "FAIL  LOCK-ORDER", 0 },
	{ "ab_ab", ab_ab, NULL, 0 },
	{ "sleep_in_atomic", sleep_in_atomic, "FAIL  SLEEP", 0 },
	{ "lost_wakeup", lost_wakeup, "FAIL  DEADLOCK", 0 },
	{ "wakeup", wakeup, NULL, 0 },
	{ "deadlock", deadlock, "for what task 5 holds, task 5 waits at", 0 },
	{ "livelock", livelock, "FAIL  LIVELOCK", 0 },
	{ "spin_a_while", spin_a_while, NULL, 0 },
	{ "work_orders", work_orders, NULL, 0 },
	{ "flush_waits", flush_waits, NULL, 0 },
	{ "flush_waits_once", flush_waits_once, "the item runs", 0 },
};

int main(void)
{
	static struct CMUnitTest tests[ARRAY_SIZE(canaries)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(canaries); i++) {
		tests[i].name = canaries[i].name;
		tests[i].test_func = test_canary;
		tests[i].initial_state = (void *)&canaries[i];
	}
	return cmocka_run_group_tests_name("sim_canary_lock", tests, NULL, NULL);
}
