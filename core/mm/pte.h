/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page-table entries: none, present(pfn, page of the folio, writable), or a swap entry.
 * Written under the PTL; read without it as a hint.
 */
#ifndef _MM_PTE_H
#define _MM_PTE_H

#include <kernel/folio.h>

typedef struct { unsigned long val; } pte_t;

#define PTE_PRESENT	0x1UL
#define PTE_SWAP	0x2UL
#define PTE_WRITE	0x4UL
#define PTE_PAGE_SHIFT	4
#define PTE_PAGE_MASK	0x3ffUL
#define PTE_PFN_SHIFT	16
#define PTE_OFFSET_SHIFT 4
#define PTE_TYPE_SHIFT	58

static inline pte_t pte_none_val(void)
{
	return (pte_t){ 0 };
}

static inline bool pte_none(pte_t pte)
{
	return !pte.val;
}

static inline bool pte_present(pte_t pte)
{
	return pte.val & PTE_PRESENT;
}

static inline bool pte_write(pte_t pte)
{
	return pte.val & PTE_WRITE;
}

static inline bool pte_is_swap(pte_t pte)
{
	return pte.val & PTE_SWAP;
}

static inline bool pte_same(pte_t a, pte_t b)
{
	return a.val == b.val;
}

static inline pte_t mk_pte(struct folio *folio, unsigned int page, bool write)
{
	return (pte_t){ folio_pfn(folio) << PTE_PFN_SHIFT |
			(unsigned long)page << PTE_PAGE_SHIFT |
			(write ? PTE_WRITE : 0) | PTE_PRESENT };
}

static inline struct folio *pte_folio(pte_t pte)
{
	return pfn_folio(pte.val >> PTE_PFN_SHIFT);
}

static inline unsigned int pte_page(pte_t pte)
{
	return pte.val >> PTE_PAGE_SHIFT & PTE_PAGE_MASK;
}

static inline pte_t pte_wrprotect(pte_t pte)
{
	return (pte_t){ pte.val & ~PTE_WRITE };
}

static inline pte_t pte_mkwrite(pte_t pte)
{
	return (pte_t){ pte.val | PTE_WRITE };
}

static inline pte_t swp_entry_to_pte(swp_entry_t entry)
{
	return (pte_t){ (unsigned long)swp_type(entry) << PTE_TYPE_SHIFT |
			swp_offset(entry) << PTE_OFFSET_SHIFT | PTE_SWAP };
}

static inline swp_entry_t pte_to_swp_entry(pte_t pte)
{
	unsigned long offset = pte.val & ((1UL << PTE_TYPE_SHIFT) - 1);

	return swp_entry(pte.val >> PTE_TYPE_SHIFT, offset >> PTE_OFFSET_SHIFT);
}

#endif /* _MM_PTE_H */
