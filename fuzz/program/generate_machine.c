// SPDX-License-Identifier: GPL-2.0-only
/* The machine of a generated program: geometry, devices, failures. Built without instrumentation. */
#include <string.h>

#include "generate.h"

#define DRAWN_PAGES_MAX 64		/* of an address space; there may be more */

void generate_machine(struct program *prog)
{
	struct geometry *g = &prog->geometry;

	g->table = one_in(2) ? TABLE_SLAB : TABLE_PAGE;
	g->nr_cpus = one_in(4) ? 1 + below(4) : 2;
	g->count_bits = one_in(5) ? 3 + below(2) : 2;
	if (one_in(6)) {
		g->cluster_slots = 16;
		g->pmd_order = 4;
	}
	program_fit_geometry(prog);
	/* a fault maps no more than what one lock covers */
	g->ptl_shift = generator.large_order && one_in(2) ? 3 : below(4);
	prog->spaces = 1 + below(3);
	prog->folios = 24 + below(41);
}

/* Any, or together about as many as there are slots. */
void generate_pages(struct program *prog)
{
	unsigned int slots = 0, i;

	prog->pages = 8 + below(25);
	if (one_in(2))
		return;
	for (i = 0; i < prog->nr_devices; i++)
		if (!prog->devices[i].off)
			slots += prog->devices[i].pages;
	prog->pages = slots * (60 + below(80)) / 100 / prog->spaces;
	if (prog->pages < 8)
		prog->pages = 8;
	if (prog->pages > DRAWN_PAGES_MAX)
		prog->pages = DRAWN_PAGES_MAX;
}

void generate_device(struct world_device *dev, unsigned int slots, bool first, int prio)
{
	unsigned int i, nr_bad, kind;

	memset(dev, 0, sizeof(*dev));
	/*
	 * A few clusters. The first one is never empty, and with a tail beyond the end the last
	 * one is not either: mostly there is no tail.
	 */
	dev->pages = slots * (2 + below(one_in(3) ? 4 : 2) + (generator.large_order && one_in(2) ? below(3) : 0));
	if (one_in(3))
		dev->pages -= 1 + below(slots - 1);
	dev->prio = prio >= 0 ? prio : (int)below(4) - 1;
	dev->rotating = one_in(6);
	if (one_in(generator.discard_one_in))
		dev->discard = one_in(3) ? WORLD_DISCARD_ONCE + below(2) : WORLD_DISCARD;
	dev->synchronous = one_in(generator.large_order ? 3 : 6);	/* only there do faults read large folios */
	dev->stable = one_in(6);
	kind = below(12 * 12);
	dev->file = kind < 20;
	dev->fs = kind < 6;
	if (kind == 12 * 12 - 1)
		dev->short_by = 1 + below(slots);
	dev->off = !first && one_in(3);
	nr_bad = one_in(4) ? 1 + below(2) : 0;
	for (i = 0; i < nr_bad; i++)
		dev->bad[i] = 1 + below(dev->pages / 2 - 1) + i * (dev->pages / 2);
	dev->nr_bad = dev->file && !one_in(8) ? 0 : nr_bad;	/* swapon refuses a file with bad pages */
}

void generate_fail(struct program_fail *fail, unsigned int site)
{
	memset(fail, 0, sizeof(*fail));
	fail->site = site;
	if (one_in(2)) {
		fail->every = 2 + below(3);
		return;
	}
	fail->from = 1 + below(4);
	fail->to = one_in(2) ? PROGRAM_FOREVER : fail->from + below(3);
}

void generate_fails(struct program *prog)
{
	unsigned int site;

	if (!one_in(3))
		return;
	for (site = 1; site < NR_ALLOC_SITES; site++) {
		if (!one_in(site == ALLOC_ABORT ? 8 : 4))
			continue;
		generate_fail(&prog->fails[prog->nr_fails++], site);
		/* a pair: the sleeping attempt that follows fails, too */
		if (alloc_site_is_atomic(site) && one_in(2))
			generate_fail(&prog->fails[prog->nr_fails++], ++site);
	}
}
