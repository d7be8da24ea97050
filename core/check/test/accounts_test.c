// SPDX-License-Identifier: GPL-2.0-only
/* The checks at rest of what cgroups are charged for, and of statistics: each fires when a number is wrong. */
#include <mm/mm.h>
#include "firing.h"

/* A cgroup gets a charge back that it never had. */
static void charge_without_slot(void)
{
	device_on(32, 0, 1);
	if (broken)
		__mem_cgroup_uncharge_swap(memcg_id(1), 1);
}

/* Page 0 is in memory, page 1 on the device. */
static void charged_to_another_cgroup(unsigned long va)
{
	struct mm_struct *mm = mm_create(2);
	struct folio *folio;

	device_on(32, DEV_SYNC, 1);
	if (mm_map(mm, 0, 0) || mm_map(mm, 1, 0))
		harness_fail("TEST", CODE_SITE, "no memory");
	folio = mm_get_folio(mm, va);
	if (broken)
		folio->memcg = 3 - folio->memcg;
	folio_put(folio);
	mm_reclaim(NULL, mm, 1, 0);
	check_quiescent();
	mmput(mm);
}

static void memory_of_another_cgroup(void)
{
	charged_to_another_cgroup(0);
}

static void slot_of_another_cgroup(void)
{
	charged_to_another_cgroup(1);
}

static void cached_page_uncounted(void)
{
	device_on(32, 0, 1);
	if (broken)
		node_stat_mod_folio(NULL, NR_SWAPCACHE, -1);
}

static void cached_page_of_another_cgroup(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	folio = test_folio_cached(0);
	if (broken) {
		lruvec_stat_mod_folio(folio, NR_SWAPCACHE, -1);
		node_stat_mod_folio(folio, NR_SWAPCACHE, 1);
	}
	test_folio_free(folio);
}

static void request_counted_twice(void)
{
	device_on(32, 0, 1);
	if (broken)
		count_vm_events(NRSWPOUT, 1);
}

/* A folio as large as a PMD maps is written. */
static struct mm_struct *large_on_device(void)
{
	struct mm_struct *mm = mm_create(1UL << HPAGE_PMD_ORDER);

	device_on(32, DEV_SYNC, 1);
	if (mm_map(mm, 0, HPAGE_PMD_ORDER))
		harness_fail("TEST", CODE_SITE, "no memory");
	mm_reclaim(NULL, mm, 0, 0);
	if (mthp_stat(HPAGE_PMD_ORDER, MTHP_STAT_SWPOUT) != 1 || vm_event(THP_SWPOUT) != 1)
		harness_fail("TEST", CODE_SITE, "not written as a whole");
	return mm;
}

static void large_folio_of_another_order(void)
{
	struct mm_struct *mm = large_on_device();

	if (broken)
		count_mthp_stat(HPAGE_PMD_ORDER - 1, MTHP_STAT_SWPOUT);
	check_quiescent();
	mmput(mm);
}

static void smaller_than_a_pmd(void)
{
	struct mm_struct *mm = large_on_device();

	if (broken)
		count_vm_events(THP_SWPOUT, 1);
	check_quiescent();
	mmput(mm);
}

/* Page 0 goes out and comes back, and its read has counted or has not. */
static void read_uncounted(void)
{
	struct mm_struct *mm = mm_create(1);

	device_on(32, DEV_SYNC, 1);
	if (mm_map(mm, 0, 0))
		harness_fail("TEST", CODE_SITE, "no memory");
	mm_reclaim(NULL, mm, 0, 0);
	if (mm_read(mm, 0, 0) || vm_event(PSWPIN) != 1 || vm_event(PSWPOUT) != 1)
		harness_fail("TEST", CODE_SITE, "not read");
	if (broken)
		count_vm_events(PSWPIN, -1UL);
	check_quiescent();
	mmput(mm);
}

/* Zeroes that were not written, for a cgroup, although there were none. */
static void zeroes_of_a_cgroup(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	folio = test_folio_cached(0);
	folio->memcg = 1;
	if (broken)
		count_memcg_folio_events(folio, SWPOUT_ZERO, 1);
	folio->memcg = 0;
	test_folio_free(folio);
}

static void object_of_a_cgroup_kept(void)
{
	struct obj_cgroup *objcg;
	struct folio *folio;

	device_on(32, 0, 1);
	folio = test_folio_cached(0);
	folio->memcg = 1;
	objcg = get_obj_cgroup_from_folio(folio);
	if (!broken)
		obj_cgroup_put(objcg);
	folio->memcg = 0;
	test_folio_free(folio);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIRING(INV-G12, charge_without_slot),
		FIRING(INV-G12, memory_of_another_cgroup),
		FIRING(INV-G12, slot_of_another_cgroup),
		FIRING(INV-G14, cached_page_uncounted),
		FIRING(INV-G14, cached_page_of_another_cgroup),
		FIRING(INV-G15, request_counted_twice),
		FIRING(INV-G15, read_uncounted),
		FIRING(INV-G15, large_folio_of_another_order),
		FIRING(INV-G15, smaller_than_a_pmd),
		FIRING(INV-G15, zeroes_of_a_cgroup),
		FIRING(LEAK, object_of_a_cgroup_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
