/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Free-running stress: pthreads that draw operations by the weights of a workload, and run them on
 * a shared world (core/world), on the native machine.
 *
 * The driver adds no order between workers that TSan could see: counters are relaxed, and the
 * workers meet only at the gate between two phases.
 */
#ifndef _STRESS_STRESS_H
#define _STRESS_STRESS_H

#include <stdio.h>
#include <check/check.h>
#include <check/coverage.h>
#include <kernel/geometry.h>
#include <kernel/mutant.h>
#include <machine/machine.h>
#include <world/op.h>
#include "stat.h"

#define WORKERS_MAX 64
#define STRESS_MUTANTS_MAX 16
#define COVERED_SECONDS_MAX 120

enum {
	EXIT_CLEAN = 0,
	EXIT_FOUND = 1,
	EXIT_USAGE = 2,			/* also for a run that could not be started or finished */
};

struct options {
	const char *program;		/* argv[0] */
	const struct workload *workload;
	unsigned int threads;
	double seconds;
	u64 ops;			/* 0: no limit */
	u64 seed;
	const char *mutants[STRESS_MUTANTS_MAX];
	unsigned int nr_mutants;
	struct geometry geometry;
	unsigned int watchdog;
	bool seed_given, seconds_given, until_covered, quiet;
	const char *report_path, *program_path;
};
extern struct options options;

/* options.c: exits by itself on --help, --list and every error. */
void options_parse(int argc, char **argv);
/* "workload=... threads=... seed=0x..." */
void options_print(FILE *out);
/* Prints the command line that runs the same again. */
void options_print_command(FILE *out);

enum stress_move {
#define MOVE(id, fn, text) MOVE_##id,
#include "moves.def"
#undef MOVE
	NR_MOVES,
};

#define QUEUE_MAX 64

struct worker {
	unsigned int id;
	u64 rng;
	struct task_struct *task;
	/* where the linear moves continue */
	unsigned long cursor;
	bool backwards;
	/* operations that are drawn and not yet run */
	unsigned int queued, next;
	struct op queue[QUEUE_MAX];
	/* relaxed; written by the worker, read by the main thread */
	struct op_stat stats[NR_OPS];
};

struct device_spec {
	unsigned int eighths;		/* size in eighths of a cluster */
	unsigned int flags;		/* DEVICE_* */
	int prio;			/* -1: none given */
	unsigned int nr_bad;
};
enum {
	DEVICE_ROTATING = BIT(0),
	DEVICE_SYNC = BIT(1),		/* synchronous I/O */
	DEVICE_STABLE = BIT(2),		/* stable writes */
	DEVICE_FILE = BIT(3),		/* a swap file: order 0 only */
	DEVICE_DISCARD_SHIFT = 4,	/* above: an enum world_discard */
	DEVICE_DISCARD = WORLD_DISCARD << DEVICE_DISCARD_SHIFT,
	DEVICE_DISCARD_ONCE = WORLD_DISCARD_ONCE << DEVICE_DISCARD_SHIFT,
	DEVICE_DISCARD_PAGES = WORLD_DISCARD_PAGES << DEVICE_DISCARD_SHIFT,
};

struct workload {
	const char *name;
	const char *description;
	struct device_spec devices[WORLD_DEVICES_MAX];	/* the first of size 0 ends the list */
	unsigned int nr_mms;
	/* percent of the devices' slots; 0: 100 */
	unsigned int fill;		/* all address spaces together */
	unsigned int memory;		/* physical memory */
	unsigned int full;		/* swap's high mark, of what is enabled */
	unsigned int low;		/* its low mark; 0: a third of the high one */
	unsigned int max_order;		/* of new folios; at most the cluster's */
	unsigned int large_percent;	/* how many new folios are large */
	u16 weights[NR_MOVES];
};
extern const struct workload workloads[];
extern const unsigned int nr_workloads;
const struct workload *workload_find(const char *name);

/* spec.c: the world that the options ask for. */
extern struct world_spec spec;
void spec_make(void);

/* worker.c */
extern struct worker *workers;
void workers_start(void);
/* Are all workers between two operations? */
void workers_pause(void);
void workers_resume(void);
/* Has every worker done its share of --ops? */
bool workers_done(void);
void workers_join(void);
/* Is swap being filled now? If not, it is being drained. */
bool swap_fills(void);
/* Sums over all workers; approximate while they run. */
u64 workers_ops(void);

/* run.c; Return: an EXIT_* status */
int run(void);
/* Prints the verdict of a run that an interrupt did not end in time. Context: any thread. */
void run_cut(void);

/* interrupt.c: SIGINT, SIGTERM and SIGHUP end the run, within 2 seconds. */
void interrupt_listen(void);
/* The name of the signal that came; NULL if none did. */
const char *interrupt_signal(void);

/* report.c */
void report_progress(double elapsed, bool final);
/*
 * The workers have ended: the report has the failed allocations and the rare paths up to now.
 * Context: no worker runs.
 */
void report_calm(void);
/* How often the @i-th rare path was reached by the workers. */
unsigned long report_path(unsigned int i);
void report_final(double elapsed, unsigned int phases);
/* Return: 0; nonzero, after a message, if --report could not be written. */
int report_file(double elapsed, const char *verdict, const char *why, unsigned int phases);
unsigned int report_paths_missing(unsigned int *total);

/* A random number below n (n > 0) from the worker's stream. */
static inline unsigned int worker_random(struct worker *w, unsigned int n)
{
	w->rng ^= w->rng << 13;
	w->rng ^= w->rng >> 7;
	w->rng ^= w->rng << 17;
	return ((w->rng >> 32) * n) >> 32;
}

static inline bool worker_chance(struct worker *w, unsigned int percent)
{
	return worker_random(w, 100) < percent;
}

#endif /* _STRESS_STRESS_H */
