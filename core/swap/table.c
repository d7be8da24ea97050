// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables: memory that comes with a cluster's first slot and goes by RCU with its last
 * (SPEC 2.5, 7). Two back ends: `page` waits a grace period before its memory is reused,
 * `slab` may be reused at once as another cluster's table (only the type is stable).
 */
#include <kernel/slab.h>
#include "cluster.h"
#include "trace.h"

static struct kmem_cache *swap_table_cachep;

static bool swap_table_use_page(void)
{
	return geometry.table == TABLE_PAGE && !mutant(SEED_V1_SLAB);
}

static size_t swap_table_size(void)
{
	return SWAPFILE_CLUSTER * sizeof(atomic_long_t);
}

int swap_table_init(void)
{
	unsigned int flags = SLAB_PANIC | SLAB_TYPESAFE_BY_RCU;

	if (swap_table_use_page())
		return 0;
	/* deliberately broken: memory may go back to the allocator under a reader */
	if (mutant(NO_GRACE_PERIOD))
		flags &= ~SLAB_TYPESAFE_BY_RCU;
	/*
	 * A freed table is all NULL and no longer written, and lockless readers verify what
	 * they find, so reuse by another cluster is harmless.
	 */
	swap_table_cachep = kmem_cache_create("swap_table", swap_table_size(), ALLOC_TABLE_ATOMIC,
					      ALLOC_TYPE_TABLE, flags);
	return swap_table_cachep ? 0 : -ENOMEM;
}

void swap_table_exit(void)
{
	if (swap_table_cachep)
		kmem_cache_destroy(swap_table_cachep);
	swap_table_cachep = NULL;
}

/**
 * swap_table_alloc - a zeroed table
 * @gfp: may it sleep, may it use reserves
 * @site: ALLOC_TABLE_ATOMIC, or ALLOC_SWAPON for the unusable slots of a new device
 *
 * Context: as @gfp says.
 * Return: the table, NULL if out of memory.
 */
struct swap_table *swap_table_alloc(gfp_t gfp, enum alloc_site site)
{
	struct page *page;

	if (!swap_table_use_page())
		return kmem_cache_zalloc(swap_table_cachep, gfp);
	page = __alloc_page_tagged(swap_table_size(), gfp | __GFP_ZERO, site, ALLOC_TYPE_TABLE);
	return page ? page_address(page) : NULL;
}

static void swap_table_free_page_rcu_cb(struct rcu_head *head)
{
	__free_page(container_of(head, struct page, rcu_head));
}

/**
 * swap_table_free - give a table back, now or after a grace period
 * @table: no longer reachable for new readers, or never published
 *
 * Context: any. Order: the unpublishing store precedes the grace period.
 */
void swap_table_free(struct swap_table *table)
{
	struct page *page;

	if (!swap_table_use_page()) {
		kmem_cache_free(swap_table_cachep, table);
		return;
	}
	page = virt_to_page(table);
	if (mutant(NO_GRACE_PERIOD)) {
		__free_page(page);
		return;
	}
	page_account_waiting(page);
	call_rcu(&page->rcu_head, swap_table_free_page_rcu_cb);
}

static void swap_cluster_assert_empty(struct swap_cluster_info *ci)
{
	unsigned int ci_off;

	VM_WARN_ON_ONCE(!cluster_is_empty(ci));
	VM_WARN_ON_ONCE(ci->extend_table);
	for (ci_off = 0; ci_off < SWAPFILE_CLUSTER; ci_off++)
		VM_WARN_ON_ONCE(!swp_tb_is_null(__swap_table_get(ci, ci_off)));
}

/**
 * swap_cluster_free_table - take an empty cluster's tables away
 * @ci: count 0, every word NULL; without a table there is nothing to do
 *
 * Context: ci->lock held.
 * Order: the NULL store releases; readers that loaded the pointer before see NULL words until
 *	their grace period ends. SPEC 5.2.
 */
void swap_cluster_free_table(struct swap_cluster_info *ci)
{
	atomic_long_t *table;

	lockdep_assert_held(&ci->lock);
	table = rcu_dereference_protected(ci->table, true);
	if (!table)
		return;
	swap_cluster_assert_empty(ci);
	/* read with the lock held only */
	kfree(ci->memcg_table);
	ci->memcg_table = NULL;
	rcu_assign_pointer(ci->table, NULL);
	swap_table_free(container_of(table, struct swap_table, entries[0]));
}

static int swap_memcg_table_alloc(struct swap_memcg_table **memcg, gfp_t gfp, enum alloc_site site)
{
	size_t size = SWAPFILE_CLUSTER * sizeof((*memcg)->id[0]);

	*memcg = __kmalloc_tagged(size, gfp | __GFP_ZERO, site, ALLOC_TYPE_MEMCG);
	return *memcg ? 0 : -ENOMEM;
}

/**
 * swap_cluster_tables_alloc - memory for a cluster: all of it or nothing
 * @t: set to a table and what comes with it
 * @gfp: may it sleep, may it use reserves
 * @swapon: for the unusable slots of a new device: failures have a site of their own
 *
 * Context: as @gfp says. Return: 0, -ENOMEM.
 */
