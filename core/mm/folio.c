// SPDX-License-Identifier: GPL-2.0-only
/*
 * Folios: an arena of descriptors that is type-stable (the memmap), and their locks. Memory
 * is a budget of pages; content is allocated with each folio.
 */
#include <kernel/mutant.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include "mm.h"
#include "mm_view.h"

#define CONTENT_POISON 0xdeadUL
#define ALLOC_TRIES 32
#define MOVED_PAGES 4UL		/* of neighbours that are charged to one cgroup, by a task that moves */

struct folio *memmap;
unsigned long max_pfn;
unsigned long vm_event_states[NR_VM_EVENT_ITEMS];
long vm_node_stat[NR_VM_NODE_STAT_ITEMS];
unsigned long mthp_stats[SWAP_NR_ORDERS_MAX][__MTHP_STAT_COUNT];

static struct list_head free_folios;	/* arena_lock; last freed first: reuse shows ABA */
static long nr_free_pages;
static spinlock_t arena_lock;

static void mm_shrinker(void *arg)
{
	shrink_folios(4);
}

int mm_world_init(unsigned long pages)
{
	unsigned long pfn;

	memmap = __kmalloc_tagged(pages * sizeof(*memmap), GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL,
				  ALLOC_OTHER, ALLOC_TYPE_MISC);
	if (!memmap)
		return -ENOMEM;
	mm_lists_init();
	images_init();
	for (pfn = 0; pfn < NR_VM_NODE_STAT_ITEMS; pfn++)
		vm_node_stat[pfn] = 0;
	for (pfn = 0; pfn < NR_SWAP_IO_ITEMS; pfn++)
		vm_event_states[pfn] = 0;
	__builtin_memset(mthp_stats, 0, sizeof(mthp_stats));
	swap_io_init();
	memcg_init();
	max_pfn = pages;
	nr_free_pages = pages;
	spin_lock_init(&arena_lock);
	lockdep_set_class(&arena_lock, lock_class_leaf);
	INIT_LIST_HEAD(&free_folios);
	for (pfn = 0; pfn < pages; pfn++) {
		memmap[pfn].flags = BIT(PG_free);
		list_add_tail(&memmap[pfn].lru, &free_folios);
	}
	register_shrinker(mm_shrinker, NULL);
	return 0;
}

void mm_world_exit(void)
{
	register_shrinker(NULL, NULL);
	if (nr_free_pages != (long)max_pfn)
		harness_fail("LEAK", CODE_SITE, "%ld pages of folios are left",
			     (long)max_pfn - nr_free_pages);
	kfree(memmap);
	memmap = NULL;
	max_pfn = 0;
}

/* Takes a descriptor and, unless it is a part of a folio, its pages. */
static struct folio *arena_take(unsigned int order, bool charge)
{
	long nr = charge ? 1L << order : 0;
	struct folio *folio = NULL;

	spin_lock(&arena_lock);
	if (nr <= nr_free_pages && !list_empty(&free_folios)) {
		folio = list_first_entry(&free_folios, struct folio, lru);
		list_del(&folio->lru);
		nr_free_pages -= nr;
	}
	spin_unlock(&arena_lock);
	return folio;
}

static struct folio *folio_prepare(struct folio *folio, unsigned int order)
{
	folio->content = __kmalloc_tagged(sizeof(long) << order, __GFP_ZERO | __GFP_NOFAIL,
					  ALLOC_OTHER, ALLOC_TYPE_FOLIO);
	WRITE_ONCE(folio->_order, order);
	WRITE_ONCE(folio->flags, 0UL);
	atomic_set(&folio->_mapcount, 0);
	folio->swap.val = 0;
	folio->memcg = 0;
	folio->family = NULL;
	folio->index = 0;
	/* Order: release; pairs with folio_try_get() of a stale lookup */
	atomic_set_release(&folio->_refcount, 1);
	return folio;
}

void mm_large_failed(unsigned int order)
{
	if (order)
		trace_mm_large_failed(order);
}

struct folio *folio_alloc(gfp_t gfp, unsigned int order)
{
	struct folio *folio = NULL;
	unsigned int tries;

	alloc_may_sleep(gfp);
	if (!(gfp & __GFP_NOFAIL) && should_fail_alloc(ALLOC_FOLIO)) {
		mm_large_failed(order);
		return NULL;
	}
	for (tries = 0; tries < ALLOC_TRIES && !folio; tries++) {
		if (tries)
			alloc_may_sleep(gfp);
		folio = arena_take(order, true);
		if (!gfpflags_allow_blocking(gfp))
			break;
	}
	if (!folio) {
		trace_alloc_failed(ALLOC_FOLIO, true);
		mm_large_failed(order);
		return NULL;
	}
	return folio_prepare(folio, order);
}

struct folio *folio_alloc_part(unsigned int order)
{
	struct folio *folio = arena_take(order, false);

	if (!folio) {
		trace_alloc_failed(ALLOC_FOLIO, true);
		return NULL;
	}
	return folio_prepare(folio, order);
}

