// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starvation: waiters that spin while the one they wait for cannot run, and the portfolio that
 * has to find them. A failed schedule ends its process, so that searches run in children.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/run/engine.h>
#include <kernel/atomic.h>
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <kernel/workqueue.h>

#define PATIENCE 100
#define SCHEDULES 2000		/* enough for an arm whose share is 1 in 50 */

static spinlock_t lock = __SPIN_LOCK_UNLOCKED(lock_class_leaf);
static int ready;

/* Spins with the lock held that the other needs: whoever has seen it there cannot go on. */
static void wait_locked(void *arg)
{
	spin_lock(&lock);
	while (!READ_ONCE(ready))
		cpu_relax();
	spin_unlock(&lock);
}

/* The same without the lock. */
static void wait_unlocked(void *arg)
{
	while (!READ_ONCE(ready))
		cpu_relax();
	spin_lock(&lock);
	spin_unlock(&lock);
}

static struct work_struct work;

static void work_ready(struct work_struct *w)
{
	WRITE_ONCE(ready, 1);
}

/* Two tasks wait for a worker in this way. */
static void wait_for_work(void *arg)
{
	schedule_work(&work);
	while (!READ_ONCE(ready))
		cpu_relax();
}

/* Takes it for granted that the other will have run by then. */
static void wait_impatient(void *arg)
{
	unsigned int tries = 0;

	while (!READ_ONCE(ready)) {
		if (++tries == PATIENCE)
			harness_fail("TOY", CODE_SITE, "gave up");
		cpu_relax();
	}
}

static void make_ready(void *arg)
{
	spin_lock(&lock);
	WRITE_ONCE(ready, 1);
	spin_unlock(&lock);
}

static struct progress *progress;
static struct search {
	void (*waiter)(void *arg);
	int kind;			/* -1: portfolio */
} search;

static int search_main(void *arg)
{
	struct strategy_config config = { .kind = search.kind < 0 ? 0 : search.kind, .depth = 3 };
	struct machine_config machine = { .seed = 1 };
	struct rng rng = { 1 };
	unsigned int arm = 0;
	unsigned long i, before;

	strategy_set(&config);
	for (i = 0; i < SCHEDULES; i++) {
		before = progress->behaviours;
		if (search.kind < 0) {
			arm = portfolio_choose(&progress->portfolio, &rng, &config);
			strategy_use(&config);
		}
		strategy_seed(rng_next(&rng));
		progress_begin(progress);
		ready = 0;
		machine_start(&machine);
		task_create("wait", 0, search.waiter, NULL);
		INIT_WORK(&work, work_ready);
		task_create("ready", 0, search.waiter == wait_for_work ? wait_for_work : make_ready, NULL);
		sim_join_all();
		machine_stop();
		progress_count(progress);
		portfolio_reward(&progress->portfolio, arm, progress->behaviours - before);
	}
	return 0;
}

/* Return: the check that failed, "" if none did. */
static const char *found(void (*waiter)(void *arg), int kind)
{
	static char check[PROGRAM_NAME_MAX];
	struct outcome out;

	search.waiter = waiter;
	search.kind = kind;
	progress = progress_create();
	child_run(search_main, NULL, false, &out);
	snprintf(check, sizeof(check), "%s", out.check);
	outcome_destroy(&out);
	return check;
}

static void test_holder_cannot_run(void **state)
{
	assert_string_equal(found(wait_locked, STRATEGY_STRICT), "LIVELOCK");
	assert_string_equal(found(wait_locked, -1), "LIVELOCK");
	/* the machine is fair in the end: what can go on is no livelock */
	assert_string_equal(found(wait_unlocked, STRATEGY_STRICT), "");
	assert_string_equal(found(wait_unlocked, -1), "");
	assert_string_equal(found(wait_for_work, STRATEGY_STRICT), "");
	assert_string_equal(found(wait_for_work, -1), "");
}

static void test_holder_is_not_run(void **state)
{
	assert_string_equal(found(wait_impatient, STRATEGY_STRICT), "TOY");
	assert_string_equal(found(wait_impatient, -1), "TOY");
	/* to these, a spinner gives way */
	assert_string_equal(found(wait_impatient, STRATEGY_PCT), "");
	assert_string_equal(found(wait_impatient, STRATEGY_POS), "");
}

/* --- the portfolio ------------------------------------------------------------------------ */

/* So many draws, of which @good earns. */
static void draw(struct portfolio *p, struct rng *rng, unsigned int good, unsigned int draws)
{
	struct strategy_config config = { 0 };
	unsigned int arm;

	memset(p->used, 0, sizeof(p->used));
	while (draws--) {
		arm = portfolio_choose(p, rng, &config);
		portfolio_reward(p, arm, arm == good ? 3 : 0);
	}
}

static unsigned int shares(void)
{
	unsigned int i, sum = 0;

	for (i = 0; i < PORTFOLIO_ARMS; i++)
		sum += portfolio_share(i);
	return sum;
}

/* What it would get of @draws by its share. */
static unsigned int by_share(unsigned int arm, unsigned int draws)
{
	return draws * portfolio_share(arm) / shares();
}

static void test_portfolio_shifts(void **state)
{
	struct portfolio p = { 0 }, again = { 0 };
	struct rng rng = { 7 }, rng_again = { 7 };
	unsigned int i, good;

	for (good = 0; good < PORTFOLIO_ARMS; good++) {
		draw(&p, &rng, good, 5000);
		draw(&again, &rng_again, good, 5000);
		assert_memory_equal(&p, &again, sizeof(p));
		assert_true(p.used[good] > by_share(good, 5000));
		/* what was good once is forgotten, and no strategy starves */
		draw(&p, &rng, good, 5000);
		draw(&again, &rng_again, good, 5000);
		assert_true(p.used[good] > by_share(good, 5000) * 5 / 4);
		for (i = 0; i < PORTFOLIO_ARMS; i++)
			assert_true(p.used[i] > by_share(i, 5000) / 5);
	}
	/* if no strategy earns, shares decide */
	draw(&p, &rng, PORTFOLIO_ARMS, 20000);
	draw(&p, &rng, PORTFOLIO_ARMS, 20000);
	for (i = 0; i < PORTFOLIO_ARMS; i++)
		assert_in_range(p.used[i], by_share(i, 20000) * 3 / 4, by_share(i, 20000) * 4 / 3);
}

/* All earn alike, however much or little that is: shares decide, too. */
static void test_portfolio_is_relative(void **state)
{
	struct strategy_config config = { 0 };
	unsigned int i, arm, reward;

	for (reward = 1; reward <= 64; reward *= 8) {
		struct portfolio p = { 0 };
		struct rng rng = { reward };

		for (i = 0; i < 20000; i++) {
			arm = portfolio_choose(&p, &rng, &config);
			portfolio_reward(&p, arm, reward);
		}
		for (i = 0; i < PORTFOLIO_ARMS; i++)
			assert_in_range(p.used[i], by_share(i, 20000) * 3 / 4,
					by_share(i, 20000) * 4 / 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holder_cannot_run),
		cmocka_unit_test(test_holder_is_not_run),
		cmocka_unit_test(test_portfolio_shifts),
		cmocka_unit_test(test_portfolio_is_relative),
	};

	return cmocka_run_group_tests_name("strategy_starve", tests, NULL, NULL);
}
