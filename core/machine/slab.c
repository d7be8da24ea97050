// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slab caches. Objects of a SLAB_TYPESAFE_BY_RCU cache are handed out again at once, last
 * freed first; their memory goes back to malloc when the cache has more free ones than it
 * should, after a grace period. Until then they are not poisoned for ASan, or correct readers
 * would be reported.
 *
 * Built without instrumentation, as alloc.c is: their locks must not order tasks. What a slab does
 * order, an object's free before its next use, is said by a token per object.
 */
#include <stdlib.h>
#include <string.h>

#include <kernel/bug.h>
#include <machine/alloc.h>
#include <machine/tsan.h>

bool slab_alloc_begin(enum alloc_site site, gfp_t gfp);
void slab_account(enum alloc_type type, long bytes, long objects, long waiting);

#define SLAB_FREE_MAX 8			/* more free objects than this go back to malloc */

struct slab_obj {
	struct alloc_link link;
	struct slab_obj *next;		/* in the free list */
	struct kmem_cache *cache;
	struct rcu_head head;
	bool live;
	unsigned long generation;	/* how often it was handed out */
};

#define SLAB_OBJ_SIZE 128
_Static_assert(sizeof(struct slab_obj) + sizeof(long) <= SLAB_OBJ_SIZE, "alloc_set_live() has a word");

struct kmem_cache {
	struct alloc_link link;
	const char *name;
	size_t size;
	enum alloc_site site;
	enum alloc_type type;
	unsigned int flags;
	struct slab_obj *free;		/* machine lock */
	unsigned int nr_free;
	long nr_live, nr_waiting;
};

struct kmem_cache *kmem_cache_create(const char *name, size_t size, enum alloc_site site,
				     enum alloc_type type, unsigned int flags)
{
	struct kmem_cache *cache = calloc(1, sizeof(*cache));

	_Static_assert(sizeof(struct slab_obj) <= SLAB_OBJ_SIZE, "header fits");
	if (!cache)
		return NULL;
	alloc_track(&cache->link, NULL, 0, ALLOC_TYPE_MISC);
	cache->name = name;
	cache->size = round_up(size, sizeof(long));
	cache->site = site;
	cache->type = type;
	cache->flags = flags;
	return cache;
}

static void *slab_obj_address(struct slab_obj *obj)
{
	return (char *)obj + SLAB_OBJ_SIZE;
}

static void slab_obj_release(struct slab_obj *obj)
{
	struct kmem_cache *cache = obj->cache;

	memset(slab_obj_address(obj), 0x6b, cache->size);
	machine_slab_taken(slab_obj_address(obj));
	alloc_untrack(&obj->link);
	machine_free(obj, obj, SLAB_OBJ_SIZE + cache->size);
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	struct slab_obj *obj;

	rcu_barrier();
	if (cache->nr_live)
		harness_fail("LEAK", CODE_SITE, "%ld objects of %s left", cache->nr_live,
			     cache->name);
	while ((obj = cache->free)) {
		cache->free = obj->next;
		slab_obj_release(obj);
	}
	alloc_untrack(&cache->link);
	free(cache);
}

static struct slab_obj *slab_obj_take(struct kmem_cache *cache)
{
	struct slab_obj **pos = &cache->free, *obj;
	unsigned int nth;

	if (!cache->free)
		return NULL;
	for (nth = machine_slab_choice(cache->nr_free); nth; nth--)
		pos = &(*pos)->next;
	obj = *pos;
	*pos = obj->next;
	cache->nr_free--;
	return obj;
}

void slab_take_back(struct alloc_link *link)
{
	struct slab_obj *obj = container_of(link, struct slab_obj, link);

	slab_account(obj->cache->type, -(long)obj->cache->size, -1, 0);
	obj->cache->nr_live--;
	slab_obj_release(obj);
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	struct slab_obj *obj;
	unsigned long *words;
	size_t i;

	if (!slab_alloc_begin(cache->site, gfp))
		return NULL;
	machine_lock();
	obj = slab_obj_take(cache);
	cache->nr_live++;
	machine_unlock();

	if (!obj) {
		obj = calloc(1, SLAB_OBJ_SIZE + cache->size);
		if (!obj) {
			machine_lock();
			cache->nr_live--;
			machine_unlock();
			return NULL;
		}
		alloc_track(&obj->link, slab_obj_address(obj), cache->size, cache->type);
		obj->link.slab = true;
		obj->cache = cache;
		/* what is recycled is what it was: its readers know that */
		machine_fresh(slab_obj_address(obj), cache->size);
	} else {
		machine_slab_taken(slab_obj_address(obj));
		tsan_acquire(obj);
	}
	if (gfp & __GFP_ZERO) {
		/* recycled: a reader of its former life may be looking */
		words = slab_obj_address(obj);
		for (i = 0; i < cache->size / sizeof(*words); i++)
			__atomic_store_n(&words[i], 0, __ATOMIC_RELAXED);
	}
	obj->live = true;
	alloc_set_live((char *)obj + SLAB_OBJ_SIZE, true);
	obj->generation++;
	slab_account(cache->type, cache->size, 1, 0);
	return slab_obj_address(obj);
}

static void slab_release_cb(struct rcu_head *head)
{
	struct slab_obj *obj = container_of(head, struct slab_obj, head);

	machine_lock();
	obj->cache->nr_waiting--;
	machine_unlock();
	slab_obj_release(obj);
}

void kmem_cache_free(struct kmem_cache *cache, void *p)
{
	struct slab_obj *obj = (struct slab_obj *)((char *)p - SLAB_OBJ_SIZE);
	bool release;

	machine_point(POINT_FREE, p);
	if (!obj->live || obj->cache != cache)
		harness_fail("SLAB", CODE_SITE, "%s: an object that is not live is freed",
			     cache->name);
	slab_account(cache->type, -(long)cache->size, -1, 0);
	obj->live = false;
	alloc_set_live(p, false);
	/* whoever gets it next comes behind all that this task did */
	tsan_release(obj);
	machine_rmw(&obj->live);
	if (!(cache->flags & SLAB_TYPESAFE_BY_RCU)) {
		machine_lock();
		cache->nr_live--;
		machine_unlock();
		slab_obj_release(obj);
		return;
	}
	machine_slab_free(p, cache->size);
	machine_lock();
	cache->nr_live--;
	release = cache->nr_free >= SLAB_FREE_MAX;
	if (release) {
		cache->nr_waiting++;
	} else {
		obj->next = cache->free;
		cache->free = obj;
		cache->nr_free++;
	}
	machine_unlock();
	if (release)
		call_rcu(&obj->head, slab_release_cb);
}
