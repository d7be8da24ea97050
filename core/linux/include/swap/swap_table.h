/* SPDX-License-Identifier: GPL-2.0-only */
/* For core/check: the tree's words. */
#ifndef _SWAP_SWAP_TABLE_H
#define _SWAP_SWAP_TABLE_H

#include <swap/swap.h>
#include <tree/mm/swap_table.h>
#define SWP_TB_PFN_MARK_BITS SWAP_CACHE_PFN_MARK_BITS

#endif /* _SWAP_SWAP_TABLE_H */
