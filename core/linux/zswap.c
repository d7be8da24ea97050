// SPDX-License-Identifier: GPL-2.0-only
/*
 * zswap, which keeps pages of some devices in memory, as the user may have it: of a device whose number of pages
 * is a multiple of five it takes most. As mm/zswap.c, it gives a page away when that is read into the
 * cache, which is dirty then; it forgets a page that it cannot take; and it has no large folios to give, so that
 * faults must not ask for any.
 *
 * Built without instrumentation: a page is under its folio's lock, or that of its cluster.
 */
#include <stdlib.h>
#include <mm/mm.h>
#include <mm/mm_view.h>
#include <swap/swap.h>
#include "hooks.h"

struct kept {
	unsigned long content;
	bool here;
};

static struct area {
	struct kept *slots;
	unsigned long room, nr;		/* of slots; nr 0: it takes no page */
} areas[MAX_SWAPFILES];

void tree_zswap_area(unsigned int type, unsigned long nr)
{
	struct area *a = &areas[type];

	a->nr = nr % 5 ? 0 : nr;
	if (a->nr > a->room) {
		free(a->slots);
		a->slots = calloc(nr, sizeof(*a->slots));
		if (!a->slots)
			harness_fail("SETUP", CODE_SITE, "no memory for what zswap keeps of %lu slots", nr);
		a->room = nr;
	}
	if (a->nr)
		__builtin_memset(a->slots, 0, nr * sizeof(*a->slots));
}

static struct kept *kept_at(unsigned int type, unsigned long offset)
{
	return type < MAX_SWAPFILES && offset < areas[type].nr ? &areas[type].slots[offset] : NULL;
}

void tree_zswap_forget(unsigned int type, unsigned long offset)
{
	struct kept *k = kept_at(type, offset);

	if (k)
		__atomic_store_n(&k->here, false, __ATOMIC_RELAXED);
}

bool zswap_content(unsigned int type, unsigned long offset, unsigned long *content)
{
	const struct kept *k = kept_at(type, offset);

	if (!k || !RAW(k->here))
		return false;
	*content = RAW(k->content);
	return true;
}

bool zswap_takes(const struct swap_info_struct *si)
{
	return areas[si->type].nr;
}

/* What both ask of their caller. */
static struct kept *kept_of(const struct folio *folio, const char *call)
{
	might_sleep();
	if (~RAW(folio->flags) & (BIT(PG_locked) | BIT(PG_swapcache)))
		harness_fail("WARN", CODE_SITE, "%s(): the folio is not locked, or not in the swap cache", call);
	return kept_at(swp_type(folio->swap), swp_offset(folio->swap));
}

bool tree_zswap_store(struct folio *folio)
{
	unsigned int nr = 1U << RAW(folio->_order), i;
	struct kept *k = kept_of(folio, "zswap_store");
	bool takes = k && machine_random(4);

	for (i = 0; k && i < nr; i++) {
		__atomic_store_n(&k[i].content, folio_content(folio, i), __ATOMIC_RELAXED);
		__atomic_store_n(&k[i].here, takes, __ATOMIC_RELAXED);
	}
	if (takes) {
		trace_mm_zswap_stored(folio->swap, nr);
		swap_io_folio(folio, SWAP_IO_ZSWAP_OUT);
	}
	return takes;
}

int tree_zswap_load(struct folio *folio)
{
	struct kept *k = kept_of(folio, "zswap_load");

	if (k && RAW(folio->_order))
		harness_fail("WARN", CODE_SITE, "zswap_load(): a large folio, of a device whose pages zswap may have");
	if (!k || !RAW(k->here))
		return -ENOENT;
	tree_swapin_judge(tree_stack_of_task());
	tree_memsw_read(folio);
	folio_set_content(folio, 0, RAW(k->content));
	trace_mm_zswap_loaded(folio->swap, 1);
	folio_mark_uptodate(folio);
	folio_mark_dirty(folio);
	tree_zswap_forget(swp_type(folio->swap), swp_offset(folio->swap));
	folio_unlock(folio);
	return 0;
}
