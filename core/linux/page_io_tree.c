// SPDX-License-Identifier: GPL-2.0-only
/* The tree's mm/page_io.c as it is: see swapfile_tree.c. */
#include <linux/suspend.h>
#include <tree/mm/swap.h>
#include <prototypes.h>
#include <shim/hooks.h>
#include <tree/mm/swap_table.h>
#include <shim/hooks_table.h>

#define TREE_FUNCTIONS_PAGE_IO
#include <prototypes.h>

/* where the folio is locked or under writeback nobody splits it, so that this is no scheduling point */
static inline unsigned int order_under_io(const struct folio *folio)
{
	if (__atomic_load_n(&folio->flags, __ATOMIC_RELAXED) & (BIT(PG_locked) | BIT(PG_writeback)))
		return __atomic_load_n(&folio->_order, __ATOMIC_RELAXED);
	return folio_order(folio);
}
#define folio_order(folio) order_under_io(folio)
#define folio_nr_pages(folio) (1UL << folio_order(folio))

#pragma clang section bss="tree_bss" data="tree_data"
#include <tree/mm/page_io.c>
#pragma clang section bss="" data=""

#define HOOK(row, name) { (name), FN_##row },
const struct tree_hook tree_hooks_page_io[] = { TREE_HOOKS };
const unsigned int tree_nr_hooks_page_io = ARRAY_SIZE(tree_hooks_page_io);

#if API_SIO_POOL
void **const tree_sio_pool = (void **)&sio_pool;
#else
void **const tree_sio_pool = NULL;
#endif
