/* SPDX-License-Identifier: GPL-2.0-only */
/* The swap entry value (SPEC 1): type in the top bits below the xarray tag bit. */
#ifndef _KERNEL_SWAP_ENTRY_H
#define _KERNEL_SWAP_ENTRY_H

#include <kernel/types.h>

typedef struct { unsigned long val; } swp_entry_t;

#define MAX_SWAPFILES 8
#define SWP_TYPE_SHIFT 58
#define SWP_OFFSET_MASK ((1UL << SWP_TYPE_SHIFT) - 1)

static inline swp_entry_t swp_entry(unsigned long type, unsigned long offset)
{
	return (swp_entry_t){ (type << SWP_TYPE_SHIFT) | (offset & SWP_OFFSET_MASK) };
}

static inline unsigned int swp_type(swp_entry_t entry)
{
	return entry.val >> SWP_TYPE_SHIFT;
}

static inline unsigned long swp_offset(swp_entry_t entry)
{
	return entry.val & SWP_OFFSET_MASK;
}

#endif /* _KERNEL_SWAP_ENTRY_H */
