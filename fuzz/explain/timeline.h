/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The events of a schedule, as a list. Events name objects as programs do: devices have letters,
 * clusters and slots are numbered within a device, folios and tables have numbers. The list is in
 * memory shared with the parent, which can read it however the child ended. It has no addresses, so
 * the same schedule leaves the same timeline in every variant.
 */
#ifndef _FUZZ_EXPLAIN_TIMELINE_H
#define _FUZZ_EXPLAIN_TIMELINE_H

#include <check/balance.h>
#include <fuzz/program/program.h>
#include <kernel/swap_entry.h>
#include <kernel/tracepoint.h>
#include <machine/stack.h>
#include <machine/task.h>
#include <sim/sim.h>

/* Events kept. Of more events, the first and the last ones are kept, not the middle of a loop. */
#define TIMELINE_MAX (1U << 17)
#define TIMELINE_HALF (TIMELINE_MAX / 2)
#define NO_FOLIO (~0UL)

enum object_kind {
	OBJECT_NONE,			/* no object that has a name */
	OBJECT_DEVICE,			/* dev */
	OBJECT_CLUSTER,			/* dev, nr */
	OBJECT_SLOT,			/* dev, nr: the offset on the device */
	OBJECT_FOLIO,			/* nr: pfn */
	OBJECT_SPACE,			/* nr: of m0..; a lock of it, its fields */
	OBJECT_PTE,			/* space, nr: page */
	OBJECT_CPU,			/* nr: its local lock and hints */
	OBJECT_NULL,			/* something in a struct at NULL */
};

struct object {
	u8 kind;
	u8 dev;				/* index of the device, or of the space */
	u32 nr;
	u32 more;			/* slots: this many behind the first */
};

static inline struct object object(enum object_kind kind, u8 dev, u32 nr)
{
	return (struct object){ .kind = kind, .dev = dev, .nr = nr };
}

enum pte_state {
	PTE_IS_NONE,
	PTE_IS_PRESENT,			/* value: the folio */
	PTE_IS_SWAP,			/* value: the slot */
	PTE_IS_POISONED,		/* swapoff could not read the page */
};

enum event_kind {
	EVENT_OP,			/* an operation begins */
	EVENT_CPU,			/* the task finds itself on another CPU */
	EVENT_POINT,			/* the access behind a scheduling point is done */
	EVENT_PTE,			/* a PTE was written; values: enum pte_state, whether writable */
	EVENT_LOCK,			/* taken */
	EVENT_TRYLOCK,
	EVENT_TRYLOCK_FAILED,
	EVENT_UNLOCK,
	EVENT_BLOCK,			/* the task waits; obj: the object it waits for */
	EVENT_TRACE,
	EVENT_END,			/* of the task */
	EVENT_BALANCE,			/* in diagrams only: a number that is watched has changed */
};

struct timeline_event {
	u8 kind;
	u8 task, cpu;			/* cpu: where it is now */
	u8 anchor;			/* of a point, a lock, or the event it blocks at */
	u8 class;			/* enum lock_class; lock_class_none: no lock */
	u16 op;
	u16 id;				/* enum trace_id */
	u16 count;			/* ci->count, where the event names a cluster */
	u16 table;			/* EVENT_POINT: number of the table that is freed, or 0 */
	const char *site;		/* EVENT_BLOCK: where it waits, a string constant */
	struct object obj;		/* the lock's or the point's; the event's cluster or device */
	struct object value;		/* the PTE's new content */
	/*
	 * EVENT_TRACE: its arguments but for the device and the cluster. Of an entry it is the offset, of
	 * a folio its pfn (NO_FOLIO: not known), of a table its number, of an mm the place + 1 of its space
	 * (0: not known).
	 */
	u64 values[TRACE_VALUES_MAX];
	int is, should;			/* the number that is watched, when the event is over */
};

/* A task as the failure found it. */
struct task_state {
	bool alive;
	u8 cpu, nr_locks;
	u16 op;				/* 0: none yet */
	bool idle;			/* between operations */
	bool waits;
	struct timeline_event wait;		/* its last EVENT_BLOCK */
	struct {
		u8 class;
		struct object obj;
	} locks[TASK_LOCKS_MAX];
};

#define TIMELINE_LOCKS 512

