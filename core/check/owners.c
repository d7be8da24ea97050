// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who owns a slot, a folio, a page's content, at rest: INV-G6, INV-G7, INV-G11, INV-G12, INV-G13.
 *
 * Built without instrumentation.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <kernel/world.h>
#include <machine/machine.h>
#include "ghost.h"
#include <mm/mm_view.h>

#ifdef CHECK_ON

#define SLOTS_NAMED_MAX 3		/* by a report that names what is left */

/* By slot and by pfn, how many PTEs. */
struct owners {
	unsigned int *slots[MAX_SWAPFILES];
	unsigned int *present;
};

unsigned long slot_word(struct ghost_device *dev, unsigned long offset, unsigned int *extra)
{
	const struct swap_cluster_info *ci = dev->begin + offset / SWAPFILE_CLUSTER;
	unsigned int ci_off = offset % SWAPFILE_CLUSTER;
	const atomic_long_t *table = RAW(ci->table);

	if (extra)
		*extra = ci->extend_table ? ci->extend_table[ci_off] : 0;
	return table ? (unsigned long)RAW(table[ci_off].counter) : 0;
}

void check_discarded(const struct ghost_device *dev, unsigned long begin, unsigned long end)
{
	struct block_device *bdev = swap_bdev(dev->si);

	for (; begin < min(end, dev->max); begin++)
		if (bdev_slot_written(bdev, begin))
			CHECK_FAIL("IO-DISCARD", OBJ_SLOT " was to be discarded, but there is still %lx on the device",
				   dev->si->type, begin, bdev_content(bdev, begin));
}

/* INV-G11 of a swapped page: in its folio if that is there and was read, else on the device. */
static void check_swapped_content(const struct mm_pte_view *pte, struct ghost_device *dev)
{
	unsigned long offset = swp_offset(pte->entry), word = slot_word(dev, offset, NULL), content;
	struct folio *folio = swp_tb_is_folio(word) ? swp_tb_to_folio(word) : NULL;
	const char *where = "on the device";

	if (folio && RAW(folio->flags) & BIT(PG_uptodate)) {
		content = RAW(folio->content[offset - swp_offset(folio->swap)]);
		where = "in the swap cache";
	} else if (word & SWP_TB_ZERO_FLAG) {
		content = CONTENT_ZERO;
		where = "in the table";
	} else if (zswap_content(dev->si->type, offset, &content)) {
		where = "in zswap";
	} else {
		content = bdev_content(swap_bdev(dev->si), offset);
	}
	if (content != pte->expect)
		CHECK_FAIL("INV-G11", OBJ_PAGE " (" OBJ_SLOT "): stored %lx last, %s there is "
			   "%lx", pte->mm, pte->va, dev->si->type, offset, pte->expect, where,
			   content);
}

/* INV-G12 of a single page: the cgroup that is charged for it is its owner's. */
static void check_cgroup(const struct mm_pte_view *pte, unsigned short id, const char *what)
{
	if (id != pte->memcg)
		CHECK_FAIL("INV-G12", OBJ_PAGE ": its %s is charged to cgroup %u, its owner was in cgroup %u",
			   pte->mm, pte->va, what, id, pte->memcg);
}

static void count_pte(const struct mm_pte_view *pte, void *arg)
{
	struct owners *owners = arg;
	struct ghost_device *dev;
	unsigned int type;
	unsigned long offset;

	if (pte->wrong) {
		CHECK_FAIL("INV-G13", OBJ_PAGE ": its PTE is %lx: %s", pte->mm, pte->va, pte->val, pte->wrong);
		return;
	}
	if (pte->folio) {
		owners->present[folio_pfn(pte->folio)]++;
		if (RAW(pte->folio->content[pte->page]) != pte->expect)
			CHECK_FAIL("INV-G11", OBJ_PAGE " (" OBJ_FOLIO " page %u): stored %lx last, there "
				   "is %lx", pte->mm, pte->va, folio_pfn(pte->folio), pte->page,
				   pte->expect, RAW(pte->folio->content[pte->page]));
		check_cgroup(pte, RAW(pte->folio->memcg), "memory");
		return;
	}
	type = swp_type(pte->entry);
	offset = swp_offset(pte->entry);
	dev = type < MAX_SWAPFILES ? ghost_device_at(type) : NULL;
	if (!dev || offset >= dev->max) {
		CHECK_FAIL("INV-G6", OBJ_PAGE ": swap PTE of " OBJ_SLOT ", which does not exist",
			   pte->mm, pte->va, type, offset);
		return;
	}
	owners->slots[type][offset]++;
	/* a slot that is free is INV-G6's */
	if (!swp_tb_is_null(slot_word(dev, offset, NULL)))
		check_cgroup(pte, memcg_id_of(dev->begin + offset / SWAPFILE_CLUSTER,
					      offset % SWAPFILE_CLUSTER), "slot");
	check_swapped_content(pte, dev);
}

