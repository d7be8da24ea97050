/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory allocation. The tree does not name the purpose of an allocation: its site (where failures
 * are injected) and type (how it is accounted) are derived from the function that allocates.
 *
 * More lenient than the kernel: __GFP_IO and the reserves are not modelled.
 */
#ifndef _SHIM_SLAB_H
#define _SHIM_SLAB_H

#include <kernel/gfp.h>
#include <kernel/slab.h>

#define __GFP_IO 0x100u
#define GFP_NOIO GFP_KERNEL
#define GFP_HIGHUSER_MOVABLE GFP_KERNEL

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
#ifdef TREE_SOURCE
#undef kzalloc
#undef kvzalloc
#define kzalloc(size, gfp) tree_kalloc(size, (gfp) | __GFP_ZERO, __func__, #size)
#define kvzalloc(size, gfp) kzalloc(size, gfp)
#define kvcalloc(n, size, gfp) kzalloc((n) * (size), gfp)
#define bitmap_zalloc(bits, gfp) ((unsigned long *)kzalloc(BITS_TO_LONGS(bits) * sizeof(long), gfp))
#define kmem_cache_create(name, size, align, flags, ctor) \
	(kmem_cache_create)(name, size, ALLOC_TABLE_ATOMIC, ALLOC_TYPE_TABLE, flags)
#endif

#endif /* _SHIM_SLAB_H */
