/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Invariants, checked from outside: on trace events, when cluster and device locks
 * are released, and at rest. The core contains no calls to the checks.
 *
 * Order of calls: geometry_set(), machine_start(), swapfile_init(), check_init(), tasks ...,
 * swapoff of everything, check_world_empty(), check_exit(), swapfile_exit(). Gates attach after
 * check_init(), so that what a task did is known before it is held.
 * A failed check ends the run (harness_fail()).
 */
#ifndef _CHECK_CHECK_H
#define _CHECK_CHECK_H

#include <kernel/seq_file.h>
#include <kernel/swap_entry.h>
#include <kernel/types.h>

/* The ghost lives on trace events: without them there is nothing to check against. */
#if !defined(CHECKS_OFF) && !defined(TRACEPOINTS_OFF)
#define CHECK_ON
#endif

/* From checks.def; NULL for an unknown id. */
const char *check_sentence(const char *id);
const char *check_why(const char *id);
/* The i-th id, NULL beyond the last. */
const char *check_id(unsigned int i);
/* The ids of the checks that are left out of this build, as in "INV-G6,PROG-1"; "" if none is. */
const char *checks_left_out(void);
/* Is the check with this id left out? */
bool check_is_left_out(const char *id);

#ifdef CHECK_ON

/* Attaches probes and lock checks. Context: no task but the caller's runs, no device is on. */
void check_init(void);
/* Detaches everything and drops the ghost state. Context: as above. */
void check_exit(void);

/*
 * What must hold at rest, list membership and leaks. Context: no other task is in the core;
 * flush_all_work() and rcu_barrier() have been called, no reference to a folio is kept.
 */
void check_quiescent(void);
/* At the end of a run: all devices are off, all mms gone; nothing may be left. */
void check_world_empty(void);

/*
 * Arms PROG-1 while one task runs alone, no allocation failure is planned and no discard is
 * pending.
 */
void check_single_task(bool on);

/* An operation of this task ends: INV-G5 of the devices of which it took or freed slots. Controlled machine only. */
void check_avail(void);

/* The first device that is on, of which find_first_swap() tells; @first: its type, or -ENODEV. No point. */
struct check_first {
	bool settled;
	unsigned long switches;
	int first;
};
void check_first_begin(struct check_first *f, int first);
void check_first_end(const struct check_first *f, int first, int told);

/* An operation of this task in progress, for check_result(). */
struct check_result {
	unsigned long failed, large_failed, aborted, frees_of_others;
};
void check_result_begin(struct check_result *r);
/*
 * It returns @ret: -ENOMEM, -EIO and -EINTR need a cause. @what: its name; @falls_back: where there is no memory
 * for a large folio it takes a page, so that this is no cause. Controlled machine only.
 */
void check_result(const struct check_result *r, const char *what, int ret, bool falls_back);

/*
 * Is this task alone in an operation? It is if no other task is in an operation or begins one before
 * it ends. If no allocation fails either, the state before the operation determines its result.
 */
struct check_alone {
	unsigned long failed, aborted, others, uncached;
	bool alone;
};
void check_alone_begin(struct check_alone *a);
/* Were all other tasks between two operations when it began? */
bool check_is_alone(const struct check_alone *a);
/* ... and none began anything, nor did an allocation fail, up to now? Controlled machine only. */
bool check_was_alone(const struct check_alone *a);
/* It returns @ret; if alone, it must return @expected. @what: its name. Controlled machine only. */
void check_alone_end(const struct check_alone *a, const char *what, int ret, int expected);
/* Has this task taken folios out of the swap cache meanwhile, as an allocation that reclaims does? */
bool check_uncached(const struct check_alone *a);

/*
 * A slot at this moment, read without a scheduling point or a lock, to judge results. Controlled machine only:
 * elsewhere swapoff may be freeing what is read, and all is 0, as of a slot that does not exist.
 */
struct check_slot {
	bool exists;			/* a device that is on has it */
	bool cached;
	unsigned int count;		/* of PTEs and others that have its entry */
	bool zero;			/* a page of zeroes */
	unsigned short memcg;
	unsigned long flags;		/* the device's */
};
struct check_slot check_slot(unsigned int type, unsigned long offset);

/* The pages of a device at this moment, read as check_slot() reads; all 0: it is not on, or as there. */
struct check_room {
	unsigned int pages, free;
	bool discards;			/* what is free may have to be discarded before it can be taken */
};
struct check_room check_room(unsigned int type);
/* The allocation of a slot for an image on device @type returns @ret (PROG-1). */
void check_image_slot(const struct check_alone *a, unsigned int type, int ret);

