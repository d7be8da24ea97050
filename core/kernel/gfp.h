/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocation. Every call carries an alloc_tag (the calling function), by which failures are
 * injected and memory is accounted. With __GFP_DIRECT_RECLAIM a call may sleep, be woken on
 * another CPU, and run the registered shrinker, unless the task is in reclaim already.
 */
#ifndef _KERNEL_GFP_H
#define _KERNEL_GFP_H

#include <kernel/types.h>

typedef unsigned int gfp_t;

#define __GFP_HIGH		0x01u	/* may use some of the reserves */
#define __GFP_NOMEMALLOC	0x02u	/* but never the emergency ones */
#define __GFP_NOWARN		0x04u
#define __GFP_ZERO		0x08u
#define __GFP_DIRECT_RECLAIM	0x10u	/* may sleep */
#define __GFP_KSWAPD_RECLAIM	0x20u
#define __GFP_NOFAIL		0x40u	/* the harness's own set-up: never injected */
#define GFP_ATOMIC		(__GFP_HIGH | __GFP_KSWAPD_RECLAIM)
#define GFP_KERNEL		(__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)
#define GFP_HIGHUSER_MOVABLE	GFP_KERNEL

static inline bool gfpflags_allow_blocking(gfp_t gfp)
{
	return gfp & __GFP_DIRECT_RECLAIM;
}

/*
 * Where an allocation failure can be injected. Named in programs and on command lines as
 * "table.atomic", "table.sleep", ... (alloc_site_name()).
 */
enum alloc_site {
	ALLOC_OTHER,			/* bookkeeping of swapon etc. */
	ALLOC_TABLE_ATOMIC,
	ALLOC_TABLE_SLEEP,
	ALLOC_EXTEND_ATOMIC,
	ALLOC_EXTEND_SLEEP,
	ALLOC_FOLIO,
	ALLOC_SWAPON,			/* cluster array, tables of unusable slots, ... */
	ALLOC_CHARGE,			/* not memory: mem_cgroup_try_charge_swap() */
	ALLOC_IO,			/* not memory: a write to a device, and of what is dirty of a file */
	ALLOC_MEMCG_ATOMIC,		/* the memcg ids of a cluster */
	ALLOC_MEMCG_SLEEP,
	ALLOC_CHARGE_IN,		/* not memory: mem_cgroup_swapin_charge_folio() */
	ALLOC_IO_READ,			/* not memory: a read from a device that fails */
	ALLOC_ABORT,			/* not memory: an operation stops in its middle */
	ALLOC_REFUSED,			/* not memory: swapon, swapoff, a write, a discard is told no before any I/O */
	NR_ALLOC_SITES,
};
const char *alloc_site_name(enum alloc_site site);

/* Does an attempt that fails here lead to one at the next site, which may sleep? */
_Static_assert(ALLOC_TABLE_SLEEP == ALLOC_TABLE_ATOMIC + 1 && ALLOC_EXTEND_SLEEP == ALLOC_EXTEND_ATOMIC + 1 &&
	       ALLOC_MEMCG_SLEEP == ALLOC_MEMCG_ATOMIC + 1, "pairs");
static inline bool alloc_site_is_atomic(enum alloc_site site)
{
	return site == ALLOC_TABLE_ATOMIC || site == ALLOC_EXTEND_ATOMIC || site == ALLOC_MEMCG_ATOMIC;
}

/* What the memory is for: accounting and the leak check (INV-G9). */
enum alloc_type {
	ALLOC_TYPE_MISC,
	ALLOC_TYPE_TABLE,
	ALLOC_TYPE_EXTEND,
	ALLOC_TYPE_CLUSTER_INFO,
	ALLOC_TYPE_FOLIO,
	ALLOC_TYPE_MM,
	ALLOC_TYPE_DEVICE,
	ALLOC_TYPE_MEMCG,
	NR_ALLOC_TYPES,
};
/* Bytes / objects handed out and not freed; freed-but-awaiting a grace period is `waiting`. */
struct alloc_stat {
	long bytes, objects, waiting, bytes_max;
	unsigned long allocs, failures_injected;
};
void alloc_stat_read(enum alloc_type type, struct alloc_stat *stat);

/**
 * should_fail_alloc - ask the machine whether this attempt is to fail
 * @site: where
 *
 * The one source of injected failures: counts the attempt. For allocators that live
 * outside the seam (the folio arena, the memcg stub).
 * Context: any. Return: true if the attempt must fail.
 */
bool should_fail_alloc(enum alloc_site site);

/**
 * should_abort - ask the machine whether the operation is to stop here, in its middle
 *
 * For places where a kernel can stop for a reason that is not in the model: a fatal signal, a
 * reference of a task that scans memory, the scheduler's wish. Counts as an attempt at ALLOC_ABORT.
 * Context: any. Return: true if it must stop.
 */
bool should_abort(void);

/* A call that reclaims sleeps here: might_sleep, migration, shrinker. */
void alloc_may_sleep(gfp_t gfp);

/* Called by a sleeping allocation; may itself allocate and sleep, but not reclaim again. */
typedef void (*shrinker_fn)(void *arg);
void register_shrinker(shrinker_fn fn, void *arg);

#endif /* _KERNEL_GFP_H */
