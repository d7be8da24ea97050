// SPDX-License-Identifier: GPL-2.0-only
/* Moves on address spaces and folios. */
#include <kernel/geometry.h>
#include <kernel/vmstat.h>
#include <swap/swap.h>
#include <world/world.h>
#include "moves.h"

#define DUPS_MAX 24			/* overflows a count of four bits */
#define SPLITS 16			/* a cached and unmapped large folio is rare at any moment */

const move_fn moves[NR_MOVES] = {
#define MOVE(id, fn, text) move_##fn,
#include "moves.def"
#undef MOVE
};

struct op *queue(struct worker *w, enum op_id id)
{
	struct op *op = &w->queue[w->queued < QUEUE_MAX ? w->queued++ : QUEUE_MAX - 1];

	op_init(op, id);
	return op;
}

unsigned int own_space(const struct worker *w)
{
	return spec.spaces + w->id % (WORLD_SPACES_MAX - spec.spaces);
}

static unsigned int random_space(struct worker *w)
{
	return worker_random(w, spec.spaces);
}

static unsigned int random_page(struct worker *w)
{
	return worker_random(w, spec.pages);
}

/* Mostly short; seldom as long as a few clusters, so that clusters fill and empty. */
static unsigned int random_run(struct worker *w)
{
	unsigned int log = worker_random(w, geometry.pmd_order + 2);

	return min(1U + worker_random(w, 1U << log), spec.pages);
}

static unsigned int random_order(struct worker *w)
{
	unsigned int most = min(options.workload->max_order, HPAGE_PMD_ORDER);

	if (!most || !worker_chance(w, options.workload->large_percent))
		return 0;
	/* the whole cluster is a case of its own */
	return worker_chance(w, 25) ? most : 1 + worker_random(w, most);
}

/* Of a folio that a fault may read: what one page-table lock covers can be mapped at once. */
static unsigned int random_fault_order(struct worker *w)
{
	return worker_chance(w, 30) ? worker_random(w, geometry.ptl_shift + 1) : 0;
}

static unsigned int random_reclaim(struct worker *w)
{
	unsigned int n = worker_random(w, 100);

	if (n < 4)
		return OP_DUP_ABORT;
	if (n < 8)
		return OP_SKIP_WRITE;
	return n < 24 ? OP_KEEP_CACHE : 0;
}

static struct op *queue_pages(struct worker *w, enum op_id id, unsigned int space,
			      unsigned int page, unsigned int nr)
{
	struct op *op = queue(w, id);

	op->args[0] = space;
	op->args[1] = page;
	op->nr = nr;
	return op;
}

void move_map(struct worker *w)
{
	unsigned int order = random_order(w), nr = 1U << order, run = max(random_run(w), nr);
	unsigned int page = round_down(random_page(w), nr);
	struct op *op = queue_pages(w, OP_map, random_space(w), page, run);

	op->order = order;
	op->flags = worker_chance(w, 15) ? OP_ZERO : 0;
}

void move_read(struct worker *w)
{
	queue_pages(w, OP_read, random_space(w), random_page(w), 1)->order = random_fault_order(w);
}

void move_write(struct worker *w)
{
	struct op *op = queue_pages(w, OP_write, random_space(w), random_page(w), 1);

	op->order = random_fault_order(w);
	op->flags = worker_chance(w, 15) ? OP_ZERO : 0;
}

/*
 * The same operation on the next run of pages in the worker's direction, of the space that it is
 * walking along.
 */
static void queue_run(struct worker *w, enum op_id id, unsigned int order, unsigned int flags)
{
	unsigned int start = w->cursor % spec.pages, nr = min(random_run(w), spec.pages - start);
	unsigned int space = w->cursor / spec.pages % spec.spaces, i, left;
	struct op *op;

	w->cursor += nr;
	left = w->backwards ? min(nr, (unsigned int)QUEUE_MAX) : 1;
	for (i = 0; i < left; i++) {
		op = w->backwards ? queue_pages(w, id, space, spec.pages - 1 - start - i, 1) :
				    queue_pages(w, id, space, start, nr);
		op->order = order;
		op->flags = flags;
	}
}

