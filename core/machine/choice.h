/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Choices: where a schedule deviates from the default. A choice is anchored by task, operation and
 * event (the n-th of its kind within that operation), not by a running count. So schedules
 * survive edits of the core, and a change in one task does not move the choices of the others.
 */
#ifndef _MACHINE_CHOICE_H
#define _MACHINE_CHOICE_H

#include <stddef.h>
#include <kernel/gfp.h>
#include <kernel/lockdep.h>

#define SIM_TASKS_MAX 128
#define SIM_CHOICES_MAX (1U << 20)	/* of a schedule; a power of two */

/* A set of tasks, as bits. */
typedef unsigned __int128 task_set;

/* Not by a shift of 128 bits, which takes ten instructions. */
static inline task_set task_bit(unsigned int id)
{
	u64 bit = 1UL << id % 64;

	return id < 64 ? bit : (task_set)bit << 64;
}

/* Of a set that is not empty: the lowest one. */
static inline unsigned int task_first(task_set set)
{
	return (u64)set ? __builtin_ctzl((u64)set) : 64 + __builtin_ctzl((u64)(set >> 64));
}

static inline unsigned int task_count(task_set set)
{
	u64 high = set >> 64;

	return __builtin_popcountl((u64)set) + (high ? __builtin_popcountl(high) : 0);
}

/* The @n-th of a set, from 0, in the order of ids. */
static inline unsigned int task_nth(task_set set, unsigned int n)
{
	unsigned int low = set >> 64 ? __builtin_popcountl((u64)set) : SIM_TASKS_MAX;
	unsigned int from = n < low ? 0 : 64;
	u64 half = from ? set >> 64 : set;

	for (n -= from ? low : 0; n; n--)
		half &= half - 1;
	return from + __builtin_ctzl(half);
}

#define for_each_task(id, set)						\
	for (task_set __left = (set);					\
	     __left && (((id) = task_first(__left)), true); __left &= __left - 1)

/*
 * The kinds of events a choice can be anchored at: lock, trylock, unlock and what is behind it by class of lock,
 * every other scheduling point by its kind, allocations by site. Files contain only their names,
 * never their numbers.
 */
enum {
	ANCHOR_POINT,						/* + enum point_kind */
	ANCHOR_LOCK = ANCHOR_POINT + NR_POINT_KINDS,		/* + enum lock_class */
	ANCHOR_TRYLOCK = ANCHOR_LOCK + NR_LOCK_CLASSES,
	ANCHOR_UNLOCK = ANCHOR_TRYLOCK + NR_LOCK_CLASSES,
	ANCHOR_UNLOCKED = ANCHOR_UNLOCK + NR_LOCK_CLASSES,	/* behind it, of few classes */
	ANCHOR_BLOCK = ANCHOR_UNLOCKED + NR_LOCK_CLASSES,	/* could not go on */
	ANCHOR_END,						/* the task ended */
	ANCHOR_CPU,						/* value: CPU it finds itself on */
	ANCHOR_SLAB,						/* value: which free object */
	ANCHOR_RANDOM,						/* value: machine_random() */
	ANCHOR_REF,						/* value 1: a late tryget succeeds */
	ANCHOR_ALLOC,						/* + enum alloc_site; value 1: fails */
	ANCHOR_STORE = ANCHOR_ALLOC + NR_ALLOC_SITES,		/* value: how late it is seen */
	NR_ANCHORS,
};

#define SIM_STORE_DELAYS 8		/* values of a choice at ANCHOR_STORE */

/* Does a choice at this anchor select the task that runs next? If not, it selects a value. */
static inline bool anchor_schedules(unsigned int anchor)
{
	return anchor <= ANCHOR_END;
}

/* E.g. "lock(ci)", "read", "cpu", "alloc(table.atomic)". NULL beyond the last. */
const char *anchor_name(unsigned int anchor);
/* Return: the anchor called @name (@len bytes), or -1. */
int anchor_parse(const char *name, size_t len);

struct choice {
	u8 task;			/* the task whose event it is */
	u8 anchor;
	u16 op;				/* the task's operation, from 1; 0: before its first */
	u32 nth;			/* of the anchor's events in the operation, from 1 */
	u32 value;			/* the task that runs instead, or the value */
};

/* Tasks of the machine itself; user tasks follow in the order of their creation. */
enum {
	SIM_TASK_MAIN,
	SIM_TASK_RCU,
	SIM_TASK_WORK0,
	SIM_TASK_WORK1,
	SIM_TASK_USER,			/* the first one */
};

#endif /* _MACHINE_CHOICE_H */
