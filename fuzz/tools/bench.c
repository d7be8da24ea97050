// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of a scheduling point, in one run: the bare switch, the usual toy of the literature, many
 * tasks, the whole core, and for comparison pthreads that pass a turn on. Medians of rounds, in each
 * of which everything is measured once.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <linux/futex.h>

#include <fuzz/run/engine.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>

#define ROUNDS 11
#define TOY_STEPS 28
#define PROGRAMS 60
#define SCHEDULES 16

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

/* --- raw ---------------------------------------------------------------------------------- */

struct transfer {
	void *fctx, *data;
};
struct transfer jump_fcontext(void *to, void *data);
void *make_fcontext(void *stack_top, size_t size, void (*fn)(struct transfer));

static void bounce(struct transfer tr)
{
	for (;;)
		tr = jump_fcontext(tr.fctx, NULL);
}

static double raw_switch(void)
{
	static char stack[16384] __attribute__((aligned(64)));
	void *ctx = make_fcontext(stack + sizeof(stack), sizeof(stack), bounce);
	unsigned int i, n = 2000000;
	double start = now_ns();

	for (i = 0; i < n; i++)
		ctx = jump_fcontext(ctx, NULL).fctx;
	return (now_ns() - start) / (2.0 * n);
}

/* --- the toy ------------------------------------------------------------------------------ */

static spinlock_t toy_lock = __SPIN_LOCK_UNLOCKED(lock_class_leaf);
static unsigned long toy_counter;

static void toy_task(void *arg)
{
	unsigned int i;

	for (i = 0; i < TOY_STEPS; i++) {
		spin_lock(&toy_lock);
		toy_counter++;
		spin_unlock(&toy_lock);
	}
}

/* Many tasks and no contention: the decision alone. */
static void points_task(void *arg)
{
	unsigned int i;

	for (i = 0; i < 10 * TOY_STEPS; i++)
		machine_point(POINT_ATOMIC_READ, NULL);
}

/* Return: ns per scheduling point. */
static double toy(enum strategy_kind kind, unsigned int nr_tasks, void (*fn)(void *),
		  unsigned int runs)
{
	struct strategy_config config = { .kind = kind, .switch_one_in = 1, .depth = 3,
					  .length = 200 };
	struct machine_config machine = { .seed = 1 };
	unsigned long points = 0;
	unsigned int i, j;
	double start = now_ns();

	strategy_set(&config);
	for (i = 0; i < runs; i++) {
		strategy_seed(i);
		machine_start(&machine);
		for (j = 0; j < nr_tasks; j++)
			task_create("toy", 0, fn, NULL);
		sim_join_all();
		machine_stop();
		points += sim_points();
	}
	return (now_ns() - start) / points;
}

/* --- a turnstile of pthreads: the same toy, one hand-over a point -------------------------- */

static unsigned int turn;
static unsigned int left[3];
static struct rng turn_rng;

static void futex(int op, unsigned int value)
{
	syscall(SYS_futex, &turn, op, value, NULL, NULL, 0);
}

static void *turnstile_thread(void *arg)
{
	unsigned int me = (unsigned long)arg, seen, next;

	for (;;) {
		while ((seen = __atomic_load_n(&turn, __ATOMIC_ACQUIRE)) != me && seen != 3)
			futex(FUTEX_WAIT_PRIVATE, seen);
		if (seen == 3)
			return NULL;
		if (left[me])
			left[me]--;
		if (!left[0] && !left[1] && !left[2])
			next = 3;
		else
			do
				next = rng_below(&turn_rng, 3);
			while (!left[next]);
		if (next == me)
			continue;
		__atomic_store_n(&turn, next, __ATOMIC_RELEASE);
		futex(FUTEX_WAKE_PRIVATE, 3);
	}
}

static double turnstile(void)
{
	unsigned int points = 2 * TOY_STEPS * 200;
	pthread_t threads[3];
	unsigned long i;
	double start = now_ns();

	turn = 0;
	for (i = 0; i < 3; i++)
		left[i] = points;
	for (i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, turnstile_thread, (void *)i);
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	return (now_ns() - start) / (3 * points);
}

/* --- the whole core ----------------------------------------------------------------------- */

static double points_per_schedule, schedules_per_second, contended_per_schedule;

static double core(void)
{
	struct strategy_config config = { .kind = STRATEGY_RANDOM };
	unsigned long points = 0, contended = 0;
	struct program prog;
	unsigned int seed, i;
	double start = now_ns(), ns;

	strategy_set(&config);
	for (seed = 1; seed <= PROGRAMS; seed++) {
		program_generate(&prog, seed);
		for (i = 0; i < SCHEDULES; i++) {
			strategy_seed(seed * 1000 + i);
			program_run(&prog);
			points += sim_points();
			contended += sim_contended_points();
		}
		program_destroy(&prog);
	}
	ns = now_ns() - start;
	points_per_schedule = (double)points / (PROGRAMS * SCHEDULES);
	contended_per_schedule = (double)contended / (PROGRAMS * SCHEDULES);
	schedules_per_second = PROGRAMS * SCHEDULES / ns * 1e9;
	return ns / points;
}

/* ------------------------------------------------------------------------------------------ */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof(*values), by_value);
	return values[ROUNDS / 2];
}

enum { RAW, TOY, RANDOM3, RANDOM64, PCT3, PCT64, TURNSTILE, CORE, NR_MEASURES };

int main(void)
{
	static double ns[NR_MEASURES][ROUNDS];
	double m[NR_MEASURES];
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		ns[RAW][i] = raw_switch();
		ns[TOY][i] = toy(STRATEGY_RANDOM, 3, toy_task, 3000);
		ns[RANDOM3][i] = toy(STRATEGY_RANDOM, 3, points_task, 600);
		/* with the machine's own, 64 */
		ns[RANDOM64][i] = toy(STRATEGY_RANDOM, 60, points_task, 30);
		ns[PCT3][i] = toy(STRATEGY_PCT, 3, points_task, 600);
		ns[PCT64][i] = toy(STRATEGY_PCT, 60, points_task, 30);
		ns[TURNSTILE][i] = turnstile();
		ns[CORE][i] = core();
	}
	for (i = 0; i < NR_MEASURES; i++)
		m[i] = median(ns[i]);
	printf("medians of %d\n", ROUNDS);
	printf("raw\tone jump_fcontext\t%.1f ns\n", m[RAW]);
	printf("toy\t3 x 28 lock, increment, unlock; a random choice at each point\t"
	       "%.1f ns a point, %.1f raw\n", m[TOY], m[TOY] / m[RAW]);
	printf("tasks\trandom walk, 64 tasks to 3\t%.2f\n", m[RANDOM64] / m[RANDOM3]);
	printf("tasks\tpct, 64 tasks to 3\t%.2f\n", m[PCT64] / m[PCT3]);
	printf("turnstile\tpthreads and futexes on the toy\t%.0f ns a point, %.1f times the toy\n",
	       m[TURNSTILE], m[TURNSTILE] / m[TOY]);
	printf("core\tgenerated programs, %d schedules each, all checks\t%.1f ns a point, "
	       "%.1f times the toy\n", SCHEDULES, m[CORE], m[CORE] / m[TOY]);
	printf("core\tpoints a schedule\t%.0f, %.0f of them contended\n", points_per_schedule,
	       contended_per_schedule);
	printf("core\tschedules a second\t%.0f\n", schedules_per_second);
	return 0;
}
