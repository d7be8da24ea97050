/* SPDX-License-Identifier: GPL-2.0-only */
/* The type; the rest is the tree's linux/swapops.h. */
#ifndef _KERNEL_SWAP_ENTRY_H
#define _KERNEL_SWAP_ENTRY_H

#include <kernel/types.h>

typedef struct { unsigned long val; } swp_entry_t;

#endif /* _KERNEL_SWAP_ENTRY_H */
