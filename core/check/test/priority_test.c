// SPDX-License-Identifier: GPL-2.0-only
/* The order in which an allocation tries the devices (PROG-19). */
#include "firing.h"

static void lower_priority_first(void)
{
	struct swap_info_struct *low = device(device_on(32, 0, 1)), *high = device(device_on(32, 0, 2));

	progress_set_exact(true);
	trace_swap_alloc_enter(0, NULL);
	trace_swap_alloc_slow_device(broken ? low : high, 0);
	trace_swap_alloc_slow_device(low, 0);
}

static void devices_take_no_turns(void)
{
	unsigned int types[] = { device_on(32, 0, 1), device_on(32, 0, 1) };
	struct folio *folio;

	progress_set_exact(true);
	folio = test_folio_cached(0);
	if (broken)
		plist_requeue(&device(types[!swp_type(folio->swap)])->avail_list, &swap_avail_head);
	trace_mm_swap_out(folio->swap, 1);
	test_folio_free(folio);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIRING(PROG-19, lower_priority_first), FIRING(PROG-19, devices_take_no_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