void move_sweep(struct worker *w)
{
	if (worker_chance(w, 40))
		queue_run(w, OP_write, 0, 0);
	else
		queue_run(w, OP_read, random_fault_order(w), 0);
}

void move_swap_run(struct worker *w)
{
	queue_run(w, OP_reclaim, 0, random_reclaim(w));
}

void move_reclaim(struct worker *w)
{
	queue_pages(w, OP_reclaim, random_space(w), random_page(w), 1)->flags = random_reclaim(w);
}

static struct op *queue_folios(struct worker *w, enum op_id id, unsigned int nr)
{
	struct op *op = queue(w, id);

	op->args[0] = worker_random(w, spec.folios);
	op->nr = nr;
	return op;
}

void move_reclaim_any(struct worker *w)
{
	queue_folios(w, OP_reclaim_folio, 1)->flags = random_reclaim(w);
}

void move_free_swap(struct worker *w)
{
	queue_folios(w, OP_free_swap, 1);
}

void move_migrate(struct worker *w)
{
	queue_folios(w, OP_migrate, 1);
}

void move_split(struct worker *w)
{
	queue_folios(w, OP_split, SPLITS);
}

/* While swap fills up, most children go at once: one in the place of a space is that one's exit. */
void move_fork(struct worker *w)
{
	bool brief = swap_fills() && worker_chance(w, 80), part = worker_chance(w, 50);
	struct op *op = queue(w, OP_fork);

	op->args[0] = random_space(w);
	op->args[1] = brief ? own_space(w) : random_space(w);
	op->args[2] = part ? random_page(w) : 0;
	op->nr = part ? random_run(w) : spec.pages;
	if (brief)
		queue(w, OP_exit)->args[0] = own_space(w);
}

void move_move(struct worker *w)
{
	struct op *op = queue(w, OP_move);

	op->args[0] = random_space(w);
	op->args[1] = random_page(w);
	op->args[2] = world_swapped_page(op->args[0], random_page(w));
	op->nr = random_run(w);
}

/* Of a swapped page, if there is one; it may be gone a moment later. */
void move_dup(struct worker *w)
{
	unsigned int space = random_space(w);

	queue_pages(w, OP_dup, space, world_swapped_page(space, random_page(w)),
		    2 + worker_random(w, DUPS_MAX - 2));
}

void move_willneed(struct worker *w)
{
	queue_pages(w, OP_willneed, random_space(w), random_page(w), random_run(w));
}

void move_exit(struct worker *w)
{
	queue(w, OP_exit)->args[0] = random_space(w);
}

void move_zap(struct worker *w)
{
	unsigned int page = random_page(w), nr = random_run(w);

	/* what a PMD maps, at once: empties a cluster if it was one folio's */
	if (worker_chance(w, 40)) {
		page = round_down(page, SWAPFILE_CLUSTER);
		nr = SWAPFILE_CLUSTER;
	}
	queue_pages(w, OP_zap, random_space(w), page, nr);
}

/* Others find swap full when all of this one's clusters become empty in a row. */
void move_hog(struct worker *w)
{
	unsigned int nr = SWAPFILE_CLUSTER, space = own_space(w), page;

	queue(w, OP_exit)->args[0] = space;
	for (page = 0; page + nr <= spec.pages && w->queued + 4 <= QUEUE_MAX; page += nr) {
		queue_pages(w, OP_map, space, page, nr)->order = HPAGE_PMD_ORDER;
		/* where that did not succeed */
		queue_pages(w, OP_map, space, page, nr);
		queue_pages(w, OP_reclaim, space, page, nr);
	}
	queue(w, OP_exit)->args[0] = space;
}
