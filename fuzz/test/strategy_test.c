// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategies on toys whose schedules can be counted. Fixed seeds: no test can flake.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/strategy/strategy.h>
#include <kernel/atomic.h>
#include <kernel/sched.h>

/* --- a toy: tasks that take so many steps each; its schedules are the orders of steps ------ */

#define STEPS_MAX 8
#define TASKS_MAX 3

static unsigned int nr_tasks, nr_steps;
static char order[TASKS_MAX * STEPS_MAX + 1];
static unsigned int nr_order;

/* Races on purpose: not seen by TSan. */
static __no_instrument void step_task(void *arg)
{
	unsigned int i;

	for (i = 0; i < nr_steps; i++) {
		/* whoever is picked at the point takes its step */
		machine_point(POINT_ATOMIC_WRITE, NULL);
		order[nr_order++] = 'a' + (unsigned long)arg;
	}
}

static void toy_run(void)
{
	struct machine_config config = { .seed = 1 };
	unsigned int i;

	nr_order = 0;
	machine_start(&config);
	for (i = 0; i < nr_tasks; i++)
		task_create("step", 0, step_task, (void *)(unsigned long)i);
	sim_join_all();
	machine_stop();
	order[nr_order] = 0;
}

#define ORDERS_MAX 4096

static struct {
	char order[TASKS_MAX * STEPS_MAX + 1];
	unsigned long count;
} orders[ORDERS_MAX];
static unsigned int nr_orders;

static unsigned int order_find(void)
{
	unsigned int i;

	for (i = 0; i < nr_orders; i++)
		if (!strcmp(orders[i].order, order))
			return i;
	assert_in_range(nr_orders, 0, ORDERS_MAX - 1);
	strcpy(orders[nr_orders].order, order);
	orders[nr_orders].count = 0;
	return nr_orders++;
}

static void orders_reset(unsigned int tasks, unsigned int steps)
{
	nr_orders = 0;
	nr_tasks = tasks;
	nr_steps = steps;
}

/*
 * Two tasks of three steps. A task's first point comes when it first runs, its step follows
 * when it is picked again: a fair coin at each point. The exact probability of each order, by
 * going through all coins.
 */
struct state {
	unsigned int at[2];		/* points passed; its steps are one less */
};

static double probability(const char *want, unsigned int done, struct state st, unsigned int run)
{
	double p = 0;
	unsigned int next, i, alive = 0;

	/* @run goes on: takes the step after the point it stands at, reaches its next point */
	if (st.at[run]) {
		if (want[done] != (char)('a' + run))
			return 0;
		done++;
	}
	st.at[run]++;
	for (i = 0; i < 2; i++)
		alive += st.at[i] <= nr_steps;
	if (!alive)
		return want[done] ? 0 : 1;
	for (next = 0; next < 2; next++)
		if (st.at[next] <= nr_steps)
			p += probability(want, done, st, next) / alive;
	return p;
}

static void test_random_walk_frequencies(void **state)
{
	struct strategy_config config = { .kind = STRATEGY_RANDOM, .switch_one_in = 1 };
	unsigned long runs = 200000, i;
	double p, total = 0, sigma;

	orders_reset(2, 3);
	strategy_set(&config);
	for (i = 0; i < runs; i++) {
		strategy_seed(i);
		toy_run();
		orders[order_find()].count++;
	}
	/* 6 over 3 */
	assert_int_equal(nr_orders, 20);
	for (i = 0; i < nr_orders; i++) {
		/* main blocks in its join: either task may be first */
		p = probability(orders[i].order, 0, (struct state){ 0 }, 0) / 2 +
		    probability(orders[i].order, 0, (struct state){ 0 }, 1) / 2;
		total += p;
		sigma = sqrt(p * (1 - p) * runs);
		/* 99.9 % */
		if (orders[i].count < p * runs - 3.29 * sigma ||
		    orders[i].count > p * runs + 3.29 * sigma)
			fail_msg("%s: %lu of %lu, expected %f", orders[i].order, orders[i].count,
				 runs, p * runs);
	}
	assert_true(total > 0.999999 && total < 1.000001);
}

/* --- exhaustive search -------------------------------------------------------------------- */

static unsigned long last_round;	/* schedules */

