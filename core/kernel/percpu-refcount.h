/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * percpu_ref as one atomic counter with a DEAD bit (spec 16).
 */
#ifndef _KERNEL_PERCPU_REFCOUNT_H
#define _KERNEL_PERCPU_REFCOUNT_H

#include <kernel/atomic.h>

struct percpu_ref {
	atomic_long_t count;		/* references, plus PERCPU_REF_DEAD once killed */
	void (*release)(struct percpu_ref *ref);
};

#define PERCPU_REF_DEAD BIT(62)

/* Dead, without references. @release runs when the last one is put after a kill. */
void percpu_ref_init(struct percpu_ref *ref, void (*release)(struct percpu_ref *ref));
void percpu_ref_exit(struct percpu_ref *ref);
/* Order: acquire on success. Return: false once killed. */
bool percpu_ref_tryget_live(struct percpu_ref *ref);
/* Order: release; the last put acquires and calls release(). */
void percpu_ref_put(struct percpu_ref *ref);
/* No tryget_live begun after a following grace period succeeds; drops the base reference. */
void percpu_ref_kill(struct percpu_ref *ref);
/* Live again with one base reference. The count must be zero. */
void percpu_ref_resurrect(struct percpu_ref *ref);
bool percpu_ref_is_zero(struct percpu_ref *ref);
long percpu_ref_count(struct percpu_ref *ref);

#endif /* _KERNEL_PERCPU_REFCOUNT_H */
