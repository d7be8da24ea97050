/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside core/check: ghost state, facts that the core does not keep itself: which task claims
 * a cluster, which list the cluster was put on, how often a task has tried.
 *
 * Built without instrumentation, and guarded by raw spins that no interceptor sees, so that it
 * adds no order under TSan. Reads of the core's data are RAW(): no scheduling point, no
 * instrumentation; the lock held by the caller makes them stable.
 */
#ifndef _CHECK_GHOST_H
#define _CHECK_GHOST_H

#include <sched.h>
#include <machine/task.h>
#include <kernel/world.h>
#include <mm/mm_view.h>
#include <swap/swap_table.h>
#include "balance.h"
#include "check.h"
#include "coverage.h"

#define RAW(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define RAW_ADD(x, n) __atomic_fetch_add(&(x), (n), __ATOMIC_RELAXED)
/*
 * A tree may be taken without some checks, which its data model is not made for (scripts/tree --without): a check that
 * is left out passes. What comes after CHECK_FAIL() must not rely on what it has checked.
 */
#define CHECK_FAIL(id, fmt, ...) do {						\
	if (!check_is_left_out(id))						\
		harness_fail(id, CODE_SITE, fmt, ##__VA_ARGS__);		\
} while (0)

/* For a check about a number that differs from its expected value: which number. */
#define BALANCE_FAIL(kind, type, nr, id, fmt, ...) do {			\
	if (!check_is_left_out(id))						\
		balance_fails(kind, type, nr);					\
	CHECK_FAIL(id, fmt, ##__VA_ARGS__);					\
} while (0)

#define GHOST_CLAIMS_MAX 64		/* a task may take all clusters that wait for their discard */
#define GHOST_FRAMES_MAX 4

/* The last change of an object: the event and the task. */
struct last_change {
	const char *op;			/* NULL: between operations */
	u32 op_nr;
	u16 task;
	u16 id;				/* enum trace_id + 1; 0: never */
};

struct ghost_cluster {
	u8 lock;			/* raw spin over the next four */
	u8 list;			/* enum swap_cluster_flags; NONE: on no list */
	u8 list_order;
	u8 claims;
	u8 allocating;			/* tasks in swap_cluster_populate() for it */
	/* ci->lock */
	u16 touched_from, touched_end;	/* slots written since the lock was taken */
	u32 releases;
	struct last_change last;	/* of its list */
	/* raw atomics; @held: by the task that has ci->lock, @tick: when it was last taken or let go */
	bool held;
	unsigned long tick;
};

/* One life of a device, from swapon to swapoff. Never freed before check_exit(). */
struct ghost_device {
	/* immutable */
	struct ghost_device *older;
	const struct swap_info_struct *si;
	const struct swap_cluster_info *begin, *end;
	unsigned int max;		/* slots */
	unsigned int nr_clusters;
	struct ghost_cluster *clusters;
	unsigned long *bad;		/* one bit a slot of the clusters */
	size_t bytes;
	/* raw atomics */
	unsigned long *hib;		/* slots of hibernation images */
	long nr_hib;
	long usage;			/* mirror of inuse_pages */
	unsigned long relists;		/* clusters put on a list */
	struct last_change last_usage, last_avail;
	struct last_change *last_slots;	/* one a slot of the clusters */
	unsigned long discarding;	/* clusters being discarded */
	unsigned int leaver;		/* the task that swaps it off, + 1; 0: none */
	bool waited;			/* between wait_for_allocation and reinsertion */
	/* si->lock */
	u32 releases;
	/* swap_lock */
	unsigned long flags;		/* INV-G19: when it was last released */
};

/*
 * An allocation in progress. A sleeping table allocation may run others inside of it (the
 * shrinker): each gets a frame of its own.
 */
struct ghost_frame {
	/* one attempt on one device: PROG-2 */
	const struct ghost_device *dev;
	unsigned long isolations, relists_before, relists_own;
	/* one walk over the devices: PROG-3 */
	unsigned long attempts, restarts, changes_before, changes_own;
	/* swap_cluster_populate() */
	const struct swap_info_struct *alloc_si;
	const struct swap_cluster_info *alloc_ci;
	bool slept;
	bool alone;			/* PROG-1: since the allocation began, and with memory */
	unsigned long others_before;
	unsigned long tick_before, avail_before;
	bool steady;			/* PROG-1: has not unlocked a cluster that it will look at again */
	const struct folio *folio;	/* PROG-9: for which slots are being allocated */
	bool allocates, charge_failed;	/* PROG-10 */
	unsigned int discarded;		/* PROG-11: clusters, since it looked for slots last */
	/* policy.c: since the allocation began */
	unsigned long failed_before, frees_before;
	const struct swap_cluster_info *isolated;	/* the last one */
	unsigned int isolated_list, isolated_order;
	const struct swap_info_struct *filled;
	unsigned int order, tried;	/* devices */
	bool searches;			/* on the device that was tried last */
	unsigned long next;		/* what the hint must be after this scan */
	unsigned long reclaimed, nr_reclaimed;	/* slots, by this scan the last time */
	bool took;			/* this scan */
	bool reclaims;			/* in these slots, without ci->lock */
	unsigned int full;		/* clusters reclaimed of the device that was tried last */
	/* priority.c: this walk over the devices; those tried, the last one, and what gave slots */
	unsigned int tried_types;
	const struct swap_info_struct *slow, *gave;
	unsigned long frees_at_walk;
};

