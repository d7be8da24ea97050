// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree's mm/swapfile.c as it is, and what the harness needs of its static parts. The
 * statements around it, and nothing else of ours, are seen by the tree's source.
 */
#include <linux/suspend.h>
#include <tree/mm/swap.h>
#include <prototypes.h>
#include <shim/hooks.h>
#include <tree/mm/swap_table.h>
#include <shim/hooks_table.h>
/* both back ends, whatever the size of a table is */
#undef SWP_TABLE_USE_PAGE
#define SWP_TABLE_USE_PAGE (GEOMETRY_TABLE == TABLE_PAGE)

#define TREE_FUNCTIONS_SWAPFILE
#include <prototypes.h>

#pragma clang section bss="tree_bss" data="tree_data"
#include <tree/mm/swapfile.c>
#pragma clang section bss="" data=""

#define HOOK(row, name) { (name), FN_##row },
const struct tree_hook tree_hooks_swapfile[] = { TREE_HOOKS };
const unsigned int tree_nr_hooks_swapfile = ARRAY_SIZE(tree_hooks_swapfile);

struct plist_head *const tree_swap_active_head = &swap_active_head;
struct plist_head *const tree_swap_avail_head = &swap_avail_head;
unsigned int *const tree_nr_swapfiles = &nr_swapfiles;
spinlock_t *const tree_swap_lock = &swap_lock;
spinlock_t *const tree_swap_avail_lock = &swap_avail_lock;

const struct tree_hints tree_hints = {
#if API_HINTS_SI && API_HINTS_OFFSET && API_HINTS_LOCK
	.all = &percpu_swap_cluster,
	.size = sizeof(percpu_swap_cluster),
	.si = (struct swap_info_struct **)&percpu_swap_cluster.si,
	.offset = (unsigned long *)&percpu_swap_cluster.offset,
	.nr = sizeof(percpu_swap_cluster.si) / sizeof(struct swap_info_struct *),
	.lock = &percpu_swap_cluster.lock,
#endif
};
#if API_HINTS_SI && API_HINTS_OFFSET && API_HINTS_LOCK
_Static_assert(sizeof(percpu_swap_cluster.si) == sizeof(percpu_swap_cluster.offset),
	       "a hint is a device and an offset");
#endif

bool tree_get_swap_device_info(struct swap_info_struct *si);
bool tree_get_swap_device_info(struct swap_info_struct *si)
{
	return get_swap_device_info(si);
}

struct kmem_cache *tree_table_cache(void);
struct kmem_cache *tree_table_cache(void)
{
	return swap_table_cachep;
}

/* A table in the form of a page: what folio_alloc() means in this file. */
struct folio *tree_table_alloc(gfp_t gfp)
{
	return (struct folio *)__alloc_page_tagged(sizeof(struct swap_table), gfp, ALLOC_TABLE_ATOMIC,
						   ALLOC_TYPE_TABLE);
}