static unsigned long visit_all(unsigned int tasks, unsigned int steps, unsigned int bound)
{
	struct strategy_config config = { .kind = STRATEGY_EXHAUSTIVE, .bound = bound };
	unsigned int round = 0;
	unsigned long runs = 0;

	orders_reset(tasks, steps);
	strategy_set(&config);
	last_round = 0;
	do {
		toy_run();
		orders[order_find()].count++;
		runs++;
		last_round = strategy_bound() == round ? last_round + 1 : 1;
		round = strategy_bound();
	} while (strategy_next());
	return runs;
}

static unsigned long choose(unsigned long n, unsigned long k)
{
	return k ? choose(n - 1, k - 1) * n / k : 1;
}

static void test_exhaustive_counts(void **state)
{
	/* no preemption: the orders in which tasks run to their ends */
	assert_int_equal(visit_all(2, 4, 0), 2);
	assert_false(strategy_complete());
	assert_int_equal(visit_all(3, 4, 0), 6);
	/* enough of them: every order of steps, each once for each place of the first points */
	visit_all(2, 3, 1000);
	assert_true(strategy_complete());
	assert_int_equal(nr_orders, choose(6, 3));
	/* the last round has all: orders of segments between points, one more than steps for each task */
	assert_int_equal(last_round, choose(8, 4));
	visit_all(3, 1, 1000);
	assert_true(strategy_complete());
	/* 6! / 2!^3 */
	assert_int_equal(last_round, 90);
	assert_int_equal(nr_orders, 6);
	/* one preemption: either task first, cut at any of its 4 points, or not at all */
	assert_int_equal(visit_all(2, 4, 1), 2 + 2 * (4 + 1));
	assert_int_equal(last_round, 2 * (4 + 1));
	assert_false(strategy_complete());
}

/* Fewer preemptions come first, and a bound beyond what there is adds nothing. */
static void test_exhaustive_rounds(void **state)
{
	struct strategy_config config = { .kind = STRATEGY_EXHAUSTIVE, .bound = 1000 };
	unsigned int bound = 0, rounds = 1;
	unsigned long enough;

	orders_reset(2, 3);
	strategy_set(&config);
	do {
		toy_run();
		assert_in_range(strategy_bound(), bound, bound + 1);
		rounds += strategy_bound() > bound;
		bound = strategy_bound();
	} while (strategy_next());
	assert_true(strategy_complete());
	/* each segment of one is cut off by the other's next: 3 + 3 */
	assert_int_equal(rounds, 7);
	enough = visit_all(2, 3, bound);
	assert_true(strategy_complete());
	assert_int_equal(visit_all(2, 3, 1000), enough);
	visit_all(2, 3, bound - 1);
	assert_false(strategy_complete());
}

/* --- PCT ---------------------------------------------------------------------------------- */

static unsigned int turn, hits;

/* A bug of depth d: the steps of two tasks must alternate d - 1 times in one way. */
static __no_instrument void alternate(void *arg)
{
	unsigned int me = (unsigned long)arg, i;

	for (i = 0; i < nr_steps; i++) {
		machine_point(POINT_ATOMIC_WRITE, NULL);
		if (i == 3 && me == 0 && turn == 0)
			turn = 1;
		if (i == 5 && me == 1 && turn == 1)
			turn = 2;
		if (i == 6 && me == 0 && turn == 2)
			hits++;
	}
}

/* Depth 3: task 0 up to its step 3, task 1 to its step 5, task 0 again before ... it ends. */
static void depth_run(void)
{
	struct machine_config config = { .seed = 1 };

	turn = 0;
	machine_start(&config);
	task_create("a", 0, alternate, (void *)0UL);
	task_create("b", 1, alternate, (void *)1UL);
	sim_join_all();
	machine_stop();
}

static void test_pct_bound(void **state)
{
	struct strategy_config config = { .kind = STRATEGY_PCT, .depth = 2, .length = 32 };
	unsigned long runs = 20000, i;

	nr_steps = 8;
	hits = 0;
	strategy_set(&config);
	for (i = 0; i < runs; i++) {
		strategy_seed(i);
		depth_run();
	}
	/* n = 6 tasks with the machine's own, k = 32 points: 1 / (2 n k^(d-1)), and in fact twice that */
	assert_true(hits >= runs / (6 * 32));
	/* and depth 1 cannot find it at all: it needs a preemption */
	config.depth = 1;
	hits = 0;
	strategy_set(&config);
	for (i = 0; i < runs; i++) {
		strategy_seed(i);
		depth_run();
	}
	assert_int_equal(hits, 0);
}

