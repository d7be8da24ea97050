// SPDX-License-Identifier: GPL-2.0-only
/* Who sets out to free slots leaves some. PROG-18 is in policy_test.c, with the other checks of full clusters. */
#include <stdlib.h>
#include "firing.h"

static void zap_leaves_the_cache(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	folio = test_folio_cached(0);
	progress_set_exact(true);
	if (broken)
		folio_unlock(folio);
	trace_mm_zap_put(folio->swap, 1);
	trace_mm_zap_cleared(folio->swap, 1);
	progress_set_exact(false);
	test_folio_free(folio);
}

/* The first of two slots. */
static void image_leaves_the_cache(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));
	struct folio *folio = test_folio_cached(0);
	swp_entry_t other = swp_entry(si->type, 9);

	progress_set_exact(true);
	if (broken)
		folio_unlock(folio);
	trace_swap_hib_alloc(folio->swap);
	trace_swap_hib_alloc(other);
	trace_swap_hib_free(folio->swap);
	trace_swap_hib_free(other);
	trace_swap_image_freed(2, 2);
	progress_set_exact(false);
	test_folio_free(folio);
}

static void part_without_a_shadow(void) __no_context_analysis
{
	void *shadow = (void *)0x123UL;
	struct swap_cluster_info *ci;
	struct folio *folio;
	unsigned int second;
	swp_entry_t entry;

	device_on(32, 0, 1);
	folio = test_folio_cached(1);
	entry = folio->swap;
	second = swp_cluster_offset(entry) + 1;
	folio_dup_swap(folio, NULL);
	ci = swap_cluster_get_and_lock_irq(folio);
	__swap_cache_del_folio(ci, folio, entry, shadow, true);
	if (broken)
		__swap_table_set(ci, second,
				 shadow_to_swp_tb(NULL, __swp_tb_get_flags(__swap_table_get(ci, second))));
	trace_mm_swap_out_shadow(ci, entry, 2, (unsigned long)shadow);
	swap_cluster_unlock_irq(ci);
	folio_ref_sub(folio, 2);
	test_folio_free(folio);
	swap_put_entries_direct(entry, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIRING(PROG-17, zap_leaves_the_cache), FIRING(PROG-17, image_leaves_the_cache),
		FIRING(INV-C11, part_without_a_shadow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
