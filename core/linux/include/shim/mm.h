/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The address spaces and page tables of core/mm. The upper levels are folded: each of them is the
 * mm's only page table. PTEs of the model have no soft-dirty or userfaultfd bits, and always may be read.
 */
#ifndef _SHIM_MM_H
#define _SHIM_MM_H

#include <mm/mm_types.h>
#include <shim/page.h>

typedef pte_t pmd_t, pud_t, p4d_t, pgd_t;
typedef swp_entry_t softleaf_t;
#define __pmd(x) ((pmd_t){ x })
#define pmd_val(x) ((x).val)
#define pte_val(x) ((x).val)

#define pgd_offset(mm, addr) tree_pgd(mm, addr)
#define p4d_offset(pgd, addr) (pgd)
#define pud_offset(p4d, addr) (p4d)
#define pmd_offset(pud, addr) (pud)
#define pgd_addr_end(addr, end) (end)
#define p4d_addr_end(addr, end) (end)
#define pud_addr_end(addr, end) (end)
#define pmd_addr_end(addr, end) (end)
#define pgd_none_or_clear_bad(p) ((void)(p), 0)
#define p4d_none_or_clear_bad(p) ((void)(p), 0)
#define pud_none_or_clear_bad(p) ((void)(p), 0)

/*
 * Marks of a page, which its entry has, and the PTE in its place gets. Which of them an entry has is a matter of
 * its slot, not of the bits of its PTE. See state.c.
 */
enum tree_mark { MARK_SOFT_DIRTY = 1, MARK_UFFD = 2 };
bool tree_pte_marked(pte_t entry, enum tree_mark mark);
pte_t tree_pte_mark(pte_t pte, enum tree_mark mark);
#define pte_swp_soft_dirty(pte) tree_pte_marked(pte, MARK_SOFT_DIRTY)
#define pte_swp_clear_soft_dirty(pte) (pte)
#define pte_mksoft_dirty(pte) tree_pte_mark(pte, MARK_SOFT_DIRTY)
#define pte_mkold(pte) (pte)
/* what may not be read; a mark, too */
#define PAGE_NONE __pgprot(0)
#define pte_modify(pte, prot) tree_pte_modify(pte, prot)
pte_t tree_pte_modify(pte_t pte, pgprot_t prot);

/* Every second mm has an area of huge pages behind those of the model: its entries are not PTEs. */
#define is_vm_hugetlb_page(vma) ((vma)->vm_start >= (vma)->vm_mm->nr_ptes << PAGE_SHIFT)
pte_t *tree_pgd(struct mm_struct *mm, unsigned long addr);
#define check_stable_address_space(mm) 0
struct tree_vma_iterator { struct mm_struct *mm; unsigned int next; struct vm_area_struct huge; };
#define VMA_ITERATOR(vmi, m, start) struct tree_vma_iterator vmi = { .mm = (m) }
struct vm_area_struct *tree_vma_next(struct tree_vma_iterator *vmi);
/* stricter than the maple tree, which RCU readers may walk, too */
#define for_each_vma(vmi, v)							\
	for (; lockdep_assert_held(&(vmi).mm->mmap_lock), (v) = tree_vma_next(&(vmi)), (v);)
/* references, of all tasks: there is no policy */
extern long tree_policies;
#define __tree_policies_add(n) ((void)__atomic_fetch_add(&tree_policies, n, __ATOMIC_RELAXED))
/* the interleave index of an address; all areas are of one object */
#define TREE_ILX(addr) (PFN_DOWN(addr) + 64)
#define get_vma_policy(vma, addr, order, ilx)					\
	(*(ilx) = TREE_ILX(addr) >> (order), __tree_policies_add(1), (struct mempolicy *)NULL)
#define mpol_cond_put(p) ((void)(p), __tree_policies_add(-1))
#define vma_thp_gfp_mask(vma) GFP_KERNEL

