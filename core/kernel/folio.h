/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Folios: descriptors in a type-stable arena (the memmap): never returned to malloc, a stale
 * pointer always points to some folio. Implemented in core/mm/folio.c.
 *
 * References (SPEC 17.0): allocation 1, each present PTE 1, the swap cache nr, each task
 * that works on it 1. Freed at 0, asserting: not swapcache, not mapped, not locked.
 */
#ifndef _KERNEL_FOLIO_H
#define _KERNEL_FOLIO_H

#include <kernel/bitops.h>
#include <kernel/bug.h>
#include <kernel/gfp.h>
#include <kernel/list.h>
#include <kernel/swap_entry.h>
#include <kernel/wait.h>

enum folio_flag {
	PG_locked,
	PG_uptodate,
	PG_dirty,
	PG_writeback,
	PG_swapbacked,
	PG_swapcache,
	PG_anon,
	PG_lru,
	PG_readahead,
	PG_workingset,			/* a tree: its reads are memory stalls */
	PG_deferred,			/* a tree: its cgroup has memory for the list of those that may be split */
	PG_free,			/* it has no user: who looks at it holds nothing that keeps it */
};

struct anon_family;			/* core/mm: the mms related by fork */

struct folio {
	unsigned long flags;		/* bits of enum folio_flag; atomic */
	atomic_t _refcount;
	atomic_t _mapcount;		/* number of PTEs that map a page of it */
	unsigned int _order;		/* written under the folio lock; relaxed atomic */
	swp_entry_t swap;		/* folio lock (+ ci->lock) */
	unsigned short memcg;		/* core/mm: the cgroup charged for it; 0: none */
	bool exclusive;			/* folio lock; a tree: the page that is being mapped is the mm's alone */
	struct anon_family *family;	/* folio lock; with index the reverse map */
	unsigned long index;		/* va (page number) of the first page */
	unsigned long *content;		/* core/mm: one word per page, relaxed atomics */
	struct list_head lru;		/* core/mm: free list of the arena */
};

extern struct folio *memmap;		/* pfn = index */
extern unsigned long max_pfn;

static inline unsigned long folio_pfn(const struct folio *folio)
{
	return folio - memmap;
}

static inline struct folio *pfn_folio(unsigned long pfn)
{
	return memmap + pfn;
}

/*
 * A page of a folio has no struct of its own: the pointer is a name for (pfn of the folio,
 * index), and only these look into it.
 */
struct page;
#define __PAGE_TAG (0xfaUL << 56)

static inline struct page *folio_page(const struct folio *folio, unsigned long n)
{
	return (struct page *)(__PAGE_TAG | folio_pfn(folio) << 10 | n);
}

static inline struct folio *page_folio(const struct page *page)
{
	return pfn_folio(((unsigned long)page & ~__PAGE_TAG) >> 10);
}

static inline unsigned long folio_page_idx(const struct folio *folio, const struct page *page)
{
	return (unsigned long)page & 1023;
}

/*
 * What free_pages_and_swap_cache() takes: pages, each with flags (linux/mm_types.h). With
 * ENCODED_PAGE_BIT_NR_PAGES_NEXT the next element is a number instead: of pages, from this one on.
 */
struct encoded_page;
#define ENCODED_PAGE_BIT_NR_PAGES_NEXT 1UL
#define __ENCODED_PAGE_SHIFT 55		/* above each pfn, below the tag */

static inline struct encoded_page *encode_page(struct page *page, unsigned long flags)
{
	return (struct encoded_page *)((unsigned long)page | flags << __ENCODED_PAGE_SHIFT);
}

static inline unsigned long encoded_page_flags(const struct encoded_page *page)
{
	return (unsigned long)page >> __ENCODED_PAGE_SHIFT & ENCODED_PAGE_BIT_NR_PAGES_NEXT;
}

static inline struct page *encoded_page_ptr(const struct encoded_page *page)
{
	return (struct page *)((unsigned long)page & ~(ENCODED_PAGE_BIT_NR_PAGES_NEXT << __ENCODED_PAGE_SHIFT));
}

static inline struct encoded_page *encode_nr_pages(unsigned long nr)
{
	return (struct encoded_page *)nr;
}

static inline unsigned long encoded_nr_pages(const struct encoded_page *page)
{
	return (unsigned long)page;
}

void __noreturn folio_used_free(const struct folio *folio);

/* Fails if the folio is free. Not a scheduling point. */
static inline void folio_used(const struct folio *folio)
{
	if (unlikely(__atomic_load_n(&folio->flags, __ATOMIC_RELAXED) >> PG_free & 1))
		folio_used_free(folio);
}

