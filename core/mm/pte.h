/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page-table entries, in the shape of an architecture's asm/pgtable.h: none, present (page,
 * writable), or a swap entry. Written under the PTL; read without it as a hint.
 */
#ifndef _MM_PTE_H
#define _MM_PTE_H

#include <kernel/atomic.h>
#include <kernel/folio.h>

typedef struct { unsigned long val; } pte_t;
typedef struct { unsigned long pgprot; } pgprot_t;
#define __pte(x) ((pte_t){ x })
#define __pgprot(x) ((pgprot_t){ x })

#define PTE_PRESENT	0x1UL
#define PTE_SWAP	0x2UL
#define PTE_WRITE	0x4UL
#define PTE_SWP_EXCLUSIVE 0x8UL		/* of a swap entry: the page was this PTE's alone, and is so still */
#define PTE_PAGE_SHIFT	4
#define PTE_PAGE_MASK	0x3ffUL
#define PTE_PFN_SHIFT	16
#define PTE_OFFSET_SHIFT 4
#define PTE_TYPE_SHIFT	58

/* What a private anonymous mapping maps with: a store makes the PTE writable. */
#define PAGE_COPY	__pgprot(PTE_PRESENT)

struct vm_area_struct;

static inline pte_t ptep_get(const pte_t *ptep)
{
	return __pte(READ_ONCE(ptep->val));
}

static inline void set_pte(pte_t *ptep, pte_t pte)
{
	WRITE_ONCE(ptep->val, pte.val);
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

static inline bool pte_same(pte_t a, pte_t b)
{
	return a.val == b.val;
}

static inline pte_t pte_wrprotect(pte_t pte)
{
	return __pte(pte.val & ~PTE_WRITE);
}

static inline pte_t pte_mkwrite(pte_t pte, const struct vm_area_struct *vma)
{
	return __pte(pte.val | PTE_WRITE);
}

static inline pte_t mk_pte(const struct page *page, pgprot_t prot)
{
	struct folio *folio = page_folio(page);

	return __pte(folio_pfn(folio) << PTE_PFN_SHIFT |
		     folio_page_idx(folio, page) << PTE_PAGE_SHIFT | prot.pgprot);
}

static inline struct folio *pte_folio(pte_t pte)
{
	return pfn_folio(pte.val >> PTE_PFN_SHIFT);
}

/* Which page of pte_folio() it maps. */
static inline unsigned int pte_page_idx(pte_t pte)
{
	return pte.val >> PTE_PAGE_SHIFT & PTE_PAGE_MASK;
}

static inline struct page *pte_page(pte_t pte)
{
	return folio_page(pte_folio(pte), pte_page_idx(pte));
}

/* How the architecture packs a swap entry: <mm/swapops.h> converts. */
static inline swp_entry_t __swp_entry(unsigned long type, unsigned long offset)
{
	return (swp_entry_t){ type << PTE_TYPE_SHIFT | offset << PTE_OFFSET_SHIFT };
}

static inline unsigned long __swp_type(swp_entry_t arch_entry)
{
	return arch_entry.val >> PTE_TYPE_SHIFT;
}

static inline unsigned long __swp_offset(swp_entry_t arch_entry)
{
	return (arch_entry.val & ((1UL << PTE_TYPE_SHIFT) - 1)) >> PTE_OFFSET_SHIFT;
}

static inline swp_entry_t __pte_to_swp_entry(pte_t pte)
{
	return (swp_entry_t){ pte.val & ~((1UL << PTE_OFFSET_SHIFT) - 1) };
}

static inline pte_t __swp_entry_to_pte(swp_entry_t arch_entry)
{
	return __pte(arch_entry.val | PTE_SWAP);
}

static inline bool pte_swp_exclusive(pte_t pte)
{
	return pte.val & PTE_SWP_EXCLUSIVE;
}

static inline pte_t pte_swp_mkexclusive(pte_t pte)
{
	return __pte(pte.val | PTE_SWP_EXCLUSIVE);
}

static inline pte_t pte_swp_clear_exclusive(pte_t pte)
{
	return __pte(pte.val & ~PTE_SWP_EXCLUSIVE);
}

#endif /* _MM_PTE_H */
