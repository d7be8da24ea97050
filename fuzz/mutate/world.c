// SPDX-License-Identifier: GPL-2.0-only
/* Changes of the machine, the devices and the planned failures. */
#include <string.h>

#include "mutate.h"

#define DRAWN_DEVICES 4
#define DRAWN_MAX 64			/* pages and folios; there may be more */

static void change_geometry(struct program *prog, struct rng *rng)
{
	static const unsigned int slots[] = { 8, 8, 8, 16, 16, 32, 512 };
	struct geometry *g = &prog->geometry;

	switch (rng_below(rng, 8)) {
	case 0:
		g->table = g->table == TABLE_SLAB ? TABLE_PAGE : TABLE_SLAB;
		break;
	case 1:
		g->nr_cpus = 1 + rng_below(rng, 4);
		break;
	case 2:
		g->count_bits = 2 + rng_below(rng, 3);
		break;
	case 3:
		g->cluster_slots = slots[rng_below(rng, ARRAY_SIZE(slots))];
		break;
	case 4:
		g->ptl_shift = rng_below(rng, 4);
		break;
	case 5:
		prog->pages = 4 + rng_below(rng, DRAWN_MAX - 3);
		break;
	case 6:
		prog->spaces = 1 + rng_below(rng, 3);
		break;
	case 7:
		prog->folios = 8 + rng_below(rng, DRAWN_MAX - 7);
		break;
	}
}

/* @which: 0 .. 15 */
static void change_kind(struct world_device *dev, const struct world_device *fresh, unsigned int which)
{
	if (which >= 8)
		dev->stable ^= 1;
	else if (which == 7)
		dev->fs ^= 1;
	else if (which) {
		dev->file = !dev->file;
		dev->fs = false;
	}
	else
		dev->short_by = dev->short_by ? 0 : 1 + fresh->pages / 2;
}

static void change_device(const struct program *prog, struct world_device *dev, struct rng *rng)
{
	struct world_device fresh;

	program_generate_device(prog, &fresh, rng_next(rng));
	switch (rng_below(rng, 8)) {
	case 0:
	case 1:
		dev->pages = fresh.pages;
		break;
	case 2:
		dev->prio = fresh.prio;
		break;
	case 3:
		dev->rotating ^= 1;
		break;
	case 4:
		dev->discard = dev->discard ? WORLD_DISCARD_NONE : WORLD_DISCARD + rng_below(rng, 3);
		break;
	case 5:
		dev->synchronous ^= 1;
		break;
	case 6:
		memcpy(dev->bad, fresh.bad, sizeof(dev->bad));
		dev->nr_bad = fresh.nr_bad;
		break;
	case 7:
		if (rng_below(rng, 2))
			dev->off ^= 1;
		else
			change_kind(dev, &fresh, rng_below(rng, 16));
		break;
	}
}

/* Operations that name a device that is gone get another one: program_repair(). */
static void change_devices(struct program *prog, struct rng *rng)
{
	unsigned int at = rng_below(rng, prog->nr_devices);

	switch (rng_below(rng, 6)) {
	case 0:
		if (prog->nr_devices < DRAWN_DEVICES)
			program_generate_device(prog, &prog->devices[prog->nr_devices++],
						rng_next(rng));
		break;
	case 1:
		if (prog->nr_devices == 1)
			break;
		prog->nr_devices--;
		memmove(&prog->devices[at], &prog->devices[at + 1],
			(prog->nr_devices - at) * sizeof(prog->devices[0]));
		break;
	default:
		change_device(prog, &prog->devices[at], rng);
		break;
	}
}

static void change_fails(struct program *prog, struct rng *rng)
{
	unsigned int at;

	if (prog->nr_fails && rng_below(rng, 3)) {
		at = rng_below(rng, prog->nr_fails);
		if (rng_below(rng, 2)) {
			program_generate_fail(&prog->fails[at], rng_next(rng));
			return;
		}
		prog->nr_fails--;
		memmove(&prog->fails[at], &prog->fails[at + 1],
			(prog->nr_fails - at) * sizeof(prog->fails[0]));
		return;
	}
	if (prog->nr_fails < PROGRAM_FAILS_MAX)
		program_generate_fail(&prog->fails[prog->nr_fails++], rng_next(rng));
}

void mutate_world(struct program *prog, struct rng *rng)
{
	switch (rng_below(rng, 8)) {
	case 0 ... 1:
		change_geometry(prog, rng);
		break;
	case 2 ... 4:
		change_devices(prog, rng);
		break;
	default:
		change_fails(prog, rng);
		break;
	}
}