/* INV-G6 */
static void check_counts(struct ghost_device *dev, const unsigned int *owners)
{
	unsigned int extended, count, expected;
	unsigned long offset, word;
	struct folio *folio;

	for (offset = 0; offset < dev->max; offset++) {
		word = slot_word(dev, offset, &extended);
		count = swp_tb_is_bad(word) ? 0 : word >> SWP_TB_COUNT_SHIFT;
		if (count == SWP_TB_COUNT_MAX)
			count = extended;
		expected = owners[offset] + ghost_bit(dev->hib, offset);
		if (count != expected)
			BALANCE_FAIL(BALANCE_COUNT, dev->si->type, offset, "INV-G6",
				     OBJ_SLOT ": count %u, %u PTEs and %u images have it "
				     "(word %016lx); %s", dev->si->type, offset, count, owners[offset],
				     expected - owners[offset], word,
				     last_text(&dev->last_slots[offset]));
		if (!swp_tb_is_folio(word))
			continue;
		folio = swp_tb_to_folio(word);
		/* only cached: a task that wants the slot must be able to reclaim it */
		if (!count && RAW(folio->flags) & (BIT(PG_locked) | BIT(PG_writeback)))
			CHECK_FAIL("INV-G6", OBJ_SLOT ": only cached, but " OBJ_FOLIO " is locked "
				   "or under writeback at rest", dev->si->type, offset,
				   folio_pfn(folio));
	}
}

/* INV-G7; that the words name the folio of a cached slot is INV-C5. */
static void check_folio(struct folio *folio, void *arg)
{
	const struct owners *owners = arg;
	unsigned long pfn = folio_pfn(folio), word;
	unsigned int nr = 1U << RAW(folio->_order), i, cached = 0;
	unsigned long flags = RAW(folio->flags);
	int refs = RAW(folio->_refcount.counter), mapped = RAW(folio->_mapcount.counter);
	struct ghost_device *dev = NULL;

	if (flags & BIT(PG_locked))
		CHECK_FAIL("INV-G7", OBJ_FOLIO " is locked at rest", pfn);
	if (flags & BIT(PG_swapcache)) {
		cached = nr;
		dev = ghost_device_at(swp_type(folio->swap) % MAX_SWAPFILES);
		if (!dev || swp_offset(folio->swap) + nr > dev->max) {
			CHECK_FAIL("INV-G7", OBJ_FOLIO " is cached at %lx, which does not exist", pfn,
				   folio->swap.val);
			return;
		}
		for (i = 0; i < nr; i++) {
			word = slot_word(dev, swp_offset(folio->swap) + i, NULL);
			if (!swp_tb_is_folio(word) || swp_tb_to_folio(word) != folio)
				CHECK_FAIL("INV-G7", OBJ_FOLIO " is flagged as cached, but slot %lu of "
					   OBJ_DEVICE " has word %016lx", pfn,
					   swp_offset(folio->swap) + i, dev->si->type, word);
		}
	}
	if (mapped != (int)owners->present[pfn])
		BALANCE_FAIL(BALANCE_FOLIO_MAPS, 0, pfn, "INV-G7",
			     OBJ_FOLIO ": mapcount %d, %u PTEs map it", pfn, mapped,
			     owners->present[pfn]);
	if (refs != mapped + (int)cached)
		BALANCE_FAIL(BALANCE_FOLIO_REFS, 0, pfn, "INV-G7",
			     OBJ_FOLIO ": %d references, %d mappings and %u cached pages%s%s", pfn, refs,
			     mapped, cached, cached ? "; its slot: " : "",
			     cached ? last_text(&dev->last_slots[swp_offset(folio->swap)]) : "");
	/* else it is never reclaimed */
	if (mapped && !(flags & BIT(PG_lru)))
		CHECK_FAIL("INV-G7", OBJ_FOLIO " is mapped, and not on the LRU", pfn);
}

static void *owners_alloc(unsigned long nr)
{
	void *p = calloc(nr, sizeof(unsigned int));

	if (!p)
		harness_fail("SETUP", CODE_SITE, "no memory for the check at rest");
	return p;
}

