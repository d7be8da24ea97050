/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory allocation. The tree does not name the purpose of an allocation: its site (where failures
 * are injected) and type (how it is accounted) are derived from the function that allocates.
 *
 * More lenient than the kernel: the reserves are not modelled, and __GFP_IO only where clusters are discarded and
 * where folios are written.
 */
#ifndef _SHIM_SLAB_H
#define _SHIM_SLAB_H

#include <kernel/gfp.h>
#include <kernel/slab.h>

#define __GFP_IO 0x100u
#define GFP_NOIO (__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)
#undef GFP_KERNEL
#define GFP_KERNEL (GFP_NOIO | __GFP_IO)
#define GFP_NOFS GFP_KERNEL
#define GFP_HIGHUSER_MOVABLE GFP_KERNEL
#define GFP_NOWAIT (__GFP_KSWAPD_RECLAIM | __GFP_NOWARN)
#define GFP_KERNEL_ACCOUNT GFP_KERNEL
#define __GFP_ACCOUNT 0u
#define __GFP_NORETRY 0u
#define __GFP_RETRY_MAYFAIL 0u
#define __GFP_COMP 0u
#define __GFP_RECLAIM GFP_KERNEL
#define __GFP_FS 0u
#define __GFP_MEMALLOC __GFP_HIGH
#define memalloc_nofs_save() 0u
#define memalloc_nofs_restore(flags) ((void)(flags))
/* Until then the task's allocations start no I/O. Nests. */
unsigned int tree_noio_save(void);
void tree_noio_restore(unsigned int before);
#define memalloc_noio_save() tree_noio_save()
#define memalloc_noio_restore(flags) tree_noio_restore(flags)

/**
 * tree_kalloc - an allocation of the tree
 * @size: bytes
 * @gfp: the tree's flags
 * @func: the function that allocates; @func and @what determine site and type
 * @what: the object, as the source names it
 *
 * Context: may sleep if @gfp says so. Return: the memory, or NULL.
 */
