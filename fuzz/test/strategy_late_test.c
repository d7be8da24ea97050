// SPDX-License-Identifier: GPL-2.0-only
/* The machine's own tasks are late in some schedules: which ones, and what the strategy is asked then. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <kernel/bug.h>
#include <kernel/sched.h>
#include <kernel/workqueue.h>
#include <machine/machine.h>
#include "../strategy/internal.h"

#define SEEDS 4000
#define TASK SIM_TASK_USER
#define OTHER (SIM_TASK_USER + 1)

static task_set asked;			/* of which tasks one was to be picked */
static bool could_stay;

static unsigned int toy_pick(const struct sim_view *view)
{
	unsigned int i;

	asked = 0;
	for (i = 0; i < view->nr_runnable; i++)
		asked |= task_bit(view->list[i]);
	assert_int_equal(asked, view->runnable);
	assert_true(view->runnable & task_bit(view->dflt));
	could_stay = view->can_stay;
	return view->list[0];
}

static const struct sim_strategy toy = { .name = "toy", .pick = toy_pick };

/* What a strategy says if @task is at a point and @runnable can run. */
static unsigned int pick(const struct sim_strategy *strategy, unsigned int task, task_set runnable, bool yields)
{
	u8 list[SIM_TASKS_MAX];
	struct sim_view view = { .task = task, .can_stay = true, .yields = yields, .runnable = runnable, .list = list };
	unsigned int id;

	for_each_task(id, runnable)
		list[view.nr_runnable++] = id;
	view.dflt = task;
	return strategy->pick(&view);
}

/* Are work items late in this schedule, or callbacks? */
static bool is_late(const struct sim_strategy *strategy, unsigned int task)
{
	pick(strategy, TASK, task_bit(task) | task_bit(TASK), false);
	return asked == task_bit(TASK);
}

static void test_some_schedules(void **state)
{
	unsigned int late = 0, work = 0, callbacks = 0, seed;
	const struct sim_strategy *strategy;

	for (seed = 1; seed <= SEEDS; seed++) {
		strategy = strategy_late(&toy, seed);
		late += strategy != &toy;
		assert_int_equal(strategy != &toy,
				 is_late(strategy, SIM_TASK_WORK0) || is_late(strategy, SIM_TASK_RCU));
		assert_int_equal(is_late(strategy, SIM_TASK_WORK0), is_late(strategy, SIM_TASK_WORK1));
		work += is_late(strategy, SIM_TASK_WORK0);
		callbacks += is_late(strategy, SIM_TASK_RCU);
	}
	/* a quarter; of those, two thirds each: six standard deviations of 27 and 24 */
	assert_in_range(late, SEEDS / 4 - 164, SEEDS / 4 + 164);
	assert_in_range(work, SEEDS / 6 - 142, SEEDS / 6 + 142);
	assert_in_range(callbacks, SEEDS / 6 - 142, SEEDS / 6 + 142);
}

static const struct sim_strategy *late_work(void)
{
	const struct sim_strategy *strategy;
	u64 seed = 1;

	do
		strategy = strategy_late(&toy, seed++);
	while (!is_late(strategy, SIM_TASK_WORK0));
	return strategy;
}

static void test_others_first(void **state)
{
	const struct sim_strategy *strategy = late_work();
	task_set work = task_bit(SIM_TASK_WORK0), both = task_bit(TASK) | task_bit(OTHER);

	assert_int_equal(pick(strategy, OTHER, both | work, false), TASK);
	assert_int_equal(asked, both);
	assert_true(could_stay);
	/* a work item that has begun stops at its next point */
	assert_int_equal(pick(strategy, SIM_TASK_WORK0, both | work, false), TASK);
	assert_int_equal(asked, both);
	assert_false(could_stay);
}

static void test_late_ones_run_in_the_end(void **state)
{
	const struct sim_strategy *strategy = late_work();
	task_set work = task_bit(SIM_TASK_WORK0) | task_bit(SIM_TASK_WORK1);

	/* nobody else can */
	assert_int_equal(pick(strategy, SIM_TASK_WORK1, work, false), SIM_TASK_WORK0);
	assert_int_equal(asked, work);
	/* who spins may wait for them */
	pick(strategy, TASK, work | task_bit(TASK), true);
	assert_int_equal(asked, work | task_bit(TASK));
}

/* --- schedules ------------------------------------------------------------------------------------ */

#define POINTS 200			/* by then a strategy that switches at every second point has run it */
#define SCHEDULES 400

static bool has_run, was_late;

/* Both race on purpose: not seen by TSan. */
static __no_instrument void run_item(struct work_struct *work)
{
	has_run = true;
}

static __no_instrument void queue_item(void *work)
{
	unsigned int i;

	schedule_work(work);
	for (i = 0; i < POINTS; i++)
		machine_point(POINT_IO, NULL);
	was_late = !has_run;
	flush_work(work);
}

/* Is a work item late in the schedule of a seed, the program's first or not? */
static bool runs_late(const struct strategy_config *config, u64 seed, bool first)
{
	struct machine_config machine = { .seed = 1 };
	struct work_struct work;

	if (first)
		strategy_set(config);
	strategy_seed(seed);
	has_run = false;
	machine_start(&machine);
	INIT_WORK(&work, run_item);
	task_create("queue", 0, queue_item, &work);
	sim_join_all();
	machine_stop();
	return was_late;
}

static void test_schedules(void **state)
{
	struct strategy_config config = { .kind = STRATEGY_RANDOM, .switch_one_in = 2 };
	unsigned int late = 0, seed;
	bool is_late[SCHEDULES];

	strategy_set(&config);
	for (seed = 0; seed < SCHEDULES; seed++)
		late += is_late[seed] = runs_late(&config, seed, false);
	/* a sixth, as above */
	assert_in_range(late, SCHEDULES / 6 - 45, SCHEDULES / 6 + 45);
	/* a seed means the same whatever ran before it */
	for (seed = SCHEDULES; seed--; )
		assert_int_equal(runs_late(&config, seed, true), is_late[seed]);
	config.prompt = true;
	strategy_set(&config);
	for (seed = 0; seed < SCHEDULES; seed++)
		assert_false(runs_late(&config, seed, seed % 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_some_schedules),
		cmocka_unit_test(test_others_first),
		cmocka_unit_test(test_late_ones_run_in_the_end),
		cmocka_unit_test(test_schedules),
	};

	return cmocka_run_group_tests_name("strategy_late", tests, NULL, NULL);
}
