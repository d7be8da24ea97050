// SPDX-License-Identifier: GPL-2.0-only
/* The schedule as data: choices that were taken, and recorded ones that are to be taken again. */
#include <stdlib.h>
#include <sys/mman.h>

#include <kernel/bug.h>
#include "internal.h"

static struct {
	const struct choice *choices;
	unsigned int nr;
	const struct choice **sorted;	/* by task, else in order */
	const struct choice *stale;
} replay;

void *sim_reserve(size_t size)
{
	void *room = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (room == MAP_FAILED)
		harness_fail("SETUP", CODE_SITE, "no address space for a record");
	return room;
}

static bool weak;

void sim_set_weak(bool on)
{
	weak = on;
}

bool sim_is_weak(void)
{
	return weak;
}

void sim_set_replay(const struct choice *choices, unsigned int nr)
{
	replay.choices = choices;
	replay.nr = nr;
}

const struct choice *sim_choices(unsigned int *nr)
{
	sim_pulse_init();
	*nr = sim_pulse->nr_choices;
	return sim_pulse->choices;
}

void sim_record(struct sim_task *t, unsigned int anchor, unsigned int value)
{
	if (sim.full)
		return;
	sim_pulse->choices[sim_pulse->nr_choices++] = (struct choice){
		.task = t->task.id,
		.anchor = anchor,
		.op = t->task.op_nr,
		.nth = t->nth[anchor],
		.value = value,
	};
	sim.full = sim_pulse->nr_choices == SIM_CHOICES_MAX;
	sim_hash_in((u64)t->task.id << 48 | (u64)anchor << 32 | value);
}

/*
 * The recorded choice at this event, if there is one. What was recorded for an earlier
 * operation can no longer be reached.
 */
const struct choice *sim_recorded(struct sim_task *t, unsigned int anchor)
{
	const struct choice *c;

	while (t->next_choice < t->end_choice) {
		c = *t->next_choice;
		if (c->op > t->task.op_nr)
			return NULL;
		if (c->op == t->task.op_nr) {
			if (c->anchor == anchor && c->nth == t->nth[anchor]) {
				t->next_choice++;
				return c;
			}
			/* its event is still to come */
			if (c->nth > t->nth[c->anchor])
				return NULL;
		}
		replay.stale = c;
		t->next_choice++;
	}
	return NULL;
}

static int by_task(const void *a, const void *b)
{
	const struct choice *x = *(const struct choice *const *)a;
	const struct choice *y = *(const struct choice *const *)b;

	if (x->task != y->task)
		return x->task < y->task ? -1 : 1;
	/* stable */
	return x < y ? -1 : x > y;
}

void sim_replay_begin(void)
{
	unsigned int i;

	sim_pulse->nr_choices = 0;
	replay.stale = NULL;
	sim.replaying = replay.nr;
	sim_weak = weak;
	for (i = 0; i < replay.nr && !sim_weak; i++)
		sim_weak = replay.choices[i].anchor == ANCHOR_STORE;
	if (!replay.nr)
		return;
	free(replay.sorted);
	replay.sorted = calloc(replay.nr, sizeof(*replay.sorted));
	if (!replay.sorted)
		harness_fail("SETUP", CODE_SITE, "no memory for %u choices", replay.nr);
	for (i = 0; i < replay.nr; i++)
		replay.sorted[i] = &replay.choices[i];
	qsort(replay.sorted, replay.nr, sizeof(*replay.sorted), by_task);
}

void sim_replay_task(struct sim_task *t)
{
	unsigned int i = 0, end;

	t->next_choice = t->end_choice = NULL;
	if (!sim.replaying)
		return;
	while (i < replay.nr && replay.sorted[i]->task < t->task.id)
		i++;
	for (end = i; end < replay.nr && replay.sorted[end]->task == t->task.id; )
		end++;
	t->next_choice = &replay.sorted[i];
	t->end_choice = &replay.sorted[end];
}

const struct choice *sim_stale_choice(void)
{
	return replay.stale;
}

/* At the end of a schedule: what is left has not been reached. */
void sim_replay_end(void)
{
	unsigned int i;

	for (i = 0; i < sim_nr_tasks && !replay.stale && sim.replaying; i++)
		if (sim_tasks[i]->next_choice < sim_tasks[i]->end_choice)
			replay.stale = *sim_tasks[i]->next_choice;
	/* of tasks that never were */
	for (i = 0; i < replay.nr && !replay.stale; i++)
		if (replay.choices[i].task >= sim_nr_tasks)
			replay.stale = &replay.choices[i];
}

void sim_replay_stale(const struct choice *c)
{
	replay.stale = c;
}
