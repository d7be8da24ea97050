// SPDX-License-Identifier: GPL-2.0-only
/* DEVICE-REF: what keeps a device in its place, and that nothing does. */
#include <stdlib.h>
#include <kernel/mutex.h>
#include <swap/cluster.h>
#include "firing.h"

static unsigned int type;

/* Asserts that the device is there. */
static void use(void)
{
	__swap_offset_to_cluster(device(type), 1);
}

static void reference(void)
{
	type = device_on(32, 0, 1);
	if (!get_swap_device_info(device(type)))
		harness_fail("TEST", CODE_SITE, "no reference");
	if (broken)
		put_swap_device(device(type));
	use();
	if (!broken)
		put_swap_device(device(type));
}

/* The other device's is none. */
static void one_of_two(void)
{
	unsigned int other = device_on(32, 0, 1);

	type = device_on(32, 0, 1);
	if (!get_swap_device_info(device(broken ? other : type)))
		harness_fail("TEST", CODE_SITE, "no reference");
	use();
	put_swap_device(device(broken ? other : type));
}

static void lock(void) __no_context_analysis
{
	struct swap_cluster_info *ci;

	type = device_on(32, 0, 1);
	ci = lock_cluster(type, 0);
	if (broken)
		unlock_cluster(ci);
	use();
	if (!broken)
		unlock_cluster(ci);
}

static struct rw_semaphore mmap_sem;

/* Of readers swapoff is one, too. */
static void mmap_lock_for_writing(void) __no_context_analysis
{
	type = device_on(32, 0, 1);
	init_rwsem(&mmap_sem);
	lockdep_set_class(&mmap_sem, lock_class_mmap_lock);
	if (broken)
		down_read(&mmap_sem);
	else
		down_write(&mmap_sem);
	use();
	up_write(&mmap_sem);
}

static void read_section(void)
{
	type = device_on(32, 0, 1);
	rcu_read_lock();
	if (broken)
		rcu_read_unlock();
	use();
	if (!broken)
		rcu_read_unlock();
}

static void locked_folio(void)
{
	struct folio *folio;

	type = device_on(32, 0, 1);
	folio = test_folio_cached(0);
	if (broken)
		folio_unlock(folio);
	use();
	test_folio_free(folio);
}

static void written_folio(void)
{
	struct folio *folio;

	type = device_on(32, 0, 1);
	folio = test_folio_cached(0);
	if (!broken)
		folio_start_writeback(folio);
	folio_unlock(folio);
	use();
	folio_end_writeback(folio);
	folio_lock(folio);
	test_folio_free(folio);
}

static void image(void)
{
	type = device_on(32, 0, 1);
	if (!broken)
		device(type)->flags |= SWP_HIBERNATION;
	use();
	device(type)->flags &= ~SWP_HIBERNATION;
}

static struct work_struct work;

static void works(struct work_struct *item)
{
	__swap_offset_to_cluster(device(type), 1);
}

static void work_item(void)
{
	type = device_on(32, 0, 1);
	INIT_WORK(&work, works);
	if (broken) {
		use();
		return;
	}
	schedule_work(&work);
	flush_work(&work);
}

/* The task that swaps it off is the only one that may. */
static void leaver(void)
{
	type = device_on(32, 0, 1);
	trace_swapoff_writeok_cleared(device(type));
	if (broken)
		trace_swapoff_reinserted(device(type), ENOMEM);
	use();
	if (!broken)
		trace_swapoff_reinserted(device(type), ENOMEM);
}

/* What asserts nothing itself. */
static void discard(void)
{
	struct swap_info_struct *si = device(type = device_on(32, 0, 1));

	if (!get_swap_device_info(si))
		harness_fail("TEST", CODE_SITE, "no reference");
	if (broken)
		put_swap_device(si);
	trace_swap_sync_discard_wait(si);
	if (!broken)
		put_swap_device(si);
}

/* Swapoff goes on. */
static void synced(void)
{
	struct percpu_ref *ref = &device(type = device_on(32, 0, 1))->users;

	atomic_long_set(&ref->count, PERCPU_REF_DEAD | (broken ? 1 : 0));
	trace_swapoff_synced(device(type));
	atomic_long_set(&ref->count, 1);
}

static void synced_too_early(void)
{
	struct percpu_ref *ref = &device(type = device_on(32, 0, 1))->users;

	atomic_long_set(&ref->count, PERCPU_REF_DEAD | (broken ? PERCPU_REF_GRACE : 0));
	trace_swapoff_synced(device(type));
	atomic_long_set(&ref->count, 1);
}

static void synced_alive(void)
{
	struct percpu_ref *ref = &device(type = device_on(32, 0, 1))->users;

	if (!broken)
		atomic_long_set(&ref->count, PERCPU_REF_DEAD);
	trace_swapoff_synced(device(type));
	atomic_long_set(&ref->count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIRING(DEVICE-REF, reference), FIRING(DEVICE-REF, one_of_two), FIRING(DEVICE-REF, lock),
		FIRING(DEVICE-REF, mmap_lock_for_writing), FIRING(DEVICE-REF, read_section),
		FIRING(DEVICE-REF, locked_folio), FIRING(DEVICE-REF, written_folio), FIRING(DEVICE-REF, image),
		FIRING(DEVICE-REF, work_item), FIRING(DEVICE-REF, leaver), FIRING(DEVICE-REF, discard),
		FIRING(DEVICE-REF, synced), FIRING(DEVICE-REF, synced_too_early), FIRING(DEVICE-REF, synced_alive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