#define __FOLIO_FLAG(name)								\
static inline bool folio_test_##name(const struct folio *folio)				\
{											\
	bool set = test_bit(PG_##name, &folio->flags);					\
											\
	folio_used(folio);								\
	return set;									\
}											\
static inline void folio_set_##name(struct folio *folio)				\
{											\
	set_bit(PG_##name, &folio->flags);						\
	folio_used(folio);								\
}											\
static inline void folio_clear_##name(struct folio *folio)				\
{											\
	clear_bit(PG_##name, &folio->flags);						\
	folio_used(folio);								\
}
__FOLIO_FLAG(locked)
__FOLIO_FLAG(dirty)
__FOLIO_FLAG(swapbacked)
__FOLIO_FLAG(swapcache)
__FOLIO_FLAG(anon)
__FOLIO_FLAG(lru)
__FOLIO_FLAG(readahead)

/* From now on a scan of memory finds it. */
static inline void folio_add_lru(struct folio *folio)
{
	folio_set_lru(folio);
}

/* Order: acquire; pairs with folio_end_writeback(): the I/O on the slot is over. */
static inline bool folio_test_writeback(const struct folio *folio)
{
	bool set = test_bit_acquire(PG_writeback, &folio->flags);

	folio_used(folio);
	return set;
}

static inline void folio_set_writeback(struct folio *folio)
{
	set_bit(PG_writeback, &folio->flags);
	folio_used(folio);
}

/* Order: acquire; pairs with folio_mark_uptodate(): the content is there. */
static inline bool folio_test_uptodate(const struct folio *folio)
{
	bool set = test_bit_acquire(PG_uptodate, &folio->flags);

	folio_used(folio);
	return set;
}

static inline bool folio_test_clear_dirty(struct folio *folio)
{
	bool set = test_and_clear_bit(PG_dirty, &folio->flags);

	folio_used(folio);
	return set;
}

static inline void folio_mark_dirty(struct folio *folio)
{
	set_bit(PG_dirty, &folio->flags);
	folio_used(folio);
}

/* Order: release; pairs with folio_test_uptodate(). */
static inline void folio_mark_uptodate(struct folio *folio)
{
	machine_point(POINT_ATOMIC_RMW, &folio->flags);
	machine_store_release(&folio->flags);
	__atomic_fetch_or(&folio->flags, BIT(PG_uptodate), __ATOMIC_RELEASE);
	folio_used(folio);
}

static inline unsigned int folio_order(const struct folio *folio)
{
	unsigned int order = READ_ONCE(folio->_order);

	folio_used(folio);
	return order;
}

static inline unsigned long folio_nr_pages(const struct folio *folio)
{
	return 1UL << folio_order(folio);
}

static inline bool folio_test_large(const struct folio *folio)
{
	return folio_order(folio) != 0;
}

static inline int folio_ref_count(const struct folio *folio)
{
	return atomic_read(&folio->_refcount);
}

static inline bool folio_mapped(const struct folio *folio)
{
	return atomic_read(&folio->_mapcount) > 0;
}

static inline void folio_ref_add(struct folio *folio, int nr)
{
	atomic_add(nr, &folio->_refcount);
}

/* The caller keeps at least one reference of its own. */
static inline void folio_ref_sub(struct folio *folio, int nr)
{
	int left = atomic_sub_return(nr, &folio->_refcount);

	VM_BUG_ON(left <= 0);
}

static inline void folio_get(struct folio *folio)
{
	int refs = atomic_inc_return(&folio->_refcount);

	VM_BUG_ON(refs <= 1);
}

/* Order: acquire on success. Return: false for a free or frozen folio. */
static inline bool folio_try_get(struct folio *folio)
{
	return atomic_inc_not_zero(&folio->_refcount);
}

/* Drops a reference and frees the folio with the last one. Order: release. */
void folio_put(struct folio *folio);
void folio_put_refs(struct folio *folio, int refs);

/* From exactly @expected to 0. Order: full on success. Return: false if it differs. */
static inline bool folio_ref_freeze(struct folio *folio, int expected)
{
	int old = expected;

	return atomic_try_cmpxchg(&folio->_refcount, &old, 0);
}

/* Order: release; pairs with folio_try_get(). */
static inline void folio_ref_unfreeze(struct folio *folio, int refs)
{
	atomic_set_release(&folio->_refcount, refs);
}

/*
 * The folio lock: a bit with a wait queue, not an owner lock. It may be handed to I/O and
 * released by another task.
 */
void __folio_lock(struct folio *folio, unsigned int lock_flags, const char *site);
bool __folio_trylock(struct folio *folio, const char *site);
void __folio_unlock(struct folio *folio, const char *site);
#define folio_lock(folio) __folio_lock(folio, 0, CODE_SITE)
#define folio_lock_nested(folio) __folio_lock(folio, LOCK_NESTED, CODE_SITE)
/* A folio that no other task can see yet: taken without waiting and without a lock-order edge. */
#define folio_lock_new(folio) __folio_lock(folio, LOCK_NO_EDGE, CODE_SITE)
#define folio_trylock(folio) __folio_trylock(folio, CODE_SITE)
#define folio_unlock(folio) __folio_unlock(folio, CODE_SITE)
void folio_wait_writeback(struct folio *folio);
void folio_start_writeback(struct folio *folio);
void folio_end_writeback(struct folio *folio);

/*
 * One reference, order set, no flags, content 0. May fail (site ALLOC_FOLIO) and, with
 * __GFP_DIRECT_RECLAIM, sleep. Return: the folio, not locked, or NULL.
 */
struct folio *folio_alloc(gfp_t gfp, unsigned int order);

#endif /* _KERNEL_FOLIO_H */
