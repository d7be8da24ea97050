/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shrinking: edits make a program simpler, trials say whether it still fails in the same way,
 * the passes go on until no edit does.
 */
#ifndef _FUZZ_SHRINK_SHRINK_H
#define _FUZZ_SHRINK_SHRINK_H

#include <fuzz/run/engine.h>
#include <fuzz/tools/shared_options.h>

/* --- trials: trial.c ------------------------------------------------------------------------ */


struct trial {
	struct program prog;		/* to run; after a hit with the choices of that run */
	unsigned int searches;		/* schedules around the kept choices, if these do not fail */
	bool hit;			/* it fails in the same way */
	unsigned long runs;
};

void trials_init(void);
/*
 * Runs @prog as it is written and makes its failure the one to look for. Return: whether it
 * fails, and in the same way and with the same choices every time; @out: how.
 */
bool trials_aim(struct program *prog, struct outcome *out, bool *steady);
/* Does @prog, as it is written, fail that way @times times, with its own choices? */
bool trials_verify(const struct program *prog, unsigned int times);
/* Runs @nr trials at once; the result of each depends only on its program. */
void trials_run(struct trial *trials, unsigned int nr);
/* Of its text. */
u64 program_hash(const struct program *prog);

/* --- edits: edit.c, number.c ------------------------------------------------------------------ */

/*
 * One kind of edit. It applies to units of a program, one after the other, and some to runs of
 * units at once. apply() leaves a valid program or returns false: there is nothing to do there.
 */
struct edit {
	const char *name;
	unsigned int (*units)(struct program *prog);
	bool (*apply)(struct program *prog, unsigned int at, unsigned int size);
	bool chunks;			/* apply() takes sizes above 1 */
	/* schedules of a trial, by effort, with 1 and 2; a hit is measured after its choices have been cut */
	unsigned int search[2];
};

extern const struct edit edit_choices, edit_choice_pairs, edit_choice_near, edit_reschedule;
extern const struct edit edit_tasks, edit_merge, edit_ops, edit_op_pairs, edit_exchange;
extern const struct edit edit_devices, edit_fails, edit_bad, edit_plan;
extern const struct edit edit_numbers, edit_alike;

/* How far all numbers of a program are from the simplest ones. */
u64 program_distance(struct program *prog);

/* --- passes: pass.c --------------------------------------------------------------------------- */

struct shrinker {
	struct program best;
	unsigned int jobs;
	unsigned int effort;		/* 0 (what is left is replayed only), 1, 2 */
	unsigned long runs, trials;
	bool (*stop)(void);
	/* Before each batch; may be NULL. */
	void (*progress)(const struct shrinker *s, const char *edit);
	void *tried;			/* programs known not to fail; see tsearch(3) */
};

/* Runs until no edit improves s->best, or stop() returns true. */
void shrink_run(struct shrinker *s);

unsigned int program_nr_ops(const struct program *prog);

#endif /* _FUZZ_SHRINK_SHRINK_H */
