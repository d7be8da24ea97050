// SPDX-License-Identifier: GPL-2.0-only
/*
 * POS and SURW on toys whose orders can be counted: what is observed must fit what the strategy
 * is defined to do, within 99.9 %. Fixed seeds: no test can flake.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/strategy/strategy.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>

#define TASKS_MAX 3
#define STEPS_MAX 20
#define SIGMAS 3.29			/* 99.9 % */

/* --- a toy: each task is a string of events ----------------------------------------------- */

/* w, r: on the shared object; o: on its own; .: on none; c: takes the lock and lets go of it */
static const char *events[TASKS_MAX];
static char shared_object, own_objects[TASKS_MAX];
static spinlock_t shared_lock;
static char order[TASKS_MAX * STEPS_MAX + 1];	/* of the tasks of events on the shared object */
static bool others_there[TASKS_MAX * STEPS_MAX];	/* before each: everybody had arrived */
static unsigned int nr_order, nr_there, nr_tasks;
static bool there[TASKS_MAX];

static __no_instrument void note(unsigned long me)
{
	others_there[nr_order] = nr_there == nr_tasks;
	order[nr_order++] = 'a' + me;
}

/* Races on purpose: not seen by TSan. */
static __no_instrument void event_task(void *arg)
{
	unsigned long me = (unsigned long)arg;
	const char *e;

	for (e = events[me]; *e; e++) {
		nr_there += !there[me];
		there[me] = true;
		if (*e == 'c') {
			spin_lock(&shared_lock);
			note(me);
			spin_unlock(&shared_lock);
			continue;
		}
		machine_point(*e == '.' ? POINT_RESCHED :
			      *e == 'r' ? POINT_ATOMIC_READ : POINT_ATOMIC_WRITE,
			      *e == '.' ? NULL : *e == 'o' ? &own_objects[me] : &shared_object);
		if (*e == 'w' || *e == 'r')
			note(me);
	}
}

static void toy_run(u64 seed)
{
	struct machine_config config = { .seed = 1 };
	unsigned long i;

	strategy_seed(seed);
	nr_order = nr_there = 0;
	memset(there, 0, sizeof(there));
	machine_start(&config);
	/* the set-up: objects get names that last */
	machine_mute();
	spin_lock_init(&shared_lock);
	lockdep_set_class(&shared_lock, lock_class_leaf);
	machine_point(POINT_ATOMIC_WRITE, &shared_object);
	for (i = 0; i < nr_tasks; i++)
		machine_point(POINT_ATOMIC_WRITE, &own_objects[i]);
	machine_unmute();
	for (i = 0; i < nr_tasks; i++)
		task_create("toy", 0, event_task, (void *)i);
	sim_join_all();
	machine_stop();
	order[nr_order] = 0;
}

static void toy_set(enum strategy_kind kind, unsigned int tasks, const char *a, const char *b,
		    const char *c)
{
	struct strategy_config config = { .kind = kind };

	nr_tasks = tasks;
	events[0] = a;
	events[1] = b;
	events[2] = c;
	strategy_set(&config);
}

static void assert_fits(const char *what, double count, double runs, double p)
{
	double sigma = sqrt(p * (1 - p) * runs);

	if (count < p * runs - SIGMAS * sigma || count > p * runs + SIGMAS * sigma)
		fail_msg("%s: %.0f of %.0f, expected %.1f", what, count, runs, p * runs);
}

/* --- POS ---------------------------------------------------------------------------------- */

/*
 * A task of four events (its start counts) against one of two, and no race before their last
 * ones: the probability that all four come before the second of the two. Priorities are uniform
 * in 0..1, the higher of both pending ones is next.
 *
 * b's first, p, may lose against all four: 1/5. Or it wins after k of them, which were all
 * above it; the next, q, is below p, and b's second below q and all the others:
 *   sum over k = 0..3 of the integral of (1-p)^k dq (1-b)^(3-k) over 0 < b < q < p < 1
 */
static double four_before_two(void)
{
	double total = 1.0 / 5, m;
	unsigned int k;

	for (k = 0; k <= 3; k++) {
		m = 3 - k;
		/* the inner two: (p - (1 - (1-p)^(m+2)) / (m+2)) / (m+1) */
		total += (1.0 / (k + 1) - 1.0 / (k + 2) -
			  (1.0 / (k + 1) - 1.0 / (k + m + 3)) / (m + 2)) / (m + 1);
	}
	return total;
}

static void test_pos_frequencies(void **state)
{
	unsigned long runs = 100000, i, a_first = 0;

	toy_set(STRATEGY_POS, 2, "oow", "w", NULL);
	for (i = 0; i < runs; i++) {
		toy_run(i);
		a_first += order[0] == 'a';
	}
	assert_fits("the long one first", a_first, runs, four_before_two());
	/* fair coins: at most one of five is the other's */
	assert_true(four_before_two() > 6.0 / 32);
}

/*
 * How often the task of the next event on the shared object is another one, as long as both are
 * there and have some left.
 */