/* A look of this task at what userspace is told of swap. */
struct check_told {
	struct check_alone alone;
	long usage[MAX_SWAPFILES], free;	/* when it began */
};
void check_told_begin(struct check_told *t);
/**
 * check_told_end - judge /proc/swaps and sysinfo()
 * @t: from check_told_begin()
 * @swaps: the text of /proc/swaps
 * @info: what sysinfo() says
 *
 * No more is used, or free, than there is. On the controlled machine, if no other task was in an operation meanwhile,
 * each device has its line, and all numbers are those of the devices (INV-G17).
 */
void check_told_end(const struct check_told *t, const char *swaps, const struct sysinfo *info);

/* A swapon or swapoff of this task in progress. */
struct check_device {
	struct check_alone alone;
	unsigned long published, flushed;
};
void check_device_begin(struct check_device *d);
/**
 * check_swapon_end - judge the result of swapon
 * @d: from check_device_begin()
 * @ret: its result
 * @good: the header is good
 * @is_on: the device was on when it began
 *
 * It returns 0 if, and only if, this task has published the device, and never for a bad header. On the
 * controlled machine any other error than these call for needs a cause that check_alone_end() sees.
 */
void check_swapon_end(const struct check_device *d, int ret, bool good, bool is_on);
/**
 * check_swapoff_end - judge the result of swapoff
 * @d: from check_device_begin()
 * @ret: its result
 * @cause: the caller knows why it fails: a signal, an image
 *
 * It returns 0 if, and only if, this task has torn the device down; errors as of check_swapon_end().
 */
void check_swapoff_end(const struct check_device *d, int ret, bool cause);
/**
 * check_polled - judge poll() of /proc/swaps after a swapon or swapoff
 * @d: from check_device_begin()
 * @ret: the result of the call
 * @changed: poll() tells that a device came or went since the call began
 *
 * It tells so if the call succeeded, and if it failed, only for a cause that check_alone_end() sees (INV-G17).
 */
void check_polled(const struct check_device *d, int ret, bool changed);

/* Memory of the ghost state, which the machine does not account. */
size_t ghost_bytes(void);

#else

static inline void check_init(void) { }
static inline void check_exit(void) { }
static inline void check_quiescent(void) { }
static inline void check_world_empty(void) { }
static inline void check_single_task(bool on) { }
static inline size_t ghost_bytes(void) { return 0; }

static inline void check_avail(void) { }
struct check_first { };
static inline void check_first_begin(struct check_first *f, int first) { }
static inline void check_first_end(const struct check_first *f, int first, int told) { }
struct check_result { };
static inline void check_result_begin(struct check_result *r) { }
static inline void check_result(const struct check_result *r, const char *what, int ret, bool falls_back) { }
struct check_alone { };
static inline void check_alone_begin(struct check_alone *a) { }
static inline void check_alone_end(const struct check_alone *a, const char *what, int ret, int expected) { }
static inline bool check_is_alone(const struct check_alone *a) { return false; }
static inline bool check_uncached(const struct check_alone *a) { return true; }
struct check_slot {
	bool exists, cached, zero;
	unsigned int count;
	unsigned short memcg;
	unsigned long flags;
};
static inline struct check_slot check_slot(unsigned int type, unsigned long offset)
{
	return (struct check_slot){ 0 };
}
struct check_room {
	unsigned int pages, free;
};
static inline struct check_room check_room(unsigned int type) { return (struct check_room){ 0 }; }
static inline void check_image_slot(const struct check_alone *a, unsigned int type, int ret) { }
static inline bool check_was_alone(const struct check_alone *a) { return false; }
struct check_told { };
static inline void check_told_begin(struct check_told *t) { }
static inline void check_told_end(const struct check_told *t, const char *swaps, const struct sysinfo *info) { }
struct check_device { struct check_alone alone; };
static inline void check_device_begin(struct check_device *d) { }
static inline void check_swapon_end(const struct check_device *d, int ret, bool good, bool is_on) { }
static inline void check_swapoff_end(const struct check_device *d, int ret, bool cause) { }
static inline void check_polled(const struct check_device *d, int ret, bool changed) { }

#endif /* CHECK_ON */

#endif /* _CHECK_CHECK_H */