struct ghost_task {
	const struct task_struct *owner;
	unsigned long op_nr;
	unsigned int nr_claims;
	const struct swap_cluster_info *claims[GHOST_CLAIMS_MAX];
	unsigned int depth;
	struct ghost_frame frames[GHOST_FRAMES_MAX];
	unsigned long frozen_spins;
	unsigned long active_restarts, active_before;
	unsigned long nr_failed, nr_frees;	/* allocations that failed, slots freed */
	unsigned long nr_large_failed;		/* ... for large folios */
	unsigned long nr_aborted;		/* times that it was made to stop */
	unsigned long nr_uncached;		/* folios that left the cache */
	swp_entry_t evicted;			/* of the folio that the model's reclaim takes out of the cache */
	unsigned long nr_published, nr_flushed;	/* devices that went on and off */
	unsigned long rounds_alone, round_usage;	/* PROG-5: rounds that changed nothing */
	struct {
		swp_entry_t entry;		/* 0: none */
		unsigned int low, high;		/* its counts while this task had ci->lock */
		struct check_alone alone;
	} asks;					/* INV-G18: a look at a count */
	struct {
		unsigned long came;		/* devices, before */
		unsigned long pages;		/* of all devices */
		unsigned long changes;
		bool settled;			/* no other task was changing what is told */
	} sysinfo;				/* INV-G17 */
	struct {
		unsigned long op_nr;		/* the operation that changed */
		unsigned int types;		/* ... what decides whether these are on the avail list */
	} avail;				/* INV-G5 */
	struct {				/* PROG-18: along a full cluster */
		const struct swap_cluster_info *ci;	/* isolated from the full list; NULL: no walk */
		unsigned long op_nr;		/* of the operation whose walk it is */
		bool tries;			/* the slot that it looked at last, without ci->lock */
		unsigned long slot, end;	/* that slot, and where its folio ended then */
		unsigned long map[SWAPFILE_CLUSTER_MAX / BITS_PER_LONG];	/* then nobody needed it */
	} walk;
	/* PROG-17 */
	struct check_alone frees;		/* since it set out to free slots */
	swp_entry_t image_slot;			/* that is given back; 0: none */
	bool extend_unneeded;			/* INV-C4: maybe, since it has this ci->lock */
	/* coverage */
	unsigned long events[NR_TRACE_EVENTS];
	unsigned long special[NR_COVER_SPECIALS];
};

static inline void ghost_lock(struct ghost_cluster *gc)
{
	unsigned int spins = 0;

	while (__atomic_exchange_n(&gc->lock, 1, __ATOMIC_ACQUIRE))
		if (++spins % 64 == 0)
			sched_yield();
}

static inline void ghost_unlock(struct ghost_cluster *gc)
{
	__atomic_store_n(&gc->lock, 0, __ATOMIC_RELEASE);
}

static inline struct ghost_frame *ghost_frame(struct ghost_task *t)
{
	return &t->frames[t->depth];
}

static inline unsigned int ghost_index(const struct ghost_device *dev,
				       const struct swap_cluster_info *ci)
{
	return ci - dev->begin;
}

static inline struct ghost_cluster *ghost_cluster(const struct ghost_device *dev,
						  const struct swap_cluster_info *ci)
{
	return &dev->clusters[ghost_index(dev, ci)];
}

static inline bool ghost_bit(const unsigned long *map, unsigned long nr)
{
	return RAW(map[nr / BITS_PER_LONG]) >> (nr % BITS_PER_LONG) & 1;
}

static inline const char *cluster_flag_name(unsigned int flags)
{
	static const char *const names[] = { "NONE", "FREE", "NONFULL", "FRAG", "FULL", "DISCARD" };

	return flags < ARRAY_SIZE(names) ? names[flags] : "garbage";
}

/* the end of a cluster check's text: which cluster, and the values of its fields */
#define CI_FMT OBJ_CLUSTER " (flags %s, count %u, order %u, table %s, on list %s, claims %u)"
#define CI_ARGS(dev, ci, gc)							\
	(dev)->si->type, ghost_index(dev, ci), cluster_flag_name((ci)->flags),	\
	(ci)->count, (ci)->order, RAW((ci)->table) ? "yes" : "no",		\
	cluster_flag_name((gc)->list), (gc)->claims