void check_owners(void)
{
	struct owners owners = { 0 };
	struct ghost_device *dev;
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		if (dev)
			owners.slots[type] = owners_alloc(dev->max);
	}
	owners.present = owners_alloc(max_pfn ? max_pfn : 1);

	mm_for_each_pte(count_pte, &owners);
	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		if (dev)
			check_counts(dev, owners.slots[type]);
		free(owners.slots[type]);
	}
	folio_for_each(check_folio, &owners);
	free(owners.present);
}

struct owner_list {
	struct ghost_device *dev;
	unsigned long offset;
	unsigned int nr;		/* owners */
	struct text {
		char *at;
		size_t left;
	} text;
};

/* Goes on with a text, as far as there is room. */
static __printf(2, 3) void say(struct text *text, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text->at, text->left, fmt, args);
	va_end(args);
	len = min(len, (int)text->left - 1);
	text->at += len;
	text->left -= len;
}

static void name_owner(const struct mm_pte_view *pte, void *arg)
{
	struct owner_list *list = arg;

	if (pte->folio || swp_type(pte->entry) != (unsigned int)list->dev->si->type ||
	    swp_offset(pte->entry) != list->offset)
		return;
	say(&list->text, ", " OBJ_PAGE "%s", pte->mm, pte->va,
	    pte->listed ? " (on the mmlist)" : " which is not on the mmlist");
	list->nr++;
}

/* A count that no owner accounts for is what keeps the slot. */
static void blame_count(unsigned int type, unsigned long offset)
{
	const struct balance b = { BALANCE_COUNT, type, offset };
	long is, should;

	balance_read(&b, &is, &should);
	if (is != should)
		balance_fails(b.kind, type, offset);
}

static void name_slot(struct owner_list *list, unsigned long word, unsigned int extended)
{
	unsigned long count = slot_count(word, extended);
	const struct folio *folio;

	say(&list->text, OBJ_SLOT ": count %lu", list->dev->si->type, list->offset, count);
	if (swp_tb_is_folio(word)) {
		folio = swp_tb_to_folio(word);
		say(&list->text, ", " OBJ_FOLIO "%s%s", folio_pfn(folio),
		    RAW(folio->flags) & BIT(PG_locked) ? " (locked)" : "",
		    RAW(folio->flags) & BIT(PG_writeback) ? " (under writeback)" : "");
	}
	list->nr = 0;
	mm_for_each_pte(name_owner, list);
	if (count && !list->nr)
		say(&list->text, ", no PTE has it");
}

void slots_left(struct ghost_device *dev, char *text, size_t size)
{
	struct owner_list list = { .dev = dev, .text = { text, size } };
	unsigned int extended, nr = 0;
	unsigned long word;

	text[0] = 0;
	for (list.offset = 1; list.offset < dev->max; list.offset++) {
		word = slot_word(dev, list.offset, &extended);
		if (swp_tb_is_null(word) || swp_tb_is_bad(word))
			continue;
		blame_count(dev->si->type, list.offset);
		if (nr++ >= SLOTS_NAMED_MAX)
			continue;
		say(&list.text, "%s", nr > 1 ? "; " : "");
		name_slot(&list, word, extended);
	}
	if (nr > SLOTS_NAMED_MAX)
		say(&list.text, "; and %u more", nr - SLOTS_NAMED_MAX);
}

static void count_folio(struct folio *folio, void *arg)
{
	++*(unsigned long *)arg;
}

struct folios_left {
	struct text text;
	unsigned int nr;
};

/* Where the references of the first one were taken and not put, a picture of them shows. */
static void name_folio(struct folio *folio, void *arg)
{
	unsigned long flags = RAW(folio->flags);
	struct folios_left *left = arg;

	if (!left->nr)
		balance_fails(BALANCE_FOLIO_REFS, 0, folio_pfn(folio));
	if (left->nr++ >= SLOTS_NAMED_MAX)
		return;
	say(&left->text, "%s" OBJ_FOLIO " (%d references, %d of them mappings%s%s)", left->nr > 1 ? ", " : ": ",
	    folio_pfn(folio), RAW(folio->_refcount.counter), RAW(folio->_mapcount.counter),
	    flags & BIT(PG_swapcache) ? ", cached" : "", flags & BIT(PG_locked) ? ", locked" : "");
}

/* Return: true if some folio is allocated; @text says which. */
bool check_folios_left(char *text, size_t size)
{
	struct folios_left left = { .text = { text, size } };
	unsigned long nr = 0;

	folio_for_each(count_folio, &nr);
	if (!nr)
		return false;
	say(&left.text, "%lu folio%s still allocated", nr, nr > 1 ? "s are" : " is");
	folio_for_each(name_folio, &left);
	return true;
}

#endif /* CHECK_ON */
