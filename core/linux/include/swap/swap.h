/* SPDX-License-Identifier: GPL-2.0-only */
/* For core/mm, core/check and the engines: the tree's swap.h, and its static parts by name. */
#ifndef _SWAP_SWAP_H
#define _SWAP_SWAP_H

#include <shim/tree.h>
#undef current
#define current tree_current
#include <tree/mm/swap.h>
#if API_SWAP_IO_CTX
#include <linux/swap_ops.h>
#endif
#define API_CALLERS
#include LINUX_API
#undef API_CALLERS
#ifndef TREE_SOURCE
#undef current
#define current get_current()
#endif
#include <kernel/world.h>

#ifndef TREE_SOURCE
/* what it returns is seen by the checks: functions.c */
int tree_folio_alloc_swap(struct folio *folio);
#define folio_alloc_swap(folio) tree_folio_alloc_swap(folio)
#endif

extern struct plist_head *const tree_swap_active_head, *const tree_swap_avail_head;
extern unsigned int *const tree_nr_swapfiles;
extern spinlock_t *const tree_swap_lock, *const tree_swap_avail_lock;
#define swap_active_head (*tree_swap_active_head)
#define swap_avail_head (*tree_swap_avail_head)
#define nr_swapfiles (*tree_nr_swapfiles)
#define swap_lock (*tree_swap_lock)
#define swap_avail_lock (*tree_swap_avail_lock)

#define SWAP_USAGE_OFFLIST_BIT	(1UL << (BITS_PER_TYPE(atomic_long_t) - 2))
#define SWAP_USAGE_COUNTER_MASK	(~SWAP_USAGE_OFFLIST_BIT)

/* Has zswap pages of this device? Then faults have no large folios of it. */
bool zswap_takes(const struct swap_info_struct *si);

#define SWAP_POLICY 0			/* a tree may decide otherwise */
/* a swap file's pages may lie anywhere */
#define SWAP_FILE_EXTENTS 1

/* clang's analysis of locks is not run over a tree's build */
#define cluster_locked(ci) ((void)(ci))

#endif /* _SWAP_SWAP_H */