/* ghost.c: devices and tasks */
/* The task swaps it off. */
void ghost_device_leaves(const struct swap_info_struct *si);
struct ghost_device *ghost_device(const struct swap_info_struct *si);
struct ghost_device *ghost_device_of(const struct swap_cluster_info *ci);
struct ghost_device *ghost_device_at(unsigned int type);
struct ghost_task *ghost_task(void);
struct ghost_task *ghost_task_at(unsigned int i);	/* NULL beyond the last */
void ghost_device_event(struct ghost_task *t, const struct trace_record *rec);
void ghost_reset(void);

/* claims.c */
void claims_event(struct ghost_task *t, const struct trace_record *rec);
void claims_check_returned(struct ghost_device *dev);

/* Which cgroup a slot is charged to; 0: none. */
static inline unsigned short memcg_id_of(const struct swap_cluster_info *ci, unsigned int ci_off)
{
	const struct swap_memcg_table *memcg = RAW(ci->memcg_table);

	return memcg ? memcg_nr(RAW(memcg->id[ci_off])) : 0;
}

/* progress.c */
void progress_event(struct ghost_task *t, const struct trace_record *rec);
void progress_reset(void);
/* The task has ci->lock, or is about to unlock it. */
void progress_cluster(struct ghost_cluster *gc, bool acquired);
/* How many operations the other tasks have begun; @idle: all of them are between two operations. */
unsigned long others_begun(bool *idle);
void progress_set_exact(bool on);
/* Is the task alone since its allocation began, and had it memory for tables? */
bool alone(struct ghost_task *t);
/* On the controlled machine nothing is sampled and every bound is exact. */
extern bool check_exact;

/* reclaim.c */
void reclaim_event(struct ghost_task *t, const struct trace_record *rec);
/* Is it a cached slot of a folio that nobody has locked or writes, and of whose slots none has a count? */
bool reclaimable(struct ghost_device *dev, unsigned long offset);

/* policy.c */
void policy_event(struct ghost_task *t, const struct trace_record *rec);

/* avail.c */
void avail_event(struct ghost_task *t, const struct trace_record *rec);
/* No task works on the device any more. */
void check_avail_gone(const struct swap_info_struct *si);

/* priority.c */
void priority_event(struct ghost_task *t, const struct trace_record *rec);

/* last.c */
extern struct last_change last_of_pages;	/* nr_swap_pages, total_swap_pages */
void last_event(const struct trace_record *rec);
void last_note(struct last_change *last, const struct trace_record *rec);
/* "last swap_range_free by task 4 in zap #12"; valid until the next call */
const char *last_text(const struct last_change *last);

/* pinned.c: DEVICE-REF, the task uses the device that @ref keeps. */
void check_pinned(const struct percpu_ref *ref);
void pinned_event(const struct trace_record *rec);

/* told.c: INV-G17, INV-G18 */
void told_reset(void);
void told_event(struct ghost_task *t, const struct trace_record *rec);
/* It has got @ci->lock. */
void told_swapcount_locked(struct ghost_task *t, struct ghost_device *dev, const struct swap_cluster_info *ci);

/* result.c */
void result_event(struct ghost_task *t, const struct trace_record *rec);
void result_reset(void);

/* cluster.c, lists.c */
void check_cluster_lock(const void *lock, bool acquired);
void check_cluster_words(struct ghost_device *dev, const struct swap_cluster_info *ci);
void check_cluster_state(struct ghost_device *dev, const struct swap_cluster_info *ci);
void check_info_lock(const void *lock, bool acquired);
void check_device_lists(struct ghost_device *dev);

/* flags.c */
void check_swap_lock(const void *lock, bool acquired);

/* balance.c */
void balance_fails(enum balance_kind kind, unsigned int type, unsigned long nr);
long device_usage(const struct swap_info_struct *si);
bool on_plist(const struct plist_node *node);

/* owners.c */
/* @extra: set to the slot's entry in the extend table; may be NULL */
unsigned long slot_word(struct ghost_device *dev, unsigned long offset, unsigned int *extra);
/* Its count: what the word has, or @extra, which does not fit there. */
static inline unsigned int slot_count(unsigned long word, unsigned int extra)
{
	return swp_tb_is_bad(word) ? 0 : extra ? : word >> SWP_TB_COUNT_SHIFT;
}
/* IO-DISCARD: slots from @begin up to @end are discarded, and nobody has them yet. */
void check_discarded(const struct ghost_device *dev, unsigned long begin, unsigned long end);
void check_owners(void);
/* The first slots that are in use, and their owners. Context: as balance_read(). */
void slots_left(struct ghost_device *dev, char *text, size_t size);
bool check_folios_left(char *text, size_t size);

#endif /* _CHECK_GHOST_H */
