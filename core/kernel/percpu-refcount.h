/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * percpu_ref as one atomic counter with a DEAD bit (SPEC 16).
 */
#ifndef _KERNEL_PERCPU_REFCOUNT_H
#define _KERNEL_PERCPU_REFCOUNT_H

#include <kernel/atomic.h>
#include <kernel/rcupdate.h>

struct percpu_ref {
	atomic_long_t count;		/* references, plus the bits below once killed */
	void (*release)(struct percpu_ref *ref);
	u64 killed_at;			/* the machine's: which read sections began before */
	struct rcu_head rcu;		/* the kill's grace period */
	unsigned int magic;		/* machine: percpu_ref_init() was here */
	void *percpu;			/* as its memory in the kernel: a leak without percpu_ref_exit() */
};

#define PERCPU_REF_DEAD BIT(62)
/* A late tryget may come until the kill's grace period is over: no release before that. */
#define PERCPU_REF_GRACE BIT(61)

/*
 * Dead, without references. @release runs when the last one is put after a kill. A tryget_live or a put
 * before that is a failure of the check INIT.
 */
void percpu_ref_init(struct percpu_ref *ref, void (*release)(struct percpu_ref *ref));
void percpu_ref_exit(struct percpu_ref *ref);
/*
 * Order: acquire on success. Return: false once killed; but in a read section that began before
 * the kill it may still succeed, which the controlled machine tries.
 */
bool percpu_ref_tryget_live(struct percpu_ref *ref);
/* Context: the caller has a reference, or is where it cannot be killed. */
void percpu_ref_get(struct percpu_ref *ref);
/* Order: release; the last put acquires and calls release(). */
void percpu_ref_put(struct percpu_ref *ref);
/*
 * Drops the base reference. No tryget_live begun after a following grace period succeeds, and
 * release() is not called before that.
 */
void percpu_ref_kill(struct percpu_ref *ref);
/* Live again with one base reference. The count must be zero. */
void percpu_ref_resurrect(struct percpu_ref *ref);
/* For assertions: the caller uses what the reference keeps, and says so to the check below. */
bool percpu_ref_is_zero(struct percpu_ref *ref);
/* Registered by core/check: @fn is called for each percpu_ref_is_zero(). */
typedef void (*percpu_ref_check_fn)(const struct percpu_ref *ref);
void percpu_ref_set_check(percpu_ref_check_fn fn);
long percpu_ref_count(struct percpu_ref *ref);

#endif /* _KERNEL_PERCPU_REFCOUNT_H */