static void count_switches(const char *text, unsigned long runs, unsigned long *all,
			   unsigned long *switches)
{
	unsigned int seen[2], n, steps = strlen(text);
	unsigned long i;

	*all = *switches = 0;
	toy_set(STRATEGY_POS, 2, text, text, NULL);
	for (i = 0; i < runs; i++) {
		toy_run(i);
		seen[0] = seen[1] = 0;
		for (n = 0; n + 1 < nr_order; n++) {
			seen[order[n] - 'a']++;
			if (!others_there[n] || seen[0] == steps || seen[1] == steps)
				continue;
			++*all;
			*switches += order[n] != order[n + 1];
		}
	}
}

static void test_pos_races_draw_anew(void **state)
{
	unsigned long all, switches;

	/* both priorities are new after each write: a fair coin */
	count_switches("wwww", 20000, &all, &switches);
	assert_fits("switches after a write", switches, all, 0.5);
	/* after a read, the other read's priority stays: it was the lower one */
	count_switches("rrrr", 20000, &all, &switches);
	assert_true(switches < all * 0.45);
}

/* --- SURW --------------------------------------------------------------------------------- */

#define ORDERS_MAX 300

static struct {
	char order[sizeof(order)];
	unsigned long count;
} orders[ORDERS_MAX];

/* The bound that chi squared exceeds one time in a thousand (Wilson and Hilferty). */
static double chi_squared_bound(double degrees)
{
	double v = 2 / (9 * degrees);

	return degrees * pow(1 - v + 3.09 * sqrt(v), 3);
}

/* All orders of the events on the shared object, and each as often as the others. */
static void assert_uniform(unsigned int expected, unsigned long runs)
{
	double mean = (double)runs / expected, chi = 0;
	unsigned int nr = 0, i;
	unsigned long run;

	/* the first one counts */
	toy_run(0);
	for (run = 1; run <= runs; run++) {
		toy_run(run);
		for (i = 0; i < nr && strcmp(orders[i].order, order); i++)
			;
		if (i == nr) {
			assert_in_range(nr, 0, expected - 1);
			strcpy(orders[nr].order, order);
			orders[nr++].count = 0;
		}
		orders[i].count++;
	}
	assert_int_equal(nr, expected);
	for (i = 0; i < nr; i++)
		chi += (orders[i].count - mean) * (orders[i].count - mean) / mean;
	if (chi > chi_squared_bound(expected - 1))
		fail_msg("%u orders: chi squared is %.1f", expected, chi);
}

static void test_surw_uniform(void **state)
{
	/* 6 over 3 */
	toy_set(STRATEGY_SURW, 2, "www", "www", NULL);
	assert_uniform(20, 100000);
	/* 6! / 2!^3 */
	toy_set(STRATEGY_SURW, 3, "ww", "ww", "ww");
	assert_uniform(90, 100000);
	/* uneven ones, where a fair coin would nearly always have b's end last */
	toy_set(STRATEGY_SURW, 2, "w", "wwwwww", NULL);
	assert_uniform(7, 100000);
	/* what is of no interest does not weigh */
	toy_set(STRATEGY_SURW, 2, "....w..w", "ww........", NULL);
	assert_uniform(6, 100000);
	/* 10 over 5 */
	toy_set(STRATEGY_SURW, 2, "wwwww", "wwwww", NULL);
	assert_uniform(252, 100000);
}

/* Events of the same kind on objects of a task's own do not drown those on the shared one. */
static void test_surw_private_accesses(void **state)
{
	toy_set(STRATEGY_SURW, 2, "oowoowoow", "oowoowoow", NULL);
	assert_uniform(20, 100000);
	toy_set(STRATEGY_SURW, 2, "oowoowoowoowoow", "oowoowoowoowoow", NULL);
	assert_uniform(252, 100000);
	toy_set(STRATEGY_SURW, 2, "oow", "oowoowoowoowoowoow", NULL);
	assert_uniform(7, 100000);
	/* nor do those of one task alone */
	toy_set(STRATEGY_SURW, 2, "ooooooooowww", "www", NULL);
	assert_uniform(20, 100000);
}

/* Whoever waits for the lock is not overtaken by those who ask for it later. */
static void test_surw_critical_sections(void **state)
{
	toy_set(STRATEGY_SURW, 2, "ccc", "ccc", NULL);
	assert_uniform(20, 100000);
	toy_set(STRATEGY_SURW, 2, "ccccc", "ccccc", NULL);
	assert_uniform(252, 100000);
	toy_set(STRATEGY_SURW, 2, "c", "cccccc", NULL);
	assert_uniform(7, 100000);
	toy_set(STRATEGY_SURW, 2, "oocoocooc", "oocoocooc", NULL);
	assert_uniform(20, 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pos_frequencies),
		cmocka_unit_test(test_pos_races_draw_anew),
		cmocka_unit_test(test_surw_uniform),
		cmocka_unit_test(test_surw_private_accesses),
		cmocka_unit_test(test_surw_critical_sections),
	};

	return cmocka_run_group_tests_name("strategy_order", tests, NULL, NULL);
}