/* A part that was not needed after all: the pages it gives back were never charged. */
void folio_put_part(struct folio *folio)
{
	spin_lock(&arena_lock);
	nr_free_pages -= folio_nr_pages(folio);
	spin_unlock(&arena_lock);
	folio_put(folio);
}

void folio_free_frozen(struct folio *folio)
{
	unsigned int nr = folio_nr_pages(folio), i;

	VM_BUG_ON_FOLIO(folio_test_swapcache(folio), folio);
	VM_BUG_ON_FOLIO(folio_mapped(folio), folio);
	VM_BUG_ON_FOLIO(folio_test_locked(folio), folio);
	VM_BUG_ON_FOLIO(folio_test_writeback(folio), folio);
	for (i = 0; i < nr; i++)
		folio_set_content(folio, i, CONTENT_POISON);
	kfree(folio->content);
	folio->content = NULL;
	if (folio->family)
		family_put(folio->family);
	folio->family = NULL;
	/* not machine_store(): the flag is the harness's, and not late with weak memory */
	__atomic_fetch_or(&folio->flags, BIT(PG_free), __ATOMIC_RELAXED);
	spin_lock(&arena_lock);
	list_add(&folio->lru, &free_folios);
	nr_free_pages += nr;
	spin_unlock(&arena_lock);
}

void folio_used_free(const struct folio *folio)
{
	harness_fail("FOLIO-FREE", CODE_SITE, OBJ_FOLIO " is used, and it is free", folio_pfn(folio));
}

void folio_put_refs(struct folio *folio, int refs)
{
	int left = atomic_sub_return(refs, &folio->_refcount);

	VM_BUG_ON(left < 0);
	if (!left)
		folio_free_frozen(folio);
}

void folio_put(struct folio *folio)
{
	folio_put_refs(folio, 1);
}

void __folio_lock(struct folio *folio, unsigned int lock_flags, const char *site)
{
	lock_acquire(folio, lock_class_folio, lock_flags | LOCK_SLEEPS, site);
	wait_on_bit_lock(&folio->flags, PG_locked);
	folio_used(folio);
}

bool __folio_trylock(struct folio *folio, const char *site)
{
	if (!bit_trylock(PG_locked, &folio->flags))
		return false;
	lock_acquire(folio, lock_class_folio, LOCK_TRYLOCK, site);
	folio_used(folio);
	return true;
}

void __folio_unlock(struct folio *folio, const char *site)
{
	lock_release(folio, lock_class_folio, site);
	clear_and_wake_up_bit(PG_locked, &folio->flags);
}

void folio_wait_writeback(struct folio *folio)
{
	wait_on_bit(&folio->flags, PG_writeback);
}

void folio_start_writeback(struct folio *folio)
{
	VM_BUG_ON_FOLIO(folio_test_writeback(folio), folio);
	folio_set_writeback(folio);
}

void folio_end_writeback(struct folio *folio)
{
	VM_BUG_ON_FOLIO(!folio_test_writeback(folio), folio);
	if (mutant(WRITEBACK_RELAXED)) {
		/* deliberately broken: orders nothing */
		clear_bit(PG_writeback, &folio->flags);
		wake_up_bit(&folio->flags, PG_writeback);
	} else {
		clear_and_wake_up_bit(PG_writeback, &folio->flags);
	}
}

void folio_copy_content(struct folio *dst, unsigned int dst_page, struct folio *src,
			unsigned int src_page, unsigned int nr)
{
	while (nr--)
		folio_set_content(dst, dst_page + nr, folio_content(src, src_page + nr));
}

/*
 * Who pays for a new folio. A task that moves between cgroups leaves what was charged where it is, so that
 * neighbours in its memory, and in their slots, may be charged to different ones.
 */
static unsigned short family_memcg(const struct anon_family *family, unsigned long index)
{
	return family->moved ? 1 + (family->memcg - 1 + index / MOVED_PAGES) % NR_MEMCGS : family->memcg;
}

void folio_set_anon_family(struct folio *folio, struct anon_family *family, unsigned long index)
{
	if (folio->family) {
		/* the reverse map would not find the PTE */
		VM_BUG_ON_FOLIO(folio->family != family || folio->index != index, folio);
		return;
	}
	folio->family = family_get(family);
	folio->index = index;
	/* a folio that was read is charged by then; a new one is charged to who maps it */
	VM_BUG_ON_FOLIO(folio_test_swapcache(folio) && !folio->memcg, folio);
	if (!folio->memcg)
		folio->memcg = family_memcg(family, index);
	folio_set_anon(folio);
}

struct folio *arena_get_folio(unsigned long pfn)
{
	struct folio *folio = pfn_folio(pfn % max_pfn);

	/* what is not on the LRU yet belongs to whoever allocated it; again: it may be another now */
	if (!test_bit(PG_lru, &folio->flags) || !folio_try_get(folio))
		return NULL;
	if (folio_test_lru(folio))
		return folio;
	folio_put(folio);
	return NULL;
}

void folio_for_each(void (*fn)(struct folio *folio, void *arg), void *arg)
{
	unsigned long pfn;

	for (pfn = 0; pfn < max_pfn; pfn++)
		if (folio_ref_count(pfn_folio(pfn)))
			fn(pfn_folio(pfn), arg);
}