/* A lock, by its address, which is all that a sanitizer's report contains. */
struct timeline_lock {
	unsigned long addr;
	u8 class;
	struct object obj;
};

#define TIMELINE_CHANGES 256

/* A change of the watched number, or of its expected value. */
struct timeline_change {
	unsigned long event;		/* when: the event's number since the begin */
	struct stack stack;
};

#define TIMELINE_FRAMES 12		/* of an event's stack */

struct timeline {
	bool placed;			/* are stacks taken? */
	unsigned long nr;		/* events; see TIMELINE_MAX */
	bool failed;
	u8 failing_task;
	struct balance balance;		/* what the failure is about; BALANCE_NONE */
	struct balance watched;		/* whose values the events have; BALANCE_NONE */
	u8 types[MAX_SWAPFILES];	/* a device's index by its swap type, at the failure */
	u8 spaces[64];			/* a space's index + 1 by the id of its mm, also of one that is gone */
	struct task_state tasks[SIM_TASKS_MAX];
	unsigned int nr_locks;		/* that were taken, or tried */
	struct timeline_lock locks[TIMELINE_LOCKS];
	unsigned long nr_changes;	/* the last ones are kept */
	struct timeline_change changes[TIMELINE_CHANGES];
	struct timeline_event events[TIMELINE_MAX];
	/* the stack of each event, if placed; untouched memory costs nothing */
	void *stacks[TIMELINE_MAX][TIMELINE_FRAMES];
};

/* Shared memory. Exits with 2 if there is none. */
struct timeline *timeline_create(void);
void timeline_destroy(struct timeline *tl);

/* Records the schedules to come, each from its beginning: call before program_run(). */
void timeline_begin(struct timeline *tl);
/* Reads a number after each event, too. Call before timeline_begin(). BALANCE_NONE: none. */
void timeline_watch(struct timeline *tl, const struct balance *balance);
/* Takes the stack of each event, too. Call before timeline_begin(). */
void timeline_place(struct timeline *tl);

/* The position in the array of the i-th event that is kept. */
static inline unsigned int timeline_slot(const struct timeline *tl, unsigned int i)
{
	return tl->nr > TIMELINE_MAX && i >= TIMELINE_HALF ? TIMELINE_HALF + (tl->nr + i) % TIMELINE_HALF : i;
}

/* The i-th event that is kept; there are timeline_nr() of them. */
static inline unsigned int timeline_nr(const struct timeline *tl)
{
	return tl->nr < TIMELINE_MAX ? tl->nr : TIMELINE_MAX;
}

static inline const struct timeline_event *timeline_at(const struct timeline *tl, unsigned int i)
{
	return &tl->events[timeline_slot(tl, i)];
}

/* The number of that event since the begin. */
static inline unsigned long timeline_number(const struct timeline *tl, unsigned int i)
{
	return tl->nr > TIMELINE_MAX && i >= TIMELINE_HALF ? tl->nr - TIMELINE_MAX + i : i;
}

/* The position of the next event: in a full array, it replaces the oldest of the second half. */
static inline struct timeline_event *timeline_next(struct timeline *tl)
{
	unsigned long nr = tl->nr++;

	return &tl->events[nr < TIMELINE_MAX ? nr : TIMELINE_HALF + nr % TIMELINE_HALF];
}

/* timeline_object.c: the object at this address. @class: of a lock, else lock_class_none. */
struct object object_at(const volatile void *addr, const struct task_struct *task,
			enum lock_class class);
/* The cluster at or around this address. @stale: maybe of an array that no device has any more. */
struct object object_in_cluster(const volatile void *addr, bool stale);
/* The index of a device; 0xff if it is not one of the program's. */
u8 device_index(const struct swap_info_struct *si);
/* The number of a table, 0 if it is not a table. @new: it has just been allocated. */
u16 table_number(const void *table, const struct object *cluster, bool new);
/* The table at this address, and the cluster it belongs or belonged to. */
u16 table_at(const volatile void *addr, struct object *cluster);
/* The task has the table's address: its next read there is of a word of the table. */
void table_loaded(u16 table, const struct task_struct *task);
void table_freed(u16 table);
void objects_reset(void);
/* For each space that has a place now: its index + 1, by the id of its mm. */
void spaces_learn(u8 *spaces, unsigned int nr);

#endif /* _FUZZ_EXPLAIN_TIMELINE_H */
