/* SPDX-License-Identifier: GPL-2.0-only */
/* Between core/machine/alloc.c and the machines. */
#ifndef _MACHINE_ALLOC_H
#define _MACHINE_ALLOC_H

#include <kernel/slab.h>

/* a short lock of the machine's own: native: a raw spin, sim: nothing */
void machine_lock(void);
void machine_unlock(void);
/* The task sleeps in an allocation: it may wake up on another CPU. */
void machine_sleep_point(void);
/* A random decision of an allocation plan; 16 bits. */
unsigned int machine_random16(void);

/* A choice of the controlled machine; never on the native one. */
bool machine_fail_choice(enum alloc_site site);
/* Which of the n free objects of a slab to hand out; 0: the one freed last. */
unsigned int machine_slab_choice(unsigned int n);

/* Sets what alloc_is_live() tells: in the word before an object, whatever its kind. */
void alloc_set_live(void *p, bool live);

/* Memory goes back to malloc: the next object at this address is a different one. */
void machine_memory_gone(const void *p, size_t size);

/*
 * Does this machine drop all memory at the end of a schedule? Then every object is in a list,
 * from its first member. No task runs in alloc_drop_all().
 */
extern const bool machine_drops_memory;
struct alloc_link {
	struct alloc_link *prev, *next;
};
void alloc_track(struct alloc_link *link);
void alloc_untrack(struct alloc_link *link);
void alloc_drop_all(void);

void alloc_reset(void);			/* plans, counters, caches; no task runs */

#endif /* _MACHINE_ALLOC_H */
