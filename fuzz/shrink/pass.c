// SPDX-License-Identifier: GPL-2.0-only
/*
 * Passes: every edit at every place, until none helps. Trials of a batch run at once, but the
 * first one in order that helps is taken: the result is the same for any number of jobs.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "shrink.h"

/* In the order of the objective. To read, a choice is as hard as two operations. */
struct cost {
	unsigned int tasks, reading, choices, world;
	u64 distance;
};

static struct cost cost_of(struct program *prog)
{
	return (struct cost){
		.tasks = prog->nr_tasks,
		.reading = program_nr_ops(prog) + 2 * prog->nr_choices,
		.choices = prog->nr_choices,
		.world = prog->nr_devices + prog->nr_fails,
		.distance = program_distance(prog),
	};
}

static bool better(struct program *prog, struct program *than)
{
	struct cost a = cost_of(prog), b = cost_of(than);

	if (a.tasks != b.tasks)
		return a.tasks < b.tasks;
	if (a.reading != b.reading)
		return a.reading < b.reading;
	if (a.choices != b.choices)
		return a.choices < b.choices;
	if (a.world != b.world)
		return a.world < b.world;
	return a.distance < b.distance;
}

/* --- what has been tried ------------------------------------------------------------------------ */

static int by_hash(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* How often a trial searches around the choices that are left: at first not at all. */
static unsigned int searches_of(const struct shrinker *s, const struct edit *edit)
{
	return s->effort ? edit->search[s->effort - 1] : 0;
}

/* A trial's outcome depends on these alone. */
static u64 try_key(const struct program *prog, unsigned int searches)
{
	return program_hash(prog) + searches;
}

static void tried_add(struct shrinker *s, u64 key)
{
	u64 *copy = malloc(sizeof(*copy)), **found;

	if (!copy)
		abort();
	*copy = key;
	found = tsearch(copy, &s->tried, by_hash);
	if (!found)
		abort();
	if (*found != copy)
		free(copy);
}

/* --- one edit ----------------------------------------------------------------------------------- */

struct batch {
	struct trial *trials;
	unsigned int at[JOBS_MAX];
	u64 key[JOBS_MAX];
	unsigned int nr;
};

static void pass(struct shrinker *s, const struct edit *edit);

/* Takes @prog over if it is better, maybe after its choices have been cut. */
static bool take(struct shrinker *s, const struct edit *edit, struct program *prog)
{
	struct program was = s->best;
	bool good = better(prog, &was);

	s->best = *prog;
	if (!good && searches_of(s, edit)) {
		pass(s, &edit_choices);
		good = better(&s->best, &was);
	}
	program_destroy(good ? &was : &s->best);
	if (!good)
		s->best = was;
	return good;
}

/* Fills the batch with new programs from place @at on. Return: the place after the last. */
static unsigned int batch_fill(struct shrinker *s, const struct edit *edit, struct batch *b,
			       unsigned int at, unsigned int size)
{
	unsigned int units = edit->units(&s->best), searches = searches_of(s, edit), chunk;
	struct trial *trial;

	for (b->nr = 0; at < units && b->nr < s->jobs; at += size) {
		trial = &b->trials[b->nr];
		chunk = size < units - at ? size : units - at;
		program_copy(&trial->prog, &s->best);
		trial->searches = searches;
		if (edit->apply(&trial->prog, at, chunk)) {
			b->key[b->nr] = try_key(&trial->prog, searches);
			if (!tfind(&b->key[b->nr], &s->tried, by_hash)) {
				b->at[b->nr++] = at;
				continue;
			}
		}
		program_destroy(&trial->prog);
	}
	return at;
}

/* Return: the place to go on at: after the batch, or where something was taken. */
static unsigned int batch_run(struct shrinker *s, const struct edit *edit, struct batch *b,
			      unsigned int next)
{
	bool done = s->stop();
	unsigned int i;

	trials_run(b->trials, b->nr);
	/* children that were stopped, too, say nothing */
	done = done || s->stop();
	for (i = 0; i < b->nr; i++) {
		s->runs += b->trials[i].runs;
		s->trials++;
		if (done || !b->trials[i].hit) {
			program_destroy(&b->trials[i].prog);
		} else if (take(s, edit, &b->trials[i].prog)) {
			next = b->at[i];
			done = true;
			continue;
		}
		/* that a later one hits is not for this batch to know: it may be taken yet */
		if (!done)
			tried_add(s, b->key[i]);
	}
	return next;
}

static void pass_size(struct shrinker *s, const struct edit *edit, unsigned int size)
{
	struct batch batch = { .trials = calloc(s->jobs, sizeof(*batch.trials)) };
	unsigned int at = 0;

	if (!batch.trials)
		abort();
	while (at < edit->units(&s->best) && !s->stop()) {
		if (s->progress)
			s->progress(s, edit->name);
		at = batch_fill(s, edit, &batch, at, size);
		if (batch.nr)
			at = batch_run(s, edit, &batch, at);
	}
	free(batch.trials);
}

static void pass(struct shrinker *s, const struct edit *edit)
{
	unsigned int size = edit->chunks ? edit->units(&s->best) : 1;

	for (; size; size /= 2)
		pass_size(s, edit, size);
}

/* --- all of them -------------------------------------------------------------------------------- */

static const struct edit *const order[] = {
	&edit_choices, &edit_tasks, &edit_choices, &edit_ops, &edit_choices, &edit_merge,
	&edit_op_pairs, &edit_choices, &edit_choice_pairs, &edit_choice_near, &edit_reschedule,
	&edit_exchange, &edit_plan, &edit_devices, &edit_fails, &edit_bad, &edit_alike,
	&edit_numbers,
};

/*
 * If no edit helps, the trials get more effort; if no edit helps with the greatest effort, the
 * search is over.
 */
void shrink_run(struct shrinker *s)
{
	unsigned int i;
	struct program was;
	bool gained;

	for (s->effort = 0; s->effort <= 2 && !s->stop(); s->effort += !gained) {
		program_copy(&was, &s->best);
		for (i = 0; i < sizeof(order) / sizeof(order[0]) && !s->stop(); i++)
			pass(s, order[i]);
		gained = better(&s->best, &was);
		program_destroy(&was);
	}
}
