// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the model sees of the core: PTEs and what they lead to, the words of every slot, the usage
 * numbers. Built without instrumentation; no other task is in the middle of an operation.
 */
#include <string.h>

#include <kernel/bug.h>
#include <mm/mm.h>
#include <mm/mm_view.h>
#include <sim/sim.h>
#include <swap/swap_table.h>
#include "exec.h"
#include "model.h"

#define RAW(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define FAIL(id, fmt, ...) harness_fail(id, CODE_SITE, fmt, ##__VA_ARGS__)

static u64 slot_word(const struct swap_info_struct *si, unsigned long offset)
{
	const struct swap_cluster_info *ci = si->cluster_info + offset / SWAPFILE_CLUSTER;

	return ci->table ? (u64)RAW(ci->table[offset % SWAPFILE_CLUSTER].counter) : 0;
}

static unsigned int slot_count(const struct swap_info_struct *si, unsigned long offset, u64 word)
{
	const struct swap_cluster_info *ci = si->cluster_info + offset / SWAPFILE_CLUSTER;
	unsigned int count = word >> SWP_TB_COUNT_SHIFT;

	if (count == SWP_TB_COUNT_MAX && ci->extend_table)
		count = ci->extend_table[offset % SWAPFILE_CLUSTER];
	return count;
}

/* --- spaces ------------------------------------------------------------------------------- */

/* In its folio if that is there and was read, else on the device. */
static u64 swapped_content(unsigned int type, unsigned int offset)
{
	const struct swap_info_struct *si = swap_info[type];
	u64 word = slot_word(si, offset);
	struct folio *folio = swp_tb_is_folio(word) ? swp_tb_to_folio(word) : NULL;

	if (folio && RAW(folio->flags) & BIT(PG_uptodate))
		return RAW(folio->content[offset - swp_offset(folio->swap)]);
	if (word & SWP_TB_ZERO_FLAG)
		return CONTENT_ZERO;
	return bdev_content(swap_bdev(si), offset);
}

static void look_at_page(unsigned int space, unsigned long va, struct seen_page *page)
{
	pte_t pte = __pte(RAW(world.spaces[space]->ptes[va].val));
	const struct swap_info_struct *si;
	struct folio *folio;

	memset(page, 0, sizeof(*page));
	if (pte_none(pte))
		return;
	page->mapped = true;
	page->present = pte_present(pte);
	if (page->present) {
		folio = pte_folio(pte);
		page->content = RAW(folio->content[pte_page_idx(pte)]);
		page->quiet = !RAW(folio->_order) && !(RAW(folio->flags) &
						       (BIT(PG_locked) | BIT(PG_writeback)));
		return;
	}
	if (pte_is_poisoned(pte)) {
		/* lost: it still has its content, which cannot be read */
		page->present = true;
		page->content = RAW(world.spaces[space]->ghosts[va]);
		return;
	}
	page->type = swp_type(softleaf_from_pte(pte));
	page->offset = swp_offset(softleaf_from_pte(pte));
	si = page->type < MAX_SWAPFILES ? swap_info[page->type] : NULL;
	if (!si || !(RAW(si->flags) & SWP_WRITEOK) || page->offset >= si->max)
		FAIL("MODEL-PTE", "m%u page %lu: the PTE names slot %u/%u, of no device that is on",
		     space, va, page->type, page->offset);
	page->content = swapped_content(page->type, page->offset);
}

static void count_pages(struct folio *folio, void *arg)
{
	*(long *)arg -= 1L << RAW(folio->_order);
}

void model_look(const struct model *m, struct seen *seen)
{
	unsigned int space;
	unsigned long va;

	seen->settled = !sim_work_runs();
	seen->free_pages = m->prog->folios;
	folio_for_each(count_pages, &seen->free_pages);
	for (space = 0; space < WORLD_SPACES_MAX; space++) {
		seen->exists[space] = world.spaces[space];
		for (va = 0; va < m->prog->pages && seen->exists[space]; va++)
			look_at_page(space, va, &seen->pages[space][va]);
	}
}

/* --- devices ------------------------------------------------------------------------------ */

long model_device_pages(unsigned int index)
{
	/* all but the header, the bad ones, and those of a swap file that have no blocks */
	return bdev_nr_slots(world.devices[index].bdev);
}

unsigned long model_device_end(const struct model *m, unsigned int index)
{
	const struct world_device *dev = &m->prog->devices[index];

	return dev->file ? 1 + model_device_pages(index) : dev->pages;
}