#define MM_SWAPENTS STATE_SWAPENTS
#define MM_ANONPAGES STATE_ANONPAGES
#define inc_mm_counter(mm, item) ((void)(mm), tree_state_add(item, 1))
#define dec_mm_counter(mm, item) ((void)(mm), tree_state_add(item, -1))
unsigned long tree_mm_counter(const struct mm_struct *mm, int item);
#define get_mm_counter(mm, item) tree_mm_counter(mm, item)
#define ksm_might_need_to_copy(folio, vma, addr) tree_ksm_copy(folio)
struct folio *tree_ksm_copy(struct folio *folio);

typedef int rmap_t;
#define RMAP_NONE 0
#define RMAP_EXCLUSIVE 1
void tree_add_anon_rmap(struct folio *folio, unsigned long idx, struct vm_area_struct *vma,
			unsigned long addr, rmap_t flags);
void tree_add_new_anon_rmap(struct folio *folio, struct vm_area_struct *vma, unsigned long addr,
			    rmap_t flags);
void tree_folio_add_lru(struct folio *folio);
void tree_set_pte(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte);

pte_t *tree_table_map(pte_t *pte, unsigned long addr);
const pte_t *tree_table_entry(const pte_t *pte);
void tree_table_read(const pte_t *at, pte_t pte);
void tree_table_unmap(void);

#ifdef TREE_SOURCE
static inline pte_t ptep_get_lockless(const pte_t *ptep)
{
	pte_t pte = ptep_get(tree_table_entry(ptep));

	tree_table_read(ptep, pte);
	return pte;
}
/* an explicit RCU section, as the kernel's */
static inline pte_t *__pte_offset_map(pmd_t *pmd, unsigned long addr)
{
	rcu_read_lock();
	return pmd + (addr >> PAGE_SHIFT);
}
/*
 * By choice the page table has gone (a collapse, or it was empty), which ends readahead. swapoff would
 * come back to it for as long as it is so.
 */
#define pte_offset_map(pmd, addr)						\
	(__builtin_strcmp(__func__, "swap_vma_readahead") ? __pte_offset_map(pmd, addr) : \
	 should_abort() ? NULL : tree_table_map(__pte_offset_map(pmd, addr), addr))
#define pte_unmap(pte) ((void)(pte), tree_table_unmap(), rcu_read_unlock())

static inline pte_t *pte_offset_map_lock(struct mm_struct *mm, pmd_t *pmd, unsigned long addr,
					 spinlock_t **ptl)
{
	pte_t *pte = __pte_offset_map(pmd, addr);

	*ptl = &mm->ptls[(addr >> PAGE_SHIFT) >> geometry.ptl_shift];
	spin_lock(*ptl);
	return pte;
}
#define pte_unmap_unlock(pte, ptl) do { spin_unlock(ptl); pte_unmap(pte); } while (0)
#define set_pte_at(mm, addr, ptep, pte) tree_set_pte(mm, addr, ptep, pte)
#define folio_add_new_anon_rmap(folio, vma, addr, flags) \
	tree_add_new_anon_rmap(folio, vma, addr, flags)
#define folio_add_anon_rmap_pte(folio, page, vma, addr, flags) \
	tree_add_anon_rmap(folio, folio_page_idx(folio, page), vma, addr, flags)
#define folio_add_lru(folio) tree_folio_add_lru(folio)
#define folio_add_lru_vma(folio, vma) tree_folio_add_lru(folio)
#endif

/* userfaultfd's, in both of its spellings */
#define pte_swp_uffd(pte) tree_pte_marked(pte, MARK_UFFD)
#define pte_swp_clear_uffd(pte) (pte)
#define pte_mkuffd(pte) tree_pte_mark(pte, MARK_UFFD)
#define pte_swp_uffd_wp(pte) pte_swp_uffd(pte)
#define pte_swp_clear_uffd_wp(pte) pte_swp_clear_uffd(pte)
#define pte_mkuffd_wp(pte) pte_mkuffd(pte)
/* of each mm one of the areas is registered for it */
#define userfaultfd_rwp(vma) tree_vma_rwp(vma)
static inline bool tree_vma_rwp(const struct vm_area_struct *vma)
{
	return (vma->vm_mm->id + !!vma->vm_start) % 2;
}

#endif /* _SHIM_MM_H */
