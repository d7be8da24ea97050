// SPDX-License-Identifier: GPL-2.0-only
/* Names of objects: what is the same object, and what only lies in the same place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <kernel/machine.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <machine/alloc.h>
#include <sim/sim.h>

static char here[3];
static spinlock_t lock;
static struct machine_config config = { .seed = 1 };

static void teardown(void)
{
	machine_stop();
	alloc_drop_all();
}

static void test_names(void **state)
{
	char local;
	unsigned int a;

	machine_start(&config);
	a = sim_object(&here[0]);
	assert_int_equal(a, 1);
	assert_int_equal(sim_object(&here[1]), 2);
	assert_int_equal(sim_object(&here[0]), a);
	assert_int_equal(sim_object(NULL), 0);
	assert_int_equal(sim_object(&here[0]), a);
	/* the next frame may lie there */
	assert_int_equal(sim_object(&local), 0);
	teardown();
	/* another schedule, another order */
	machine_start(&config);
	assert_int_equal(sim_object(&here[1]), 1);
	teardown();
}

static void test_set_up(void **state)
{
	machine_start(&config);
	spin_lock_init(&lock);
	machine_mute();
	machine_point(POINT_ATOMIC_WRITE, &here[2]);
	machine_unmute();
	assert_int_equal(sim_objects_stable(), 2);
	machine_point(POINT_ATOMIC_WRITE, &here[0]);
	/* after the first point, order is a matter of the schedule */
	machine_mute();
	machine_point(POINT_ATOMIC_WRITE, &here[1]);
	machine_unmute();
	assert_int_equal(sim_object(&here[1]), 4);
	assert_int_equal(sim_objects_stable(), 2);
	assert_int_equal(sim_object(&lock), 1);
	assert_int_equal(sim_object(&here[2]), 2);
	teardown();
}

/* Until malloc takes the same place again, which ASan does late, and TSan's may do at once. */
static void test_freed_memory(void **state)
{
	char *first, *second;
	uintptr_t was;
	unsigned int a, b, i;

	machine_start(&config);
	for (i = 0; i < 1000; i++) {
		first = kmalloc(200, GFP_KERNEL | __GFP_NOFAIL);
		was = (uintptr_t)first;
		a = sim_object(first + 150);
		b = sim_object(&here[i % 3]);
		kfree(first);
		second = kmalloc(200, GFP_KERNEL | __GFP_NOFAIL);
		assert_int_not_equal(sim_object(second + 150), a);
		assert_int_equal(sim_object(&here[i % 3]), b);
		kfree(second);
		if ((uintptr_t)second == was)
			break;
	}
	teardown();
}

/* A TYPESAFE object stays what it was: that is what it is for. */
static void test_slab(void **state)
{
	struct kmem_cache *cache;
	char *p;
	unsigned int a;

	machine_start(&config);
	sim_settle();
	cache = kmem_cache_create("toy", 64, ALLOC_OTHER, ALLOC_TYPE_MISC, SLAB_TYPESAFE_BY_RCU);
	p = kmem_cache_alloc(cache, GFP_KERNEL);
	a = sim_object(p + 8);
	kmem_cache_free(cache, p);
	assert_ptr_equal(kmem_cache_alloc(cache, GFP_KERNEL), p);
	assert_int_equal(sim_object(p + 8), a);
	kmem_cache_free(cache, p);
	kmem_cache_destroy(cache);
	teardown();
}

/* One too many is none, and those before it keep their names. */
static void test_too_many(void **state)
{
	static char many[SIM_OBJECTS_MAX + 1];
	unsigned int i;

	machine_start(&config);
	for (i = 1; i < SIM_OBJECTS_MAX; i++)
		assert_int_equal(sim_object(&many[i]), i);
	assert_int_equal(sim_object(&many[0]), 0);
	assert_int_equal(sim_object(&many[SIM_OBJECTS_MAX]), 0);
	assert_int_equal(sim_object(&many[7]), 7);
	teardown();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_set_up),
		cmocka_unit_test(test_freed_memory),
		cmocka_unit_test(test_slab),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests_name("object", tests, NULL, NULL);
}
