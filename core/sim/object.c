// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of objects: numbers in the order in which a schedule meets them, those of the set-up
 * first. An address is no name: it differs from variant to variant, and memory that has been freed
 * is another object when it is allocated again, whether malloc takes the same place or not.
 *
 * Open addressing by blocks of memory, and a chain of the objects in each: what is freed is
 * forgotten block by block. Built without instrumentation.
 */
#include <string.h>

#include <kernel/types.h>
#include <machine/alloc.h>
#include "internal.h"

#define BLOCK_SHIFT 6
#define BLOCKS (1U << 13)		/* a power of two; small, so that it stays in the cache */
#define BLOCKS_SHIFT 51			/* 64 - 13 */

static struct block {
	unsigned long nr;		/* of its bytes: address >> BLOCK_SHIFT */
	u32 run;			/* entries of former runs are free */
	u16 first;			/* of its objects; 0: none */
} blocks[BLOCKS];

static struct {
	unsigned long addr;
	u16 next;			/* in its block */
} objects[SIM_OBJECTS_MAX];

u32 sim_run;
static unsigned int nr_objects, nr_stable, nr_blocks;

struct sim_recent sim_recent[SIM_RECENT];

void sim_objects_begin(void)
{
	if (!++sim_run) {
		memset(blocks, 0, sizeof(blocks));
		memset(sim_recent, 0, sizeof(sim_recent));
		sim_run = 1;
	}
	sim_dead_begin();
	nr_objects = 1;
	nr_stable = nr_blocks = 0;
}

static struct block *block_find(unsigned long nr)
{
	unsigned int at = (nr * 0x9e3779b97f4a7c15UL) >> BLOCKS_SHIFT;

	while (blocks[at].run == sim_run && blocks[at].nr != nr)
		at = (at + 1) % BLOCKS;
	return &blocks[at];
}

/* Of a new object; 0 if there is no room, or it is on a stack: then no task can race for it. */
static unsigned int name_new(struct block *block, unsigned long addr)
{
	sim_dead_used(addr);
	/* frames of calls that follow each other lie in one place or not, as the compiler likes */
	if (nr_objects == SIM_OBJECTS_MAX || sim_on_stack(addr))
		return 0;
	if (block->run != sim_run) {
		if (nr_blocks == BLOCKS / 2)
			return 0;
		nr_blocks++;
		*block = (struct block){ .nr = addr >> BLOCK_SHIFT, .run = sim_run };
	}
	objects[nr_objects].addr = addr;
	objects[nr_objects].next = block->first;
	block->first = nr_objects;
	/* before the first point there was nothing to decide */
	if (!sim.points)
		nr_stable = nr_objects;
	return nr_objects++;
}

static unsigned int find(unsigned long addr)
{
	struct block *block = block_find(addr >> BLOCK_SHIFT);
	unsigned int i;

	for (i = block->run == sim_run ? block->first : 0; i; i = objects[i].next)
		if (objects[i].addr == addr)
			return i;
	return name_new(block, addr);
}

noinline unsigned int sim_object_find(unsigned long addr)
{
	unsigned int name = find(addr);

	if (sim_nr_recycled && sim_recycled_used(addr))
		return name;
	*sim_recent_of(addr) = (struct sim_recent){ .addr = addr, .run = sim_run, .name = name };
	return name;
}

unsigned int sim_object(const volatile void *obj)
{
	return sim_name(obj);
}

unsigned int sim_objects_stable(void)
{
	return nr_stable;
}

static void block_forget(struct block *block, unsigned long from, unsigned long to)
{
	u16 *at = &block->first;
	unsigned long addr;

	while (*at) {
		addr = objects[*at].addr;
		if (addr < from || addr >= to) {
			at = &objects[*at].next;
			continue;
		}
		*at = objects[*at].next;
		if (sim_recent_of(addr)->addr == addr)
			sim_recent_of(addr)->run = 0;
	}
}

void sim_recent_forget(unsigned long from, unsigned long to)
{
	struct sim_recent *r;

	for (r = sim_recent; r < sim_recent + SIM_RECENT; r++)
		if (r->addr >= from && r->addr < to)
			r->run = 0;
}

void machine_memory_gone(const void *p, size_t size)
{
	unsigned long from = (unsigned long)p, to = from + size, nr;
	struct block *block;

	/* nothing is named any more */
	if (sim.settled)
		return;
	sim_stores_gone(from, size);
	for (nr = from >> BLOCK_SHIFT; nr <= (to - 1) >> BLOCK_SHIFT; nr++) {
		block = block_find(nr);
		if (block->run == sim_run)
			block_forget(block, from, to);
	}
}
