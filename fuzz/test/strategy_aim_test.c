// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategies that aim: reads-from constraints and windows meet what POS meets rarely, still meet
 * everything else, and do as their names say. Fixed seeds: no test can flake.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/strategy/strategy.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>

#define TASKS_MAX 3

/* w, r: on the shared object; o: on its own; n: no event; ( and ): the lock; |: the next operation */
static const char *events[TASKS_MAX];
static unsigned int nr_tasks;
static char shared_object, own_objects[TASKS_MAX];
static spinlock_t lock;
static char trace[128];			/* all but 'o' and '|'; those of the first task in capitals */
static unsigned int nr_trace;

/* Races on purpose: not seen by TSan. */
static __no_instrument void note(char c)
{
	trace[nr_trace++] = c;
}

static void event(unsigned long me, char c) __no_context_analysis
{
	switch (c) {
	case '(':
		spin_lock(&lock);
		break;
	case ')':
		spin_unlock(&lock);
		break;
	case '|':
		task_op_end();
		task_op_begin("toy");
		return;
	case 'n':
		break;
	default:
		machine_point(c == 'r' ? POINT_ATOMIC_READ : POINT_ATOMIC_WRITE,
			      c == 'o' ? &own_objects[me] : &shared_object);
	}
	if (c != 'o')
		note(me ? c : c == 'w' ? 'W' : c == 'r' ? 'R' : c == 'n' ? 'N' : c == '(' ? '[' : ']');
}

static void task_main(void *arg)
{
	unsigned long me = (unsigned long)arg;
	const char *e;

	task_op_begin("toy");
	for (e = events[me]; *e; e++)
		event(me, *e);
	task_op_end();
}

static const char *run(u64 seed)
{
	struct machine_config config = { .seed = 1 };
	unsigned long i;

	strategy_seed(seed);
	nr_trace = 0;
	machine_start(&config);
	machine_mute();
	spin_lock_init(&lock);
	lockdep_set_class(&lock, lock_class_leaf);
	machine_point(POINT_ATOMIC_WRITE, &shared_object);
	machine_unmute();
	for (i = 0; i < nr_tasks; i++)
		task_create("toy", 0, task_main, (void *)i);
	sim_join_all();
	machine_stop();
	trace[nr_trace] = 0;
	return trace;
}

static void set(enum strategy_kind kind, const char *a, const char *b)
{
	struct strategy_config config = { .kind = kind };

	nr_tasks = 2;
	events[0] = a;
	events[1] = b;
	strategy_set(&config);
}

/* In so many of 2000 schedules behind the first. */
static unsigned int count(const char *want)
{
	unsigned int i, n = 0;

	run(0);
	for (i = 1; i <= 2000; i++)
		n += !!strstr(run(i), want);
	return n;
}

static void test_rf_meets_rare_pairs(void **state)
{
	static const char slow[] = "oooooooooooooooooooooooooooooooooooooooow", fast[] = "rrooo";

	/* both reads see the write that comes late */
	set(STRATEGY_POS, slow, fast);
	assert_in_range(count("Wrr"), 1, 200);
	set(STRATEGY_RF, slow, fast);
	assert_true(count("Wrr") > 1000);
	/* the second alone does */
	assert_true(count("rWr") > 100);
	/* neither: most constraints cannot be met then, and hold no task for good */
	assert_true(count("rrW") > 100);
}

static void test_rf_keeps_what_is_to_be_seen(void **state)
{
	/* each of b's writes may be what a's last event sees, though the others are to come */
	set(STRATEGY_RF, "oooooooooor", "wwwwwwww");
	assert_true(count("wRwwwwwww") > 20);
	assert_true(count("wwwwRwwww") > 20);
	assert_true(count("wwwwwwwR") > 50);
}

static void test_windows_are_hit(void **state)
{
	/* all of b's second operation where a has let go of the lock for a moment */
	static const char a[] = "oooooooo(o)oo(o)oooooo", b[] = "oooooo|oo(oo)oo(oo)oo(oo)oo";

	set(STRATEGY_POS, a, b);
	assert_in_range(count("[]()()()[]"), 1, 120);
	set(STRATEGY_WINDOWS, a, b);
	assert_true(count("[]()()()[]") > 200);
	/* not only that, and not always */
	assert_true(count("[]()[]()()") > 50);
	assert_true(count("[][]()()()") > 100);
	assert_true(count("()()()[][]") > 50);
}

static void test_whole_operations_are_hit(void **state)
{
	/* all operations of b in the middle of one of a, where nothing is shared that could be aimed at */
	static const char op[] = "oooooooooooooooooooooooooooooooooooooooonoooo";
	static const char a[] = "ooooonoonoooo";
	static char b[4 * sizeof(op)];

	snprintf(b, sizeof(b), "%s|%s|%s|%s", op, op, op, op);
	set(STRATEGY_WINDOWS, a, b);
	/* without aims at operations: 3 */
	assert_true(count("NnnnnN") > 12);
	assert_true(count("NNn") > 500);
}

static void test_no_window(void **state)
{
	/* nothing is shared, or there is no other task: like POS */
	set(STRATEGY_WINDOWS, "ooo", "ooo");
	assert_int_equal(count("w"), 0);
	set(STRATEGY_RF, "ooo", "ooo");
	assert_int_equal(count("w"), 0);
	set(STRATEGY_WINDOWS, "(o)", "(o)");
	assert_true(count("[]()") > 400);
	assert_true(count("()[]") > 400);
}

/* The same seeds, the same schedules, whatever ran before, and whoever took the profile. */
static void test_seeds(void **state)
{
	enum strategy_kind kinds[] = { STRATEGY_RF, STRATEGY_WINDOWS };
	struct strategy_config config = { 0 };
	static u64 hashes[2][200];
	unsigned int k, i, again;

	for (k = 0; k < 2; k++) {
		for (again = 0; again < 2; again++) {
			set(STRATEGY_POS, "(w)o(w)r|w", "r(w)|(r)(w)");
			run(0);
			config.kind = kinds[k];
			strategy_use(&config);
			for (i = 0; i < 200; i++) {
				run(i + 1);
				hashes[again][i] = sim_trace_hash();
			}
			/* another program, or none before the first time */
			set(kinds[k], "www|(o)(w)(w)", "r()o()w");
			run(1);
			run(2);
		}
		assert_memory_equal(hashes[0], hashes[1], sizeof(hashes[0]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rf_meets_rare_pairs),
		cmocka_unit_test(test_rf_keeps_what_is_to_be_seen),
		cmocka_unit_test(test_windows_are_hit),
		cmocka_unit_test(test_whole_operations_are_hit),
		cmocka_unit_test(test_no_window),
		cmocka_unit_test(test_seeds),
	};

	return cmocka_run_group_tests_name("strategy_aim", tests, NULL, NULL);
}
