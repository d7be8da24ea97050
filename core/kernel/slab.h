/* SPDX-License-Identifier: GPL-2.0-only */
/* kmalloc, slab caches and pages, on the machine's allocator. */
#ifndef _KERNEL_SLAB_H
#define _KERNEL_SLAB_H

#include <kernel/gfp.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>

/*
 * kzalloc_site() and friends name their site and type; the kernel finds them by the call
 * stack. @site is ALLOC_x_ATOMIC or its _SLEEP twin as the gfp mask says: pass the former.
 */
void *__kmalloc_tagged(size_t size, gfp_t gfp, enum alloc_site site, enum alloc_type type);
void kfree(const void *p);		/* NULL is fine */
size_t ksize(const void *p);		/* as it was asked for */
void kfree_rcu_tagged(void *p);		/* freed after a grace period */
#define kmalloc(size, gfp) __kmalloc_tagged(size, gfp, ALLOC_OTHER, ALLOC_TYPE_MISC)
#define kzalloc(size, gfp) kmalloc(size, (gfp) | __GFP_ZERO)
#define kvzalloc(size, gfp) kzalloc(size, gfp)
/* Context: may sleep, as vfree() of a large allocation may. */
#define kvfree(p) do { __might_sleep("kvfree", CODE_SITE); kfree(p); } while (0)

#define SLAB_PANIC		0x1u
/*
 * Freed objects may be handed out again at once; only their type is stable until a grace
 * period has passed. With __GFP_ZERO they are zeroed by relaxed atomic stores of longs,
 * since a late reader may look.
 */
#define SLAB_TYPESAFE_BY_RCU	0x2u

struct kmem_cache;
struct kmem_cache *kmem_cache_create(const char *name, size_t size, enum alloc_site site,
				     enum alloc_type type, unsigned int flags);
void kmem_cache_destroy(struct kmem_cache *cache);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);
#define kmem_cache_zalloc(cache, gfp) kmem_cache_alloc(cache, (gfp) | __GFP_ZERO)
void kmem_cache_free(struct kmem_cache *cache, void *p);

/*
 * A "page" of @size bytes with a descriptor that carries an rcu_head, as struct page does.
 */
struct page {
	struct rcu_head rcu_head;
	unsigned long private;
};
struct page *__alloc_page_tagged(size_t size, gfp_t gfp, enum alloc_site site,
				 enum alloc_type type);
void __free_page(struct page *page);
void *page_address(const struct page *page);
struct page *virt_to_page(const void *addr);
/* The page waits for a grace period before __free_page(): moves it to `waiting`. */
void page_account_waiting(struct page *page);
/*
 * For checks: memory of any of the kinds above that was not given back: neither to its cache, nor to a grace
 * period. @p: the object; of a page, its address. It is not malloc's again yet.
 */
bool alloc_is_live(const void *p);

#endif /* _KERNEL_SLAB_H */
