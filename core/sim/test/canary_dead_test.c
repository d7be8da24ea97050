// SPDX-License-Identifier: GPL-2.0-only
/*
 * Canaries of the controlled machine: uses of memory that was freed, at scheduling points, which must be reported
 * without a sanitizer, too; and readers of a type-safe slab, who may go on as long as their section.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <kernel/rcupdate.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include "canary.h"

struct thing {
	spinlock_t lock;
	unsigned long word;
};

static struct thing *thing;
static struct kmem_cache *cache;

/* --- kmalloc ------------------------------------------------------------------------------ */

static void read_word(void *arg)
{
	READ_ONCE(thing->word);
}

static void take_lock(void *arg)
{
	spin_lock(&thing->lock);
	spin_unlock(&thing->lock);
}

static void free_thing(void *arg)
{
	kfree(thing);
}

/* The last one of two that have had the lock frees it. */
static void put_thing(void *arg)
{
	bool last;

	spin_lock(&thing->lock);
	last = thing->word++;
	spin_unlock(&thing->lock);
	if (last)
		kfree(thing);
}

static void thing_new(void)
{
	thing = kzalloc(sizeof(*thing), GFP_KERNEL);
	thing->lock = (spinlock_t)__SPIN_LOCK_UNLOCKED(lock_class_leaf);
}

static void read_freed(void)
{
	thing_new();
	two_tasks(read_word, free_thing);
}

static void lock_freed(void)
{
	thing_new();
	two_tasks(take_lock, free_thing);
}

static void put_by_last(void)
{
	thing_new();
	two_tasks(put_thing, put_thing);
}

/* Memory of the object before is in the quarantine, and the reader has the one that is there now. */
static void read_next(void)
{
	thing_new();
	kfree(thing);
	thing_new();
	two_tasks(read_word, read_word);
	kfree(thing);
}

/* --- a type-safe slab --------------------------------------------------------------------- */

static void recycle_read(void *arg)
{
	unsigned long *p;

	rcu_read_lock();
	p = READ_ONCE(*(unsigned long **)arg);
	if (p)
		READ_ONCE(p[1]);
	rcu_read_unlock();
}

static void recycle_read_late(void *arg)
{
	unsigned long *p;

	rcu_read_lock();
	p = READ_ONCE(*(unsigned long **)arg);
	rcu_read_unlock();
	/* deliberately broken */
	if (p)
		READ_ONCE(p[1]);
}

static void recycle_read_next(void *arg)
{
	unsigned long *p;

	rcu_read_lock();
	p = READ_ONCE(*(unsigned long **)arg);
	rcu_read_unlock();
	rcu_read_lock();
	/* deliberately broken */
	if (p)
		READ_ONCE(p[1]);
	rcu_read_unlock();
}

static void recycle_free(void *arg)
{
	unsigned long *p = *(unsigned long **)arg;

	WRITE_ONCE(*(unsigned long **)arg, NULL);
	kmem_cache_free(cache, p);
}

static void recycle(void (*reader)(void *))
{
	static unsigned long *word;
	struct task_struct *a, *b;

	cache = kmem_cache_create("recycled", 64, ALLOC_OTHER, ALLOC_TYPE_MISC, SLAB_TYPESAFE_BY_RCU);
	word = kmem_cache_alloc(cache, GFP_KERNEL);
	a = task_create("a", 0, reader, &word);
	b = task_create("b", 1, recycle_free, &word);
	task_join(a);
	task_join(b);
	/* what is taken again may be read */
	word = kmem_cache_alloc(cache, GFP_KERNEL);
	READ_ONCE(word[1]);
	kmem_cache_free(cache, word);
	kmem_cache_destroy(cache);
}

static void recycled_in_section(void) { recycle(recycle_read); }
static void recycled_behind_section(void) { recycle(recycle_read_late); }
static void recycled_next_section(void) { recycle(recycle_read_next); }

static const struct canary canaries[] = {
	{ "read_freed", read_freed, "FAIL  UAF", ASAN | NONE },
	{ "lock_freed", lock_freed, "FAIL  UAF", ASAN | NONE },
	{ "read_freed", read_freed, "ThreadSanitizer: ", TSAN },
	{ "lock_freed", lock_freed, "ThreadSanitizer: ", TSAN },
	{ "put_by_last", put_by_last, NULL, 0 },
	{ "read_next", read_next, NULL, 0 },
	{ "recycled_in_section", recycled_in_section, NULL, 0 },
	{ "recycled_behind_section", recycled_behind_section, "FAIL  UAF  core/sim/dead.c:", 0 },
	{ "recycled_next_section", recycled_next_section, "FAIL  UAF  core/sim/dead.c:", 0 },
};

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(canaries)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(canaries); i++)
		tests[i] = (struct CMUnitTest){ canaries[i].name, test_canary, NULL, NULL, (void *)&canaries[i] };
	return cmocka_run_group_tests_name("sim_canary_dead", tests, NULL, NULL);
}
