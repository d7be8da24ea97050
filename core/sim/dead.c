// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has been freed, and is used nevertheless. A task that comes to a scheduling point on such memory fails the
 * check UAF, in every variant; plain accesses are the sanitizers'.
 *
 * Memory of kmalloc and of pages is kept for a while before malloc may have it, as in KASAN's quarantine; a sanitizer
 * has its own, but does not see what the machine does to a lock. An object of a type-safe slab is read legally, while
 * it is free and when it is another object, by those whose read section began before it was freed. Others have kept a
 * pointer to it.
 *
 * Built without instrumentation.
 */
#include <stdlib.h>

#include <kernel/bug.h>
#include <machine/alloc.h>
#include "internal.h"

/* Of the run-time of a sanitizer, if the variant has one; and of ASan's. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));
int __asan_address_is_poisoned(const volatile void *addr) __attribute__((weak));

#define QUARANTINE 32			/* objects */
#define RECYCLED_MAX 32			/* more free objects of slabs than this are not looked at */

static struct {
	void *block;
	unsigned long from, to;
} kept[QUARANTINE];
static unsigned int nr_kept;		/* so far */

static struct recycled {
	unsigned long from, to;
	u64 freed;			/* by the RCU clock */
} recycled[RECYCLED_MAX];
unsigned int sim_nr_recycled;
unsigned long sim_nr_freed;

void sim_dead_begin(void)
{
	unsigned int i;

	for (i = 0; i < QUARANTINE; i++) {
		free(kept[i].block);
		kept[i].block = NULL;
		kept[i].from = kept[i].to = 0;
	}
	nr_kept = sim_nr_recycled = 0;
}

void machine_free(void *block, const void *p, size_t size)
{
	unsigned int at = nr_kept++ % QUARANTINE;

	sim_nr_freed++;
	machine_memory_gone(p, size);
	free(kept[at].block);
	kept[at].block = block;
	if (__sanitizer_set_death_callback || sim.settled) {
		free(block);
		kept[at].block = NULL;
	}
	kept[at].from = (unsigned long)p;
	kept[at].to = (unsigned long)p + size;
}

/* Behind an unlock, or where a task waits, the address of a lock or of an object is no more than a name. */
static bool accesses(unsigned int anchor)
{
	return anchor < ANCHOR_UNLOCKED && anchor != ANCHOR_POINT + POINT_WAKE;
}

void sim_dead_used(unsigned long addr)
{
	unsigned int i;

	if (!accesses(sim.anchor) || sim.settled)
		return;
	/* what ASan does not see; and it may be in use again */
	if (__sanitizer_set_death_callback &&
	    !(__asan_address_is_poisoned && sim.anchor >= ANCHOR_LOCK && __asan_address_is_poisoned((void *)addr)))
		return;
	for (i = 0; i < QUARANTINE; i++)
		if (kept[i].from <= addr && addr < kept[i].to)
			harness_fail("UAF", CODE_SITE, "byte %lu of an object of %lu, which was freed, is used",
				     addr - kept[i].from, kept[i].to - kept[i].from);
}

static struct recycled *find(unsigned long addr)
{
	unsigned int i;

	for (i = 0; i < sim_nr_recycled; i++)
		if (recycled[i].from <= addr && addr < recycled[i].to)
			return &recycled[i];
	return NULL;
}

/* Not by memmove(), which TSan takes for the tasks'. */
static void forget(struct recycled *r)
{
	*r = recycled[--sim_nr_recycled];
}

void machine_slab_free(const void *p, size_t size)
{
	sim_nr_freed++;
	if (sim_nr_recycled == RECYCLED_MAX)
		forget(&recycled[0]);
	recycled[sim_nr_recycled++] = (struct recycled){
		.from = (unsigned long)p, .to = (unsigned long)p + size, .freed = sim_rcu_now(),
	};
	sim_recent_forget((unsigned long)p, (unsigned long)p + size);
}

void machine_slab_taken(const void *p)
{
	struct recycled *r = find((unsigned long)p);

	if (r)
		forget(r);
}

bool sim_recycled_used(unsigned long addr)
{
	const struct recycled *r = find(addr);
	const struct sim_task *t = sim_self();

	if (!r)
		return false;
	if (accesses(sim.anchor) && !(t->task.rcu_nest && t->section_began < r->freed))
		harness_fail("UAF", CODE_SITE, "byte %lu of a free object of a slab is used by a task that %s",
			     addr - r->from, t->task.rcu_nest ? "began to read after it was freed" :
			     "is in no read section");
	return true;
}

void sim_dead_while_held(unsigned int anchor, const volatile void *obj)
{
	sim.anchor = anchor;
	sim_dead_used((unsigned long)obj);
	if (sim_nr_recycled)
		sim_recycled_used((unsigned long)obj);
}
