// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each number should be, by everything else (see balance.h).
 *
 * Built without instrumentation.
 */
#include <machine/machine.h>
#include <machine/tsan.h>
#include <mm/mm_view.h>
#include "ghost.h"

#ifdef CHECK_ON

static struct balance failed;

void balance_fails(enum balance_kind kind, unsigned int type, unsigned long nr)
{
	failed = (struct balance){ kind, type, nr };
}

const struct balance *balance_failed(void)
{
	return &failed;
}

long device_usage(const struct swap_info_struct *si)
{
	return RAW(si->inuse_pages.counter) & SWAP_USAGE_COUNTER_MASK;
}

/* A struct that was never enabled is all zeroes. */
bool on_plist(const struct plist_node *node)
{
	return node->node_list.next && !plist_node_empty(node);
}

/* Sums over the devices that are there. */
static long enabled_pages(void)
{
	const struct ghost_device *dev;
	unsigned int type;
	long sum = 0;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		if (dev && RAW(dev->si->flags) & SWP_WRITEOK)
			sum += dev->si->pages;
	}
	return sum;
}

static long usage_of_all(void)
{
	const struct ghost_device *dev;
	unsigned int type;
	long sum = 0;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		if (dev)
			sum += device_usage(dev->si);
	}
	return sum;
}

static long rotating_devices(void)
{
	const struct ghost_device *dev;
	unsigned int type;
	long nr = 0;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		nr += dev && !(RAW(dev->si->flags) & SWP_SOLIDSTATE);
	}
	return nr;
}

/* What clusters have: tables, or extend tables. */
static long tables_in_use(bool extend)
{
	const struct swap_cluster_info *ci;
	const struct ghost_device *dev;
	unsigned int type;
	long nr = 0;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		dev = ghost_device_at(type);
		for (ci = dev ? dev->begin : NULL; dev && ci < dev->end; ci++)
			nr += extend ? !!RAW(ci->extend_table) : !!RAW(ci->table);
	}
	return nr;
}

static long words_in_use(const struct swap_cluster_info *ci)
{
	const atomic_long_t *table = RAW(ci->table);
	unsigned int i;
	long nr = 0;

	for (i = 0; table && i < SWAPFILE_CLUSTER; i++)
		nr += !swp_tb_is_null(RAW(table[i].counter));
	return nr;
}

static void read_device(const struct balance *b, const struct ghost_device *dev, long *is,
			long *should)
{
	const struct swap_info_struct *si = dev->si;
	long usage = device_usage(si), slots = (long)dev->nr_clusters * SWAPFILE_CLUSTER;
	const struct swap_cluster_info *ci;

	switch (b->kind) {
	case BALANCE_USAGE:
		*is = usage;
		*should = RAW(dev->usage);
		break;
	case BALANCE_CLUSTERS:
		for (ci = dev->begin; ci < dev->end; ci++)
			*is += RAW(ci->count);
		*should = usage + slots - si->pages;
		break;
	case BALANCE_FREE_SLOTS:
		*is = slots;
		for (ci = dev->begin; ci < dev->end; ci++)
			*is -= words_in_use(ci);
		*should = (long)si->pages - usage;
		break;
	case BALANCE_AVAIL:
		*is = on_plist(&si->avail_list);
		*should = (RAW(si->flags) & SWP_WRITEOK) && usage != (long)si->pages;
		break;
	case BALANCE_CLUSTER:
		if (b->nr < dev->nr_clusters) {
			*is = RAW(dev->begin[b->nr].count);
			*should = words_in_use(dev->begin + b->nr);
		}
		break;
	default:
		break;
	}
}

/* The base one is the device's own until swapoff kills it. */
static void read_device_refs(unsigned int type, long *is, long *should)
{
	const struct swap_info_struct *si = type < MAX_SWAPFILES ? swap_info[type] : NULL;
	long count = si ? RAW(si->users.count.counter) : 0;

	*is = count & ~(long)(PERCPU_REF_DEAD | PERCPU_REF_GRACE);
	*should = si && !(count & (long)PERCPU_REF_DEAD);
}

