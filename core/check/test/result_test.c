// SPDX-License-Identifier: GPL-2.0-only
/* What operations return: an error without a cause, or a result that is not what was done. */
#include "firing.h"

static void no_memory_without_a_cause(void)
{
	struct check_result r;

	device_on(32, 0, 1);
	progress_set_exact(true);
	check_result_begin(&r);
	if (!broken)
		trace_alloc_failed(ALLOC_FOLIO, false);
	check_result(&r, "read", 0, false);
	check_result(&r, "read", -ENOENT, false);
	check_result(&r, "read", -ENOMEM, false);
}

/* What failed before the operation is no cause. */
static void no_memory_for_an_old_cause(void)
{
	struct check_result r;

	device_on(32, 0, 1);
	progress_set_exact(true);
	if (broken)
		trace_alloc_failed(ALLOC_FOLIO, false);
	check_result_begin(&r);
	if (!broken)
		trace_alloc_failed(ALLOC_FOLIO, true);
	check_result(&r, "read", -ENOMEM, false);
}

/* A page would have done, and nobody asked for one. */
static void no_memory_for_a_large_folio(void)
{
	struct check_result r;

	device_on(32, 0, 1);
	progress_set_exact(true);
	check_result_begin(&r);
	trace_alloc_failed(ALLOC_FOLIO, true);
	trace_mm_large_failed(1);
	check_result(&r, "map", -ENOMEM, false);
	if (!broken)
		trace_alloc_failed(ALLOC_FOLIO, true);
	check_result(&r, "read", -ENOMEM, true);
}

/* What others free is no cause, either. */
static void no_memory_for_swapoff(void)
{
	struct check_device check;

	device_on(32, 0, 1);
	progress_set_exact(true);
	check_device_begin(&check);
	if (!broken)
		trace_alloc_failed(ALLOC_FOLIO, true);
	check_swapoff_end(&check, -ENOMEM, true);
}

static void read_error_without_a_cause(void)
{
	struct check_result r;

	device_on(32, 0, 1);
	if (!broken)
		trace_alloc_failed(ALLOC_IO_READ, true);
	check_result_begin(&r);
	check_result(&r, "read", -EIO, false);
}

static void stopped_without_a_cause(void)
{
	struct check_result r;

	device_on(32, 0, 1);
	if (broken)
		trace_op_aborted();
	check_result_begin(&r);
	if (!broken)
		trace_op_aborted();
	check_result(&r, "fork", -EINTR, false);
}

static void swapon_without_a_device(void)
{
	struct check_device check;

	check_device_begin(&check);
	if (!broken)
		device_on(32, 0, 1);
	check_swapon_end(&check, 0, true, false);
}

static void device_without_a_swapon(void)
{
	struct check_device check;

	check_device_begin(&check);
	device_on(32, 0, 1);
	check_swapon_end(&check, broken ? -EINVAL : 0, true, false);
}

static void swapoff_of_nothing(void)
{
	unsigned int type = device_on(32, 0, 1);
	struct check_device check;

	check_device_begin(&check);
	if (!broken)
		swapoff(type);
	check_swapoff_end(&check, 0, false);
}

static void no_swapon_without_a_cause(void)
{
	struct check_device check;

	progress_set_exact(true);
	check_device_begin(&check);
	check_swapon_end(&check, -EBUSY, true, !broken);
}

/* ... and only one that is good is taken. */
static void swapon_of_a_bad_header(void)
{
	struct check_device check;

	progress_set_exact(true);
	check_device_begin(&check);
	if (broken)
		device_on(32, 0, 1);
	check_swapon_end(&check, broken ? 0 : -EINVAL, false, false);
}

/* ... and no file is on as two devices. */
static void swapon_of_a_file_twice(void)
{
	struct swap_info_struct *a = device(device_on(32, 0, 1)), *b = device(device_on(32, 0, 1));

	swapoff(b->type);
	if (!broken) {
		device_on(32, 0, 1);
		return;
	}
	b->bdev = a->bdev;
	b->max = a->max;
	b->cluster_info = a->cluster_info;
	trace_swapon_published(b, b->pages);
}

static void alone_and_refused(void)
{
	struct check_alone alone;

	progress_set_exact(true);
	check_alone_begin(&alone);
	check_alone_end(&alone, "read", broken ? -EAGAIN : -ENOENT, -ENOENT);
}

static void no_swapon_for_an_allocation(void)
{
	struct check_device check;

	progress_set_exact(true);
	check_device_begin(&check);
	if (!broken)
		trace_alloc_failed(ALLOC_SWAPON, false);
	check_swapon_end(&check, -ENOMEM, true, false);
}

/* The writer of an image leaves cached slots alone, and its reclaim those that are needed. */
static void image_without_a_folio(void)
{
	struct swap_cluster_info *ci;
	struct folio *folio;

	device_on(32, 0, 1);
	ci = device(0)->cluster_info;
	folio = pfn_folio(1);
	trace_swap_cache_deleted(ci, swp_entry(0, 1), folio);
	pm_restrict_gfp_mask();
	if (!broken)
		trace_mm_swap_out_removed(ci, swp_entry(0, 1), 1);
	trace_swap_cache_deleted(ci, swp_entry(0, 1), folio);
	pm_restore_gfp_mask();
}

/* On the native machine the table may be gone when a slot is looked at without a lock: it is not looked at. */
static void slot_without_a_table(void)
{
	struct swap_cluster_info *ci;
	void *table;

	device_on(32, 0, 1);
	ci = device(0)->cluster_info;
	table = (void *)ci->table;
	ci->table = (void *)0x6b6b6b6b6b6b6b6bUL;
	progress_set_exact(broken);
	assert_false(check_slot(0, 1).exists);
	ci->table = table;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIRING(RESULT, no_memory_without_a_cause),
		FIRING(RESULT, no_memory_for_an_old_cause),
		FIRING(RESULT, no_memory_for_a_large_folio),
		FIRING(RESULT, no_memory_for_swapoff),
		FIRING(RESULT, read_error_without_a_cause),
		FIRING(RESULT, stopped_without_a_cause),
		FIRING(RESULT, swapon_without_a_device),
		FIRING(RESULT, device_without_a_swapon),
		FIRING(RESULT, swapoff_of_nothing),
		FIRING(RESULT, no_swapon_without_a_cause),
		FIRING(RESULT, swapon_of_a_bad_header),
		FIRING(RESULT, swapon_of_a_file_twice),
		FIRING(RESULT, alone_and_refused),
		FIRING(RESULT, no_swapon_for_an_allocation),
		FIRING(INV-G21, image_without_a_folio),
		FIRING(CRASH, slot_without_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
