// SPDX-License-Identifier: GPL-2.0-only
/* percpu_ref as one counter with a DEAD bit (SPEC 16). */
#include <kernel/bug.h>
#include <kernel/percpu-refcount.h>
#include <kernel/slab.h>
#include "task.h"

#define FLAGS ((long)(PERCPU_REF_DEAD | PERCPU_REF_GRACE))
#define PERCPU_REF_MAGIC 0x9ef5c027U

static void check_init(const struct percpu_ref *ref)
{
#ifndef CHECKS_OFF
	if (machine_seen(&ref->magic, ref->magic) != PERCPU_REF_MAGIC)
		harness_fail("INIT", CODE_SITE, "a percpu_ref without percpu_ref_init()");
#endif
}

void percpu_ref_init(struct percpu_ref *ref, void (*release)(struct percpu_ref *ref))
{
	ref->release = release;
	ref->magic = PERCPU_REF_MAGIC;
	machine_mute();
	ref->percpu = __kmalloc_tagged(1, __GFP_NOFAIL, ALLOC_OTHER, ALLOC_TYPE_MISC);
	machine_unmute();
	atomic_long_set(&ref->count, PERCPU_REF_DEAD);
}

void percpu_ref_exit(struct percpu_ref *ref)
{
	VM_BUG_ON(percpu_ref_count(ref));
	machine_mute();
	kfree(ref->percpu);
	machine_unmute();
	ref->percpu = NULL;
}

long percpu_ref_count(struct percpu_ref *ref)
{
	return atomic_long_read(&ref->count) & ~FLAGS;
}

static percpu_ref_check_fn check_used;

void percpu_ref_set_check(percpu_ref_check_fn fn)
{
	check_used = fn;
}

/* a tree's shim has a macro for it */
bool (percpu_ref_is_zero)(struct percpu_ref *ref)
{
	if (check_used)
		check_used(ref);
	return !percpu_ref_count(ref);
}

/* Killed, but not for a section that began before? */
static bool late(struct percpu_ref *ref, long c)
{
	return (c & (long)PERCPU_REF_GRACE) &&
	       machine_late_tryget(__atomic_load_n(&ref->killed_at, __ATOMIC_RELAXED));
}

/* For the check: which references the task has. */
static void got(const struct percpu_ref *ref)
{
	struct task_struct *t = current;

	if (t && t->nr_refs < TASK_REFS_MAX)
		t->refs[t->nr_refs++] = ref;
	else if (t)
		t->refs_lost = true;
}

static void gives(const struct percpu_ref *ref)
{
	struct task_struct *t = current;
	unsigned int i = t ? t->nr_refs : 0;

	while (i--)
		if (t->refs[i] == ref) {
			t->refs[i] = t->refs[--t->nr_refs];
			return;
		}
}

bool percpu_ref_tryget_live(struct percpu_ref *ref)
{
	long c;

	check_init(ref);
	c = atomic_long_read(&ref->count);
	while (c && (!(c & FLAGS) || late(ref, c)))
		/* Order: acquire, pairs with resurrect: the device's fields */
		if (atomic_long_try_cmpxchg_acquire(&ref->count, &c, c + 1)) {
			got(ref);
			return true;
		}
	return false;
}

void percpu_ref_get(struct percpu_ref *ref)
{
	check_init(ref);
	got(ref);
	atomic_long_inc(&ref->count);
}

/* @left: what a put or the end of the grace period left. */
static void try_release(struct percpu_ref *ref, long left)
{
	if (left != (long)PERCPU_REF_DEAD)
		return;
	/* Order: acquire what every earlier put released */
	atomic_long_read_acquire(&ref->count);
	ref->release(ref);
}

void percpu_ref_put(struct percpu_ref *ref)
{
	long left;

	check_init(ref);
	gives(ref);
	left = atomic_long_sub_return_release(1, &ref->count);
	VM_BUG_ON((left & ~FLAGS) < 0 || left == -1);
	try_release(ref, left);
}

static void grace_over(struct rcu_head *head)
{
	struct percpu_ref *ref = container_of(head, struct percpu_ref, rcu);

	try_release(ref, atomic_long_sub_return_release((long)PERCPU_REF_GRACE, &ref->count));
}

void percpu_ref_kill(struct percpu_ref *ref)
{
	u64 now = machine_rcu_clock();
	long old;

	__atomic_store_n(&ref->killed_at, now, __ATOMIC_RELAXED);
	old = atomic_long_fetch_or(now ? FLAGS : (long)PERCPU_REF_DEAD, &ref->count);
	VM_BUG_ON(old & FLAGS);
	percpu_ref_put(ref);
	if (now)
		call_rcu(&ref->rcu, grace_over);
}

void percpu_ref_resurrect(struct percpu_ref *ref)
{
	VM_BUG_ON(atomic_long_read(&ref->count) != (long)PERCPU_REF_DEAD);
	/* Order: release, pairs with tryget_live */
	atomic_long_set_release(&ref->count, 1);
}
