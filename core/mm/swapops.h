/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Swap entries in PTEs (linux/swapops.h, linux/leafops.h). With a kernel tree these are the
 * tree's own.
 */
#ifndef _MM_SWAPOPS_H
#define _MM_SWAPOPS_H

#include "pte.h"

typedef swp_entry_t softleaf_t;

static inline pte_t swp_entry_to_pte(swp_entry_t entry)
{
	return __swp_entry_to_pte(__swp_entry(swp_type(entry), swp_offset(entry)));
}

/* The entry of a PTE that is neither none nor present. */
static inline softleaf_t softleaf_from_pte(pte_t pte)
{
	swp_entry_t arch_entry = __pte_to_swp_entry(pte);

	return swp_entry(__swp_type(arch_entry), __swp_offset(arch_entry));
}

#endif /* _MM_SWAPOPS_H */