void *tree_kalloc(size_t size, gfp_t gfp, const char *func, const char *what);
#define __TREE_GFP(a, b, ...) b
#define TREE_GFP(...) __TREE_GFP(0, ##__VA_ARGS__, GFP_KERNEL)
#define kmalloc_obj(x, ...) \
	((__typeof__(x) *)tree_kalloc(sizeof(x), TREE_GFP(__VA_ARGS__), __func__, #x))
#define kzalloc_obj(x, ...) \
	((__typeof__(x) *)tree_kalloc(sizeof(x), TREE_GFP(__VA_ARGS__) | __GFP_ZERO, __func__, #x))
#define kvzalloc_obj(x, ...) kzalloc_obj(x, ##__VA_ARGS__)
#define kvzalloc_objs(x, n, ...) \
	((__typeof__(x) *)tree_kalloc(sizeof(x) * (n), TREE_GFP(__VA_ARGS__) | __GFP_ZERO, \
				      __func__, #x))
#define kvmalloc(size, gfp) kmalloc(size, gfp)
#define kcalloc(n, size, gfp) kzalloc(array_size(n, size), gfp)
#define kvcalloc(n, size, gfp) kcalloc(n, size, gfp)
#define kmalloc_array(n, size, gfp) kmalloc(array_size(n, size), gfp)
#define kvmalloc_array(n, size, gfp) kmalloc_array(n, size, gfp)
#define vmalloc(size) kmalloc(size, GFP_KERNEL)
#define vzalloc(size) kzalloc(size, GFP_KERNEL)
#define vfree(p) kvfree(p)
#define kfree_sensitive(p) kfree(p)
#ifdef TREE_SOURCE
#undef kzalloc
#undef kvzalloc
#define kzalloc(size, gfp) tree_kalloc(size, (gfp) | __GFP_ZERO, __func__, #size)
#define kvzalloc(size, gfp) kzalloc(size, gfp)
#undef kmalloc
#define kmalloc(size, gfp) tree_kalloc(size, gfp, __func__, #size)
#define kmalloc_objs(x, n, ...) \
	((__typeof__(x) *)tree_kalloc(sizeof(x) * (n), TREE_GFP(__VA_ARGS__), __func__, #x))
#define kzalloc_objs(x, n, ...) kvzalloc_objs(x, n, ##__VA_ARGS__)
#define kvmalloc_obj(x, ...) kmalloc_obj(x, ##__VA_ARGS__)
#define kvmalloc_objs(x, n, ...) kmalloc_objs(x, n, ##__VA_ARGS__)
#define kzalloc_flex(x, member, n, ...) \
	((__typeof__(x) *)tree_kalloc(struct_size(&(x), member, n), TREE_GFP(__VA_ARGS__) | __GFP_ZERO, __func__, #x))
#define SLAB_ACCOUNT 0u
#define SLAB_HWCACHE_ALIGN 0u
#define SLAB_RECLAIM_ACCOUNT 0u
/* of tables, and of whatever else a patch has */
#define kmem_cache_create(name, size, align, flags, ctor) ({			\
	bool __is_table = !__builtin_strcmp(name, "swap_table");		\
	(kmem_cache_create)(name, size, __is_table ? ALLOC_TABLE_ATOMIC : ALLOC_OTHER, \
			    __is_table ? ALLOC_TYPE_TABLE : ALLOC_TYPE_MISC, flags); \
})
#define KMEM_CACHE(type, flags) kmem_cache_create(#type, sizeof(struct type), 0, flags, NULL)
#endif

/* --- what only patches use ---------------------------------------------------------------------- */

/* one node */
#define kmalloc_node(size, gfp, node) ((void)(node), kmalloc(size, gfp))
#define kzalloc_node(size, gfp, node) ((void)(node), kzalloc(size, gfp))
#define kcalloc_node(n, size, gfp, node) ((void)(node), kcalloc(n, size, gfp))
#define kvmalloc_node(size, gfp, node) kmalloc_node(size, gfp, node)
#define kvzalloc_node(size, gfp, node) kzalloc_node(size, gfp, node)
#define kmem_cache_alloc_node(cache, gfp, node) ((void)(node), kmem_cache_alloc(cache, gfp))
#define kmemdup(from, size, gfp) ({						\
	size_t __size = (size);							\
	void *__copy = kmalloc(__size, gfp);					\
	if (__copy)								\
		memcpy(__copy, from, __size);					\
	__copy;									\
})
/* stricter: always moves */
#define krealloc(p, size, gfp) ({						\
	void *__from = (void *)(p);						\
	size_t __size = (size);							\
	void *__to = kmalloc(__size, gfp);					\
	if (__from && __to) {							\
		memcpy(__to, __from, min(__size, ksize(__from)));		\
		kfree(__from);							\
	}									\
	__to;									\
})
#define krealloc_array(p, n, size, gfp) krealloc(p, array_size(n, size), gfp)
#define kvrealloc(p, size, gfp) krealloc(p, size, gfp)
/* of kmalloc()'s memory only; the field is the kernel's way to remember it */
#define kfree_rcu(p, field) do {						\
	__typeof__(p) __rcu_p = (p);						\
	(void)sizeof(__rcu_p->field);						\
	if (__rcu_p)								\
		kfree_rcu_tagged((void *)__rcu_p);				\
} while (0)
#define kvfree_rcu(p, field) kfree_rcu(p, field)
#define kfree_rcu_mightsleep(p) do {						\
	void *__rcu_p = (void *)(p);						\
	might_sleep();								\
	if (__rcu_p)								\
		kfree_rcu_tagged(__rcu_p);					\
} while (0)
#define kvfree_rcu_mightsleep(p) kfree_rcu_mightsleep(p)
#define kmem_cache_free_bulk(cache, nr, objs) do {				\
	size_t __bulk_nr = (nr);						\
	void **__objs = (objs);							\
	while (__bulk_nr--)							\
		kmem_cache_free(cache, __objs[__bulk_nr]);			\
} while (0)
/* Return: how many, all or none. */
#define kmem_cache_alloc_bulk(cache, gfp, nr, objs) ({				\
	size_t __wanted = (nr), __got;						\
	void **__into = (objs);							\
	for (__got = 0; __got < __wanted; __got++)				\
		if (!(__into[__got] = kmem_cache_alloc(cache, gfp)))		\
			break;							\
	if (__got < __wanted) {							\
		kmem_cache_free_bulk(cache, __got, __into);			\
		__got = 0;							\
	}									\
	(int)__got;								\
})
/* a page with a descriptor of its own, which is no folio */
#define alloc_pages(gfp, order) \
	__alloc_page_tagged(PAGE_SIZE << (order), gfp, ALLOC_OTHER, ALLOC_TYPE_MISC)
#define alloc_page(gfp) alloc_pages(gfp, 0)
#define __free_pages(page, order) ((void)(order), __free_page(page))
#define __get_free_pages(gfp, order) ({						\
	struct page *__own = alloc_pages(gfp, order);				\
	__own ? (unsigned long)page_address(__own) : 0UL;			\
})
#define __get_free_page(gfp) __get_free_pages(gfp, 0)
#define get_zeroed_page(gfp) __get_free_page((gfp) | __GFP_ZERO)
#define free_pages(addr, order) do {						\
	unsigned long __addr = (addr);						\
	if (__addr)								\
		__free_pages(virt_to_page((void *)__addr), order);		\
} while (0)
#define free_page(addr) free_pages(addr, 0)
#define might_alloc(gfp) do {							\
	if (gfpflags_allow_blocking(gfp))					\
		might_sleep();							\
} while (0)

#endif /* _SHIM_SLAB_H */
