// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench_tasks: what a scheduling point costs by the number of tasks, for each strategy. All schedules
 * have about the same number of points; what differs is how many tasks share them.
 * Usage: bench_tasks [SCHEDULES]. Built without instrumentation.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <fuzz/strategy/strategy.h>
#include <kernel/atomic.h>
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <machine/random.h>

#define POINTS 20000U			/* of a schedule, about */
#define TASKS_MAX 100U

static const unsigned int counts[] = { 3, 16, 64, 100 };
static const struct {
	const char *name;
	struct strategy_config config;
} strategies[] = {
	{ "random", { .kind = STRATEGY_RANDOM, .switch_one_in = 4 } },
	{ "pct", { .kind = STRATEGY_PCT, .depth = 3 } },
	{ "pos", { .kind = STRATEGY_POS } },
	{ "surw", { .kind = STRATEGY_SURW } },
	{ "rf", { .kind = STRATEGY_RF } },
	{ "windows", { .kind = STRATEGY_WINDOWS } },
	{ "strict", { .kind = STRATEGY_STRICT } },
};

static int shared, own[TASKS_MAX];
static spinlock_t lock;
static unsigned int rounds;

static void task_main(void *arg)
{
	unsigned long me = (unsigned long)arg;
	unsigned int i;

	for (i = 0; i < rounds; i++) {
		task_op_begin("round");
		WRITE_ONCE(own[me], READ_ONCE(shared));
		if (i % 8 == me % 8) {
			spin_lock(&lock);
			WRITE_ONCE(shared, i);
			spin_unlock(&lock);
		}
		task_op_end();
	}
}

/* Return: its points. */
static unsigned long schedule(unsigned int nr_tasks)
{
	struct machine_config config = { .seed = 1 };
	unsigned long i, points;

	rounds = POINTS / 2 / nr_tasks;
	machine_start(&config);
	machine_mute();
	spin_lock_init(&lock);
	lockdep_set_class(&lock, lock_class_leaf);
	machine_unmute();
	for (i = 0; i < nr_tasks; i++)
		task_create("toy", 0, task_main, (void *)i);
	sim_join_all();
	sim_settle();
	points = sim_points();
	machine_stop();
	return points;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

/*
 * Return: ns a point, of all schedules together. Those of a strategy are not alike: some of pos and rf keep
 * their priorities, and cost half as much as others, so that a median is that of either kind.
 */
static double measure(unsigned int strategy, unsigned int nr_tasks, unsigned int schedules)
{
	struct strategy_config config = strategies[strategy].config;
	struct rng rng = { 1 };
	double began, cost = 0;
	unsigned long points = 0;
	unsigned int i;

	sim_forget_length();
	strategy_set(&config);
	/* the first one is for the profile */
	strategy_seed(rng_next(&rng));
	schedule(nr_tasks);
	for (i = 0; i < schedules; i++) {
		strategy_seed(rng_next(&rng));
		began = now();
		points += schedule(nr_tasks);
		cost += now() - began;
	}
	return cost / points;
}

int main(int argc, char **argv)
{
	unsigned long schedules = argc > 1 ? strtoul(argv[1], NULL, 10) : 25;
	double cost, first = 0;
	unsigned int s, i;

	if (argc > 2 || !schedules) {
		fprintf(stderr, "usage: bench_tasks [SCHEDULES]\n");
		return 2;
	}
	printf("ns a point of %lu schedules (to that of %u tasks)\nstrategy", schedules,
	       counts[0]);
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		printf("\t%u tasks", counts[i]);
	printf("\n");
	for (s = 0; s < ARRAY_SIZE(strategies); s++) {
		printf("%s", strategies[s].name);
		for (i = 0; i < ARRAY_SIZE(counts); i++) {
			cost = measure(s, counts[i], schedules);
			first = i ? first : cost;
			printf("\t%.0f (%.2f)", cost, cost / first);
		}
		printf("\n");
		fflush(stdout);
	}
	return 0;
}
