/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory: sizes, pages, folios. A struct page pointer of a folio is artificial: it holds the pfn
 * of the folio and the index of the page, and is never dereferenced. A table's page is the seam's
 * (kernel/slab.h), and its folio in the tree is that page.
 *
 * More lenient than the kernel: memory is found broken only where swapoff copies it, no zones, no nodes.
 */
#ifndef _SHIM_PAGE_H
#define _SHIM_PAGE_H

#include <kernel/folio.h>
#include <kernel/geometry.h>
#include <kernel/vmstat.h>
#include <shim/slab.h>

#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PMD_SHIFT (PAGE_SHIFT + PMD_ORDER)
#define PMD_SIZE (1UL << PMD_SHIFT)
#define PMD_MASK (~(PMD_SIZE - 1))
#define PFN_DOWN(x) ((x) >> PAGE_SHIFT)
#define PAGES_TO_MB(p) ((p) >> (20 - PAGE_SHIFT))
#define totalram_pages() (1UL << 20)
#define MAX_PHYSMEM_BITS 46
/* a word has GEOMETRY_COUNT_BITS of count, a zero flag and two bits of mark: the rest is a pfn */
#define MAX_POSSIBLE_PHYSMEM_BITS (PAGE_SHIFT + 61 - GEOMETRY_COUNT_BITS)

/* a table's "folio" lies outside of the memmap */
static inline bool tree_is_table(const void *folio)
{
	return (const struct folio *)folio < memmap ||
	       (const struct folio *)folio >= memmap + max_pfn;
}

bool tree_page_broken(const struct page *page);
#define PageHWPoison(p) tree_page_broken(p)
#define PageLocked(p) true
#define page_to_pfn(p) ((unsigned long)(p))
#define pfn_to_page(p) ((struct page *)(unsigned long)(p))

struct address_space;
struct folio *tree_table_alloc(gfp_t gfp);
void tree_folio_put(struct folio *folio);
void tree_folio_set_locked(struct folio *folio, const char *site);
struct folio *tree_folio_alloc(gfp_t gfp, unsigned int order);
/* Is memory taken at the interleave index of the page that is swapped in ("NUMA")? */
void tree_judge_ilx(unsigned long ilx);
void tree_judge_area(const struct vm_area_struct *vma, unsigned long addr, unsigned int order);
#ifdef TREE_SOURCE
static inline struct page *folio_file_page(struct folio *folio, pgoff_t index)
{
	return folio_page(folio, index & (folio_nr_pages(folio) - 1));
}
/* folio_page() and page_folio() of a table's page are the identity */
static inline struct page *tree_folio_page(struct folio *folio, unsigned long n)
{
	return tree_is_table(folio) ? (struct page *)folio : folio_page(folio, n);
}
static inline struct folio *tree_page_folio(const struct page *page)
{
	return (unsigned long)page >> 56 == __PAGE_TAG >> 56 ? page_folio(page) : (struct folio *)page;
}
#define folio_page(f, n) tree_folio_page(f, n)
#define page_folio(p) tree_page_folio(p)
#define folio_alloc(gfp, order) tree_table_alloc(gfp)
#define folio_address(f) page_address((struct page *)(f))
#define virt_to_folio(t) ((struct folio *)virt_to_page(t))
#define folio_put(f) tree_folio_put(f)
#define __folio_set_locked(f) tree_folio_set_locked(f, CODE_SITE)
#define __folio_set_swapbacked(f) folio_set_swapbacked(f)
#define migrate_folio tree_migrate_folio
int tree_migrate_folio(struct address_space *mapping, struct folio *dst, struct folio *src,
		       int mode);
bool noop_dirty_folio(struct address_space *mapping, struct folio *folio);
#endif
bool tree_readahead_found(struct folio *folio);
void tree_readahead_marked(void);
#define folio_test_clear_readahead(f) tree_readahead_found(f)
#define folio_set_readahead(f) (set_bit(PG_readahead, &(f)->flags), folio_used(f), tree_readahead_marked())
#define is_huge_zero_folio(f) false
#define numa_node_id() 0
#define folio_alloc_mpol(gfp, order, mpol, ilx, nid) (tree_judge_ilx(ilx), tree_folio_alloc(gfp, order))
#define vma_alloc_folio(gfp, order, vma, addr) (tree_judge_area(vma, addr, order), tree_folio_alloc(gfp, order))
/* What a large folio is not worth; a page is. */
#define thp_shmem_limit_gfp_mask(a, gfp) ((gfp) & ~__GFP_DIRECT_RECLAIM)
#define highest_order(orders) ((int)(63 - __builtin_clzl(orders)))
static inline int next_order(unsigned long *orders, int prev)
{
	*orders &= ~BIT(prev);
	return *orders ? highest_order(*orders) : 0;
}

/* statistics */
#define global_node_page_state(item) 0UL
#define global_zone_page_state(item) 0UL
void tree_refault(struct folio *folio, void *shadow);
#define workingset_refault(folio, shadow) tree_refault(folio, shadow)

/* what free_pages_and_swap_cache() puts at once; smaller than the kernel's 31, to be full at times */
#define FOLIO_BATCH_SIZE 4
struct folio_batch {
	unsigned int nr;
	struct folio *folios[FOLIO_BATCH_SIZE];
};
#define folio_batch_init(b) ((b)->nr = 0)
#define folio_batch_add(b, f) ((b)->folios[(b)->nr++] = (f), FOLIO_BATCH_SIZE - (b)->nr)
static inline void folios_put_refs(struct folio_batch *b, unsigned int *refs)
{
	for (unsigned int i = 0; i < b->nr; i++)
		folio_put_refs(b->folios[i], refs ? refs[i] : 1);
	b->nr = 0;
}

#endif /* _SHIM_PAGE_H */
