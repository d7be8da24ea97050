// SPDX-License-Identifier: GPL-2.0-only
/* The workers, and the gate at which they stand between two phases. */
#include <pthread.h>
#include <stdlib.h>
#include <swap/swap.h>
#include <world/world.h>
#include "history.h"
#include "moves.h"

struct worker *workers;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_changed = PTHREAD_COND_INITIALIZER;
/* gate */
static unsigned int nr_running, nr_parked;
static bool closed;
/* relaxed: a hint to look at the gate, or to go */
static bool pausing, stopping;

#define LOAD(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define STORE(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)

static void park(void)
{
	pthread_mutex_lock(&gate);
	nr_parked++;
	pthread_cond_broadcast(&gate_changed);
	while (closed)
		pthread_cond_wait(&gate_changed, &gate);
	nr_parked--;
	pthread_mutex_unlock(&gate);
}

static void leave(void)
{
	pthread_mutex_lock(&gate);
	nr_running--;
	pthread_cond_broadcast(&gate_changed);
	pthread_mutex_unlock(&gate);
}

/*
 * The tide: swap fills up to the workload's high mark, then drains to its low one, and so on. Many
 * paths are taken only when devices are full, or when a full one empties quickly.
 */
bool swap_fills(void)
{
	static bool draining;
	const struct workload *load = options.workload;
	long total, left;

	world_swap_pages(&total, &left);
	if ((total - left) * 100 >= total * (long)load->full)
		STORE(draining, true);
	else if ((total - left) * 100 <= total * (long)(load->low ? load->low : load->full / 3))
		STORE(draining, false);
	return !LOAD(draining);
}

/* What frees gives way to what fills, or the other way round. */
static enum stress_move with_the_tide(struct worker *w, enum stress_move move)
{
	if (!swap_fills())
		return worker_chance(w, 20) ? (worker_chance(w, 40) ? MOVE_EXIT : MOVE_ZAP) : move;
	if ((move != MOVE_EXIT && move != MOVE_ZAP && move != MOVE_HIB_FREE) || worker_chance(w, 5))
		return move;
	return worker_chance(w, 50) ? MOVE_MAP : MOVE_SWAP_RUN;
}

static enum stress_move choose(struct worker *w)
{
	const u16 *weights = options.workload->weights;
	static unsigned int total;
	unsigned int i, n = LOAD(total);

	if (!n) {
		for (i = 0; i < NR_MOVES; i++)
			n += weights[i];
		STORE(total, n);
	}
	n = worker_random(w, n);
	for (i = 0; n >= weights[i]; i++)
		n -= weights[i];
	return with_the_tide(w, i);
}

static void step(struct worker *w)
{
	const struct op *op;
	u64 start;
	int ret;

	while (w->next == w->queued) {
		w->next = w->queued = 0;
		moves[choose(w)](w);
	}
	op = &w->queue[w->next++];
	start = time_ns();
	history_note(w->id, op, start);
	task_op_begin(op_infos[op->id].name);
	ret = op_run(w->id, op);
	task_op_end();
	op_stat_add(&w->stats[op->id], time_ns() - start, ret < 0);
}

static void worker_main(void *arg)
{
	struct worker *w = arg;
	u64 left = options.ops / options.threads + (w->id < options.ops % options.threads);

	while (!LOAD(stopping)) {
		if (LOAD(pausing))
			park();
		if (options.ops && !left--)
			break;
		step(w);
	}
	leave();
}

/* splitmix64: streams of neighbouring ids have nothing in common. */
static u64 worker_seed(unsigned int id)
{
	u64 z = options.seed + (id + 1) * 0x9e3779b97f4a7c15UL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
	z ^= z >> 31;
	return z ? z : 1;
}

void workers_start(void)
{
	char name[TASK_NAME_MAX];
	unsigned int i;

	workers = calloc(options.threads, sizeof(*workers));
	if (!workers)
		abort();
	nr_running = options.threads;
	for (i = 0; i < options.threads; i++) {
		workers[i].id = i;
		workers[i].rng = worker_seed(i);
		workers[i].backwards = i & 1;
	}
	for (i = 0; i < options.threads; i++) {
		snprintf(name, sizeof(name), "w%u", i);
		workers[i].task = task_create(name, i % options.geometry.nr_cpus, worker_main,
					      &workers[i]);
	}
}

void workers_pause(void)
{
	STORE(pausing, true);
	pthread_mutex_lock(&gate);
	closed = true;
	while (nr_parked < nr_running)
		pthread_cond_wait(&gate_changed, &gate);
	pthread_mutex_unlock(&gate);
}

void workers_resume(void)
{
	STORE(pausing, false);
	pthread_mutex_lock(&gate);
	closed = false;
	pthread_cond_broadcast(&gate_changed);
	pthread_mutex_unlock(&gate);
}

bool workers_done(void)
{
	bool done;

	pthread_mutex_lock(&gate);
	done = !nr_running;
	pthread_mutex_unlock(&gate);
	return done;
}

void workers_join(void)
{
	unsigned int i;

	STORE(stopping, true);
	workers_resume();
	for (i = 0; i < options.threads; i++)
		task_join(workers[i].task);
}

u64 workers_ops(void)
{
	unsigned int i, op;
	u64 sum = 0;

	for (i = 0; i < options.threads; i++)
		for (op = 0; op < NR_OPS; op++)
			sum += op_stat_count(&workers[i].stats[op]);
	return sum;
}