struct owner_count {
	const struct balance *b;
	long nr;
};

static void count_owner(const struct mm_pte_view *pte, void *arg)
{
	struct owner_count *count = arg;

	if (count->b->kind == BALANCE_COUNT)
		count->nr += !pte->folio && swp_type(pte->entry) == count->b->type &&
			     swp_offset(pte->entry) == count->b->nr;
	else
		count->nr += pte->folio && folio_pfn(pte->folio) == count->b->nr;
}

static long owners_of(const struct balance *b)
{
	struct owner_count count = { .b = b };

	mm_for_each_pte(count_owner, &count);
	return count.nr;
}

static void read_slot(const struct balance *b, struct ghost_device *dev, long *is, long *should)
{
	unsigned int extended;
	unsigned long word;

	if (b->nr >= dev->max)
		return;
	word = slot_word(dev, b->nr, &extended);
	*is = swp_tb_is_bad(word) ? 0 : word >> SWP_TB_COUNT_SHIFT;
	if (*is == (long)SWP_TB_COUNT_MAX)
		*is = extended;
	*should = owners_of(b) + ghost_bit(dev->hib, b->nr);
}

static void read_folio(const struct balance *b, long *is, long *should)
{
	const struct folio *folio = memmap + b->nr;

	if (!memmap || b->nr >= max_pfn || !RAW(folio->_refcount.counter))
		return;
	*is = RAW(folio->_mapcount.counter);
	if (b->kind == BALANCE_FOLIO_MAPS) {
		*should = owners_of(b);
		return;
	}
	*should = *is;
	*is = RAW(folio->_refcount.counter);
	if (RAW(folio->flags) & BIT(PG_swapcache))
		*should += 1L << RAW(folio->_order);
	/* the write's; at rest there is none */
	if (RAW(folio->flags) & BIT(PG_writeback))
		++*should;
}

static void read_memory(enum alloc_type type, bool extend, long *is, long *should)
{
	struct alloc_stat stat;

	alloc_stat_read(type, &stat);
	*is = stat.objects;
	*should = tables_in_use(extend);
}

static void __balance_read(const struct balance *b, long *is, long *should)
{
	struct ghost_device *dev = b->type < MAX_SWAPFILES ? ghost_device_at(b->type) : NULL;

	*is = *should = 0;
	switch (b->kind) {
	case BALANCE_NONE:
		break;
	case BALANCE_FREE_PAGES:
		*is = RAW(nr_swap_pages.counter);
		*should = enabled_pages() - usage_of_all();
		break;
	case BALANCE_TOTAL_PAGES:
		*is = RAW(total_swap_pages);
		*should = enabled_pages();
		break;
	case BALANCE_ROTATING:
		*is = RAW(nr_rotate_swap.counter);
		*should = rotating_devices();
		break;
	case BALANCE_DEVICE_REFS:
		read_device_refs(b->type, is, should);
		break;
	case BALANCE_COUNT:
		if (dev)
			read_slot(b, dev, is, should);
		break;
	case BALANCE_FOLIO_REFS:
	case BALANCE_FOLIO_MAPS:
		read_folio(b, is, should);
		break;
	case BALANCE_TABLES:
		read_memory(ALLOC_TYPE_TABLE, false, is, should);
		break;
	case BALANCE_EXTENDS:
		read_memory(ALLOC_TYPE_EXTEND, true, is, should);
		break;
	default:
		if (dev)
			read_device(b, dev, is, should);
		break;
	}
}

/* core/mm's views are instrumented: only at rest do they not disturb other tasks. */
void balance_read(const struct balance *b, long *is, long *should)
{
	machine_mute();
	tsan_ignore_begin();
	__balance_read(b, is, should);
	tsan_ignore_end();
	machine_unmute();
}

#endif /* CHECK_ON */