int swap_cluster_tables_alloc(struct swap_cluster_tables *t, gfp_t gfp, bool swapon)
{
	t->table = swap_table_alloc(gfp, swapon ? ALLOC_SWAPON : ALLOC_TABLE_ATOMIC);
	if (!t->table)
		return -ENOMEM;
	if (!swap_memcg_table_alloc(&t->memcg, gfp, swapon ? ALLOC_SWAPON : ALLOC_MEMCG_ATOMIC))
		return 0;
	swap_table_free(t->table);
	t->table = NULL;
	return -ENOMEM;
}

void swap_cluster_tables_free(struct swap_cluster_tables *t)
{
	kfree(t->memcg);
	swap_table_free(t->table);
}

/* Order: the store of the table releases; pairs with swap_table_get(). */
void swap_cluster_tables_publish(struct swap_cluster_info *ci, struct swap_cluster_tables *t)
{
	ci->memcg_table = t->memcg;
	if (mutant(TABLE_RELAXED))
		table_assign_relaxed(ci->table, t->table->entries);
	else
		rcu_assign_pointer(ci->table, t->table->entries);
}

/*
 * Upstream's sleeping attempt (see corpus/regress/README.md): the table is published while
 * ci->lock is not held, before the rest is there, and taken away if that fails.
 */
static int swap_cluster_populate_unlocked(struct swap_cluster_info *ci, gfp_t gfp)
{
	struct swap_table *table = swap_table_alloc(gfp, ALLOC_TABLE_ATOMIC);

	if (!table)
		return -ENOMEM;
	rcu_assign_pointer(ci->table, table->entries);
	if (!swap_memcg_table_alloc(&ci->memcg_table, gfp, ALLOC_MEMCG_ATOMIC))
		return 0;
	rcu_assign_pointer(ci->table, NULL);
	swap_table_free(table);
	return -ENOMEM;
}

/**
 * swap_cluster_populate - give a cluster just isolated from the free list its tables
 * @si: pinned by the caller across the sleep
 * @ci: flags NONE, count 0, no table
 *
 * An atomic attempt first. If that fails all locks are dropped for a sleeping one, which may
 * reclaim, recurse into swap allocation, and wake up on another CPU. Meanwhile the cluster
 * dangles: unlocked, on no list, without a table. Only hint holders reach it; they see
 * no table and unlock it. SPEC 7.
 *
 * Context: local_lock, on rotating devices global_cluster_lock, and ci->lock held on entry;
 *	sleeps. On return the first two are held again, of the CPU the task is on *now*; every
 *	hint read before is stale.
 * Return: @ci locked with its tables, or NULL (and nothing of it locked) if out of memory.
 * Order: the table's publication releases, pairs with swap_table_get().
 */
struct swap_cluster_info *swap_cluster_populate(struct swap_info_struct *si,
						struct swap_cluster_info *ci)
	__no_context_analysis
{
	struct swap_cluster_tables t = { 0 };
	unsigned int cpu;
	gfp_t gfp;
	int err;

	/* the contract, which checks need in this form */
	lockdep_assert_held(&ci->lock);
	lockdep_assert_held(&this_cpu_ptr(&percpu_swap_cluster)->lock);
	if (!(READ_ONCE(si->flags) & SWP_SOLIDSTATE))
		lockdep_assert_held(&si->global_cluster_lock);
	VM_WARN_ON_ONCE(ci->flags != CLUSTER_FLAG_NONE || !cluster_is_empty(ci));

	if (!swap_cluster_tables_alloc(&t, __GFP_HIGH | __GFP_NOMEMALLOC | __GFP_NOWARN, false)) {
		swap_cluster_tables_publish(ci, &t);
		goto out;
	}
	trace_swap_table_atomic_failed(si, ci);
	cpu = raw_smp_processor_id();

	spin_unlock(&ci->lock);
	global_cluster_unlock(si);
	local_unlock(&percpu_swap_cluster.lock);
	trace_swap_table_unlocked(si, ci, cpu);

	gfp = __GFP_HIGH | __GFP_NOMEMALLOC | GFP_KERNEL;
	if (mutant(UPSTREAM_PUBLISH_UNLOCKED))
		err = swap_cluster_populate_unlocked(ci, gfp);
	else
		err = swap_cluster_tables_alloc(&t, gfp, false);
	trace_swap_table_slept(si, ci, raw_smp_processor_id(), t.table);

	local_lock(&percpu_swap_cluster.lock);
	global_cluster_lock(si);

	spin_lock(&ci->lock);
	trace_swap_table_relocked(si, ci, raw_smp_processor_id(), cpu);
	if (err) {
		move_cluster(si, ci, &si->free_clusters, CLUSTER_FLAG_FREE);
		spin_unlock(&ci->lock);
		return NULL;
	}
	if (mutant(UPSTREAM_PUBLISH_UNLOCKED))
		goto out;
	/* no other task gives it one: hint holders let go, and no list has it */
	VM_WARN_ON_ONCE(cluster_table_is_alloced(ci));
	swap_cluster_tables_publish(ci, &t);
out:
	return ci;
}
