// SPDX-License-Identifier: GPL-2.0-only
/* Moves on devices and their slots, waits, and the weather. */
#include <world/world.h>
#include "moves.h"

#define LOOKUPS_MAX 16
#define IMAGE_PAGES_PERCENT 40		/* of its device, at most at one go */
#define SIGNAL_LATE 1000		/* often enough never */

/* A slot of some device; it may be anything, and its device off. */
static struct op *queue_slot(struct worker *w, enum op_id id)
{
	struct op *op = queue(w, id);

	op->args[0] = worker_random(w, spec.nr_devices);
	op->args[1] = 1 + worker_random(w, spec.devices[op->args[0]].pages - 1);
	return op;
}

void move_lookup(struct worker *w)
{
	queue_slot(w, OP_lookup)->nr = 1 + worker_random(w, LOOKUPS_MAX);
}

void move_extend(struct worker *w)
{
	queue_slot(w, OP_extend);
}

void move_readahead(struct worker *w)
{
	queue_slot(w, OP_readahead)->window = 1U << worker_random(w, 5);
}

/* A CPU's hints become what another's were, as a task could have left them by migrating. */
void move_hint(struct worker *w)
{
	struct op *op = queue(w, OP_hint);

	op->args[0] = worker_random(w, geometry.nr_cpus);
	op->args[1] = worker_random(w, geometry.nr_cpus);
}

/* As free(1) and swapon(8): all at once, or a few lines a read. */
void move_swaps(struct worker *w)
{
	queue(w, OP_swaps)->nr = 1 + worker_random(w, 8);
}

void move_swapon(struct worker *w)
{
	queue(w, OP_swapon)->args[0] = worker_random(w, spec.nr_devices);
}

/* There is always a signal on its way; often it comes early, which must leave all as it was. */
void move_swapoff(struct worker *w)
{
	unsigned int on = 0, i;
	struct op *op;

	for (i = 0; i < spec.nr_devices; i++)
		on += world_device_is_on(i);
	if (on < 2)
		return;
	op = queue(w, OP_swapoff);
	op->args[0] = worker_random(w, spec.nr_devices);
	op->signal = worker_chance(w, 40) ? 1 + worker_random(w, 4) : SIGNAL_LATE;
}

void move_hib_alloc(struct worker *w)
{
	struct op *op = queue(w, OP_hib_alloc);

	op->args[0] = worker_random(w, spec.nr_devices);
	op->nr = 1 + worker_random(w, 1 + spec.devices[op->args[0]].pages * IMAGE_PAGES_PERCENT / 100);
}

void move_hib_free(struct worker *w)
{
	queue(w, OP_hib_free);
}

/* Others in the kernel wait for grace periods, too. */
void move_wait(struct worker *w)
{
	static const enum op_id waits[] = { OP_drain, OP_rcu_barrier, OP_sync_rcu, OP_sync_rcu };

	queue(w, waits[worker_random(w, ARRAY_SIZE(waits))]);
}

/* How likely a site fails while the weather is bad, of 2^16 and at random from 1 up. */
static const struct {
	enum alloc_site site;
	unsigned int worst;
} storms[] = {
	{ ALLOC_TABLE_ATOMIC, 60000 },
	{ ALLOC_TABLE_SLEEP, 30000 },
	{ ALLOC_EXTEND_ATOMIC, 50000 },
	{ ALLOC_EXTEND_SLEEP, 20000 },
	{ ALLOC_FOLIO, 8000 },
	{ ALLOC_SWAPON, 20000 },
	{ ALLOC_CHARGE, 8000 },
	{ ALLOC_IO, 8000 },
	{ ALLOC_IO_READ, 8000 },
	{ ALLOC_ABORT, 8000 },
	{ ALLOC_REFUSED, 8000 },
};

static unsigned int weather[NR_ALLOC_SITES];	/* relaxed */

unsigned int weather_probability(enum alloc_site site)
{
	return __atomic_load_n(&weather[site], __ATOMIC_RELAXED);
}

void move_weather(struct worker *w)
{
	struct fail_plan plan = { 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(storms); i++) {
		plan.probability = 0;
		if (worker_chance(w, 45))
			plan.probability = 1 + worker_random(w, storms[i].worst);
		__atomic_store_n(&weather[storms[i].site], plan.probability, __ATOMIC_RELAXED);
		alloc_fail_plan(storms[i].site, &plan);
	}
}