/*
 * Three tasks of two steps each, preempted in each other: "abccba" is nested, "abcabc" crossed.
 * Four orders of steps make such a schedule, e.g. a < b, b < c, then c < b and b < a: depth 4.
 */
static unsigned long count_order(const char *want, unsigned int length, unsigned long runs)
{
	unsigned long i, n = 0;

	for (i = 0; i < runs; i++) {
		strategy_seed(i);
		toy_run();
		n += !strcmp(order, want);
		assert_in_range(sim_contended_points(), 1, length);
	}
	return n;
}

static void test_pct_three_tasks(void **state)
{
	const unsigned int length = 12, n = 3;
	struct strategy_config config = { .kind = STRATEGY_PCT, .length = length, .depth = 4 };
	unsigned long runs = 200000, bound = runs / (2 * n * length * length * length);

	orders_reset(3, 2);
	strategy_set(&config);
	assert_true(count_order("abccba", length, runs) >= bound);
	assert_true(count_order("abcabc", length, runs) >= bound);
	/* two preemptions nest, as long as whoever falls first may come back last, but do not cross */
	config.depth = 3;
	strategy_set(&config);
	assert_true(count_order("abccba", length, runs) >= bound);
	assert_int_equal(count_order("abcabc", length, runs), 0);
	config.depth = 2;
	strategy_set(&config);
	assert_int_equal(count_order("abccba", length, runs), 0);
}

/* A spinner with the highest priority gives way to the one it waits for. */
static unsigned int flag;

static void spin_on_flag(void *arg)
{
	while (!READ_ONCE(flag))
		cpu_relax();
}

static void set_flag(void *arg)
{
	WRITE_ONCE(flag, 1);
}

static void test_spinners_give_way(void **state)
{
	struct strategy_config config = { .depth = 3 };
	struct machine_config machine = { .seed = 1 };
	unsigned int i, kind;

	for (kind = 0; kind < STRATEGY_EXHAUSTIVE; kind++) {
		config.kind = kind;
		strategy_set(&config);
		for (i = 0; i < 1000; i++) {
			strategy_seed(i);
			flag = 0;
			machine_start(&machine);
			task_create("spin", 0, spin_on_flag, NULL);
			task_create("spin", 0, spin_on_flag, NULL);
			task_create("set", 0, set_flag, NULL);
			sim_join_all();
			assert_in_range(sim_points(), 1, 2000);
			machine_stop();
		}
	}
}

/* What was recorded is what happens again, and nothing is stale. */
static void test_replay(void **state)
{
	struct strategy_config config = { .kind = STRATEGY_RANDOM };
	static struct choice choices[4096];
	const struct choice *c;
	char first[sizeof(order)];
	unsigned int nr, i;
	u64 hash;

	orders_reset(3, 5);
	for (i = 0; i < 2000; i++) {
		strategy_set(&config);
		strategy_seed(i);
		sim_set_replay(NULL, 0);
		toy_run();
		hash = sim_trace_hash();
		strcpy(first, order);
		c = sim_choices(&nr);
		assert_in_range(nr, 0, 4095);
		memcpy(choices, c, nr * sizeof(*c));

		sim_set_strategy(&sim_strategy_default);
		sim_set_replay(choices, nr);
		toy_run();
		assert_string_equal(order, first);
		assert_int_equal(sim_trace_hash(), hash);
		assert_null(sim_stale_choice());
	}
	/* one that is never reached */
	nr = 1;
	choices[0] = (struct choice){ .task = SIM_TASK_USER, .op = 7, .anchor = ANCHOR_BLOCK,
				      .nth = 1, .value = SIM_TASK_USER };
	sim_set_replay(choices, 1);
	toy_run();
	assert_non_null(sim_stale_choice());
	sim_set_replay(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_walk_frequencies),
		cmocka_unit_test(test_exhaustive_counts),
		cmocka_unit_test(test_exhaustive_rounds),
		cmocka_unit_test(test_pct_bound),
		cmocka_unit_test(test_pct_three_tasks),
		cmocka_unit_test(test_spinners_give_way),
		cmocka_unit_test(test_replay),
	};

	return cmocka_run_group_tests_name("strategy", tests, NULL, NULL);
}
