// SPDX-License-Identifier: GPL-2.0-only
/* What the code under test keeps, and what it has lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include <kernel/percpu.h>
#include <kernel/slab.h>
#include <machine/machine.h>

struct node {
	char name[24];
	struct node *next;
};

static struct node *variable;
static DEFINE_PER_CPU(struct node *, variable_of_cpu);

static void begin(void)
{
	struct machine_config config = { .seed = 1 };

	assert_int_equal(machine_start(&config), 0);
	variable = NULL;
	alloc_root(&variable, &variable + 1);
	alloc_root_percpu();
}

static struct node *table(void)
{
	return __kmalloc_tagged(sizeof(struct node), GFP_KERNEL | __GFP_ZERO, ALLOC_OTHER, ALLOC_TYPE_TABLE);
}

static long left(enum alloc_type type)
{
	struct alloc_stat stat;

	alloc_stat_read(type, &stat);
	return stat.objects;
}

static void test_variable_keeps(void **state)
{
	begin();
	variable = table();
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 0);
	/* by its middle, too, but not by the byte behind it */
	variable = (struct node *)&variable->next;
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 0);
	variable++;
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 1);
	assert_int_equal(alloc_lost(ALLOC_TYPE_EXTEND), 0);
	kfree((char *)variable - sizeof(struct node) - offsetof(struct node, next));
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 0);
	machine_stop();
}

/* A ring that nothing names is lost, though each of its objects is named. */
static void test_objects_keep_objects(void **state)
{
	struct node *ring, *of_cpu;

	begin();
	ring = table();
	ring->next = table();
	ring->next->next = ring;
	of_cpu = table();
	variable = ring;
	*per_cpu_ptr(&variable_of_cpu, 1) = of_cpu;
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 0);
	variable = NULL;
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 2);
	*per_cpu_ptr(&variable_of_cpu, 1) = NULL;
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 3);
	kfree(of_cpu);
	kfree(ring->next);
	kfree(ring);
	machine_stop();
}

static void test_slabs_and_pages(void **state)
{
	struct kmem_cache *cache;
	struct node *node;
	struct page *page;

	begin();
	cache = kmem_cache_create("nodes", sizeof(struct node), ALLOC_OTHER, ALLOC_TYPE_TABLE, SLAB_TYPESAFE_BY_RCU);
	node = kmem_cache_zalloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, kmem_cache_zalloc(cache, GFP_KERNEL));
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 1);
	variable = node;
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 0);
	page = __alloc_page_tagged(64, GFP_KERNEL, ALLOC_OTHER, ALLOC_TYPE_EXTEND);
	assert_int_equal(alloc_lost(ALLOC_TYPE_EXTEND), 1);
	node->next = page_address(page);
	assert_int_equal(alloc_lost(ALLOC_TYPE_EXTEND), 0);
	alloc_take_back_kept();
	assert_int_equal(left(ALLOC_TYPE_TABLE), 0);
	assert_int_equal(left(ALLOC_TYPE_EXTEND), 0);
	kmem_cache_destroy(cache);
	machine_stop();
}

static void test_page_waits(void **state)
{
	struct page *page;

	begin();
	page = __alloc_page_tagged(64, GFP_KERNEL, ALLOC_OTHER, ALLOC_TYPE_TABLE);
	variable = page_address(page);
	page_account_waiting(page);
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 0);
	alloc_take_back_kept();
	variable = NULL;
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 0);
	__free_page(page);
	machine_stop();
}

/* What there was before the roots is not the code's, whoever names it. */
static void test_older(void **state)
{
	struct machine_config config = { .seed = 1 };
	struct node *older;

	assert_int_equal(machine_start(&config), 0);
	older = table();
	alloc_root(&variable, &variable + 1);
	variable = older;
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 0);
	alloc_take_back_kept();
	older->next = table();
	alloc_take_back_kept();
	assert_int_equal(left(ALLOC_TYPE_TABLE), 1);
	kfree(older);
	machine_stop();
}

/* What waits for a grace period is not lost, and what is lost is not taken back. */
static void test_taken_back(void **state)
{
	struct node *lost, *waits;

	begin();
	variable = table();
	lost = table();
	waits = table();
	rcu_read_lock();
	kfree_rcu_tagged(waits);
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 1);
	rcu_read_unlock();
	rcu_barrier();
	alloc_take_back_kept();
	assert_int_equal(left(ALLOC_TYPE_TABLE), 1);
	kfree(lost);
	machine_stop();
}

/* The roots of a world are those that were named since its machine started. */
static void test_roots_end(void **state)
{
	struct machine_config config = { .seed = 1 };

	begin();
	machine_stop();
	assert_int_equal(machine_start(&config), 0);
	variable = table();
	assert_int_equal(alloc_lost(ALLOC_TYPE_TABLE), 1);
	kfree(variable);
	machine_stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_variable_keeps),
		cmocka_unit_test(test_objects_keep_objects),
		cmocka_unit_test(test_slabs_and_pages),
		cmocka_unit_test(test_page_waits),
		cmocka_unit_test(test_older),
		cmocka_unit_test(test_taken_back),
		cmocka_unit_test(test_roots_end),
	};

	return cmocka_run_group_tests_name("machine_reach", tests, NULL, NULL);
}
