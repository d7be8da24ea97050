// SPDX-License-Identifier: GPL-2.0-only
/* Mutants of counts and their extend tables, and of hibernation, which owns slots by itself. */
#include <kernel/err.h>
#include <mm/mm.h>
#include "mutant.h"

static void image_of_two_slots(void)
{
	struct swap_image *image;
	unsigned int type;
	swp_entry_t entry;

	type = device_on(32, 0, 1);
	image = swap_image_create(device(type)->bdev);
	if (swap_image_add_slot(image, &entry) || swap_image_add_slot(image, &entry))
		harness_fail("TEST", CODE_SITE, "no slots");
	swap_image_free(image);
}

/* Readahead has cached a hibernation slot when it is freed. */
static void image_slot_cached(void)
{
	struct folio *folio;
	unsigned int type;
	swp_entry_t entry;

	type = device_on(32, 0, 1);
	if (!get_swap_device_info(device(type)))
		harness_fail("TEST", CODE_SITE, "no reference");
	entry = swap_alloc_hibernation_slot(type);
	folio = swap_cache_alloc_folio(entry, GFP_KERNEL, BIT(0), NULL, NULL, 0);
	if (IS_ERR(folio))
		harness_fail("TEST", CODE_SITE, "not cached");
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	swap_free_hibernation_slot(entry);
	put_swap_device(device(type));
	folio_put(folio);
}

/* A device with an image is swapped off: its slot keeps that going for ever. */
static void image_on_the_device(void)
{
	unsigned int type = device_on(32, 0, 1);
	struct swap_image *image = swap_image_create(device(type)->bdev);
	swp_entry_t entry;

	if (swap_image_add_slot(image, &entry))
		harness_fail("TEST", CODE_SITE, "no slot");
	if (swapoff(type) != -EBUSY)
		harness_fail("TEST", CODE_SITE, "swapped off");
	swap_image_free(image);
}

/* --- counts ---------------------------------------------------------------------------- */

/*
 * The second slot's count outgrows its word first, and there is no memory for an extend table: of
 * the last attempt the first slot's count is taken back.
 */
static void no_extend_table(void)
{
	struct folio *folio;
	unsigned int nr = 0;

	device_on(32, 0, 1);
	folio = test_folio_cached(1);
	if (folio_dup_swap(folio, folio_page(folio, 1)))
		harness_fail("TEST", CODE_SITE, "a count of 1 does not fit");
	fail_next(ALLOC_EXTEND_ATOMIC, 0);
	while (!folio_dup_swap(folio, NULL))
		nr++;
	alloc_fail_reset();
	while (nr--)
		folio_put_swap(folio, NULL);
	folio_put_swap(folio, folio_page(folio, 1));
	test_folio_free(folio);
}

/* By the time the extend table is there, no count needs it. */
static void extend_without_need(void)
{
	struct swap_info_struct *si;
	struct folio *folio;
	unsigned long off;

	si = device(device_on(32, 0, 1));
	folio = test_folio_cached(0);
	off = swp_offset(folio->swap);
	if (swap_extend_table_alloc(si, __swap_offset_to_cluster(si, off), off % SWAPFILE_CLUSTER,
				    GFP_KERNEL))
		harness_fail("TEST", CODE_SITE, "no memory");
	test_folio_free(folio);
}

static const struct mutant_case cases[] = {
	{ .mutant = "hib-double-dec", .id = "INV-G1", .scenario = image_of_two_slots },
	{ .mutant = "hib-extent-end", .id = "INV-G6", .scenario = image_of_two_slots },
	{ .mutant = "hib-warn-relock", .id = "LOCK-RECURSION", .scenario = image_of_two_slots },
	{ .mutant = "hib-free-cached", .id = "WARN", .scenario = image_slot_cached },
	{ .mutant = "hib-unpinned", .id = "HANG", .scenario = image_on_the_device,
	  .world = { .watchdog_seconds = 2 } },
	{ .mutant = "dup-rollback-short", .id = "INV-G6", .scenario = no_extend_table },
	{ .mutant = "extend-unneeded", .id = "INV-C4", .scenario = extend_without_need },
};
MUTANT_TOPIC(mutant_entry, cases);
