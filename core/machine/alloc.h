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
/* The same, of what is in a block of malloc: that is freed, now or some time later. */
void machine_free(void *block, const void *p, size_t size);
/* An object of a type-safe slab is free: from now on no task begins to look at it, until it is taken again. */
void machine_slab_free(const void *p, size_t size);
void machine_slab_taken(const void *p);

/*
 * Each object is in a list, from its first member. What no code has, as a cache itself, has no
 * address here.
 */
struct alloc_link {
	struct alloc_link *prev, *next;
	void *object;
	size_t size;			/* in bytes, of what is at @object */
	unsigned long nth;		/* allocation of this process */
	enum alloc_type type;
	bool slab, kept;
};
void alloc_track(struct alloc_link *link, void *object, size_t size, enum alloc_type type);
void alloc_untrack(struct alloc_link *link);
struct alloc_link *alloc_first(void);
struct alloc_link *alloc_next(struct alloc_link *link);

/* Does this machine drop all memory at the end of a schedule? No task runs in alloc_drop_all(). */
extern const bool machine_drops_memory;
void alloc_drop_all(void);

/* Takes an object back from its slab, or from kmalloc, as its owner would. */
void alloc_take_back(struct alloc_link *link);
void slab_take_back(struct alloc_link *link);

void alloc_reset(void);			/* plans, counters, roots; no task runs */
void alloc_roots_reset(void);

#endif /* _MACHINE_ALLOC_H */