static bool is_bad(const struct world_device *dev, unsigned long offset)
{
	unsigned int i;

	for (i = 0; i < dev->nr_bad; i++)
		if (dev->bad[i] == offset)
			return true;
	return !offset || offset >= dev->pages;
}

/* How many PTEs name each slot, by type. */
static u16 owners[MAX_SWAPFILES][WORLD_DEVICE_PAGES_MAX];

static void count_owners(const struct model *m, const struct seen *seen)
{
	unsigned int space, type;
	const struct seen_page *page;
	unsigned long va;

	for (type = 0; type < MAX_SWAPFILES; type++)
		if (swap_info[type])
			memset(owners[type], 0, swap_info[type]->max * sizeof(owners[type][0]));
	for (space = 0; space < WORLD_SPACES_MAX; space++) {
		for (va = 0; va < m->prog->pages && seen->exists[space]; va++) {
			page = &seen->pages[space][va];
			if (page->mapped && !page->present)
				owners[page->type][page->offset]++;
		}
	}
}

static void check_slot(const struct model *m, struct seen *seen, unsigned int index,
		       unsigned long offset)
{
	const struct swap_info_struct *si = swap_info[world.devices[index].type];
	const struct world_device *dev = &m->prog->devices[index];
	unsigned int ptes = owners[si->type][offset], count;
	u64 word = slot_word(si, offset);

	if (swp_tb_is_bad(word) != is_bad(dev, offset))
		FAIL("MODEL-SLOT", "device %c slot %lu: word %lx, and it is %s", 'A' + index,
		     offset, word, is_bad(dev, offset) ? "bad" : "not bad");
	if (swp_tb_is_bad(word) || (!word && !ptes))
		return;
	count = slot_count(si, offset, word);
	seen->used[index] += word != 0;
	if (count != ptes && count != ptes + 1)
		FAIL("MODEL-SLOT", "device %c slot %lu: count %u, %u PTEs have it", 'A' + index,
		     offset, count, ptes);
	seen->images[index] += count - ptes;
}

static void check_device(const struct model *m, struct seen *seen, unsigned int index)
{
	const struct swap_info_struct *si = swap_info[world.devices[index].type];
	long usage = RAW(si->inuse_pages.counter) & SWAP_USAGE_COUNTER_MASK, min = 0, max = 0;
	unsigned long offset;

	if (!(RAW(si->flags) & SWP_WRITEOK) || swap_bdev(si) != world.devices[index].bdev ||
	    si->pages != model_device_pages(index))
		FAIL("MODEL-DEVICE", "device %c: flags %lx, %u pages", 'A' + index,
		     RAW(si->flags), si->pages);
	for (offset = 0; offset < si->max; offset++)
		check_slot(m, seen, index, offset);
	if (m->image == si->type) {
		min = m->image_min;
		max = m->image_max;
	}
	if (seen->images[index] < min || seen->images[index] > max)
		FAIL("MODEL-SLOT", "device %c: %ld slots have an owner that is no PTE, images have "
		     "%ld to %ld", 'A' + index, seen->images[index], min, max);
	/* a worker frees a slot and counts that later */
	if (seen->settled && usage != seen->used[index])
		FAIL("MODEL-USAGE", "device %c: usage %ld, %ld slots are not free", 'A' + index,
		     usage, seen->used[index]);
}

void model_check_devices(const struct model *m, struct seen *seen)
{
	unsigned int index, type, on = 0;
	long pages = 0, used = 0;

	count_owners(m, seen);
	for (index = 0; index < m->prog->nr_devices; index++) {
		seen->used[index] = seen->images[index] = 0;
		if (!m->on[index])
			continue;
		on++;
		check_device(m, seen, index);
		pages += model_device_pages(index);
		used += seen->used[index];
	}
	for (type = 0; type < MAX_SWAPFILES; type++)
		on -= swap_info[type] && (RAW(swap_info[type]->flags) & SWP_WRITEOK);
	if (on)
		FAIL("MODEL-DEVICE", "%d devices that should be on are not", (int)on);
	if (RAW(total_swap_pages) != pages)
		FAIL("MODEL-USAGE", "total_swap_pages %ld, the devices that are on have %ld",
		     RAW(total_swap_pages), pages);
	if (seen->settled && RAW(nr_swap_pages.counter) != pages - used)
		FAIL("MODEL-USAGE", "nr_swap_pages %ld, the devices that are on have %ld, %ld of "
		     "them in use", RAW(nr_swap_pages.counter), pages, used);
}
