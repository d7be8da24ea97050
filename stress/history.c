// SPDX-License-Identifier: GPL-2.0-only
/*
 * What workers did last. A worker writes its own ring; a failure reads them all while others go on.
 * Built without instrumentation: that is a race on purpose, and must order nothing.
 */
#include <string.h>

#include "history.h"
#include "moves.h"

#define HISTORY 128U			/* operations of a worker, a power of two */
#define LATEST 12U			/* of them in a task of their own */
#define TASKS 16U			/* of the program, which is there to be read */
#define RARE 4096U			/* of 2^16: failures that are rarer are no plan */

struct past {
	struct op op;
	u64 began;
};

static struct {
	struct past ring[HISTORY];
	unsigned long nr;		/* so far */
} histories[WORKERS_MAX];

void history_note(unsigned int worker, const struct op *op, u64 now_ns)
{
	struct past *past = &histories[worker].ring[histories[worker].nr % HISTORY];

	past->op = *op;
	past->began = now_ns;
	/* Order: release, for the compiler at least; pairs with remembered() */
	__atomic_store_n(&histories[worker].nr, histories[worker].nr + 1, __ATOMIC_RELEASE);
}

static unsigned int remembered(unsigned int worker)
{
	unsigned long nr = __atomic_load_n(&histories[worker].nr, __ATOMIC_ACQUIRE);

	return nr < HISTORY ? nr : HISTORY;
}

/* The worker's @back-th last operation, from 1. */
static const struct past *past_of(unsigned int worker, unsigned int back)
{
	return &histories[worker].ring[(histories[worker].nr - back) % HISTORY];
}

/* Of those that each worker has left, the one that began first; NULL: none is left. */
static const struct past *take_first(const struct past *(*left)[HISTORY], unsigned int *nr_left)
{
	unsigned int w, first = options.threads;

	for (w = 0; w < options.threads; w++)
		if (nr_left[w] && (first == options.threads ||
				   left[w][nr_left[w] - 1]->began < left[first][nr_left[first] - 1]->began))
			first = w;
	return first < options.threads ? left[first][--nr_left[first]] : NULL;
}

/*
 * What was before the latest operations of the workers, and fits into @tasks tasks. Merged, as a worker's are in order,
 * and not sorted: qsort() allocates, see text_memory_begin().
 */
static void add_past(struct program *prog, unsigned int workers_shown, unsigned int tasks)
{
	static const struct past *left[WORKERS_MAX][HISTORY], *all[WORKERS_MAX * HISTORY + 1];
	static unsigned int nr_left[WORKERS_MAX];
	unsigned int nr = 0, w, back, first, i;
	struct program_task *t;

	for (w = 0; w < options.threads; w++)
		for (nr_left[w] = 0, back = w < workers_shown ? LATEST + 1 : 1; back <= remembered(w); back++)
			left[w][nr_left[w]++] = past_of(w, back);
	while ((all[nr] = take_first(left, nr_left)))
		nr++;
	first = nr > tasks * PROGRAM_OPS_MAX ? nr - tasks * PROGRAM_OPS_MAX : 0;
	for (i = first; i < nr; i++) {
		t = &prog->tasks[prog->nr_tasks - 1];
		if (i == first || t->nr_ops == PROGRAM_OPS_MAX) {
			t = &prog->tasks[prog->nr_tasks++];
			t->cpu = (prog->nr_tasks - 1) % prog->geometry.nr_cpus;
			t->nr_ops = 0;
		}
		t->ops[t->nr_ops++] = all[i]->op;
	}
}

static void add_latest(struct program *prog, unsigned int worker)
{
	struct program_task *t = &prog->tasks[prog->nr_tasks];
	unsigned int back = min(remembered(worker), LATEST);

	if (!back)
		return;
	t->cpu = worker % prog->geometry.nr_cpus;
	t->nr_ops = 0;
	for (; back; back--)
		t->ops[t->nr_ops++] = past_of(worker, back)->op;
	prog->nr_tasks++;
}

/* The weather of now. */
static void add_fails(struct program *prog)
{
	unsigned int site, probability;

	for (site = 0; site < NR_ALLOC_SITES; site++) {
		probability = weather_probability(site);
		if (probability >= RARE)
			prog->fails[prog->nr_fails++] = (struct program_fail){
				.site = site, .every = max(2U, 65536 / probability),
			};
	}
}

void history_program(struct program *prog, const char *check)
{
	unsigned int shown = min(options.threads, TASKS - 1U), w;

	program_init(prog);
	prog->world = spec;
	add_fails(prog);
	add_past(prog, shown, TASKS - shown);
	for (w = 0; w < shown; w++)
		add_latest(prog, w);
	if (!check || !*check)
		return;
	prog->has_expect = true;
	snprintf(prog->expect, sizeof(prog->expect), "%s", check);
	if (options.nr_mutants == 1)
		snprintf(prog->mutant, sizeof(prog->mutant), "%s", options.mutants[0]);
}
