// SPDX-License-Identifier: GPL-2.0-only
/* percpu_ref as one counter with a DEAD bit (spec 16). */
#include <kernel/bug.h>
#include <kernel/percpu-refcount.h>

void percpu_ref_init(struct percpu_ref *ref, void (*release)(struct percpu_ref *ref))
{
	ref->release = release;
	atomic_long_set(&ref->count, PERCPU_REF_DEAD);
}

void percpu_ref_exit(struct percpu_ref *ref)
{
	VM_BUG_ON(percpu_ref_count(ref));
}

long percpu_ref_count(struct percpu_ref *ref)
{
	return atomic_long_read(&ref->count) & ~(long)PERCPU_REF_DEAD;
}

bool percpu_ref_is_zero(struct percpu_ref *ref)
{
	return !percpu_ref_count(ref);
}

bool percpu_ref_tryget_live(struct percpu_ref *ref)
{
	long c = atomic_long_read(&ref->count);

	while (c && !(c & (long)PERCPU_REF_DEAD))
		/* Order: acquire, pairs with resurrect: the device's fields */
		if (atomic_long_try_cmpxchg_acquire(&ref->count, &c, c + 1))
			return true;
	return false;
}

void percpu_ref_put(struct percpu_ref *ref)
{
	long left = atomic_long_sub_return_release(1, &ref->count);

	VM_BUG_ON((left & ~(long)PERCPU_REF_DEAD) < 0 || left == -1);
	if (left == (long)PERCPU_REF_DEAD) {
		/* Order: acquire what every earlier put released */
		atomic_long_read_acquire(&ref->count);
		ref->release(ref);
	}
}

void percpu_ref_kill(struct percpu_ref *ref)
{
	long old = atomic_long_fetch_or((long)PERCPU_REF_DEAD, &ref->count);

	VM_BUG_ON(old & (long)PERCPU_REF_DEAD);
	percpu_ref_put(ref);
}

void percpu_ref_resurrect(struct percpu_ref *ref)
{
	VM_BUG_ON(atomic_long_read(&ref->count) != (long)PERCPU_REF_DEAD);
	/* Order: release, pairs with tryget_live */
	atomic_long_set_release(&ref->count, 1);
}
