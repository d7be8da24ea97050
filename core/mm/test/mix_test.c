// SPDX-License-Identifier: GPL-2.0-only
/* A few threads mixing the operations of core/mm, on one address space. mm_test.c has each of them alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "space.h"

static char output[1 << 16];

#define MIX_TASKS 4
#define MIX_OPS 3000

static void mixer(void *arg)
{
	struct folio *folio;
	struct mm_struct *child;
	unsigned int i;
	unsigned long va;

	for (i = 0; i < MIX_OPS; i++) {
		va = machine_random(PTES);
		task_op_begin("mix");
		switch (machine_random(10)) {
		case 0:
			mm_map(mm, va & ~3UL, machine_random(3));
			break;
		case 1:
			mm_zap(mm, va, machine_random(4));
			break;
		case 2: case 3:
			mm_reclaim(NULL, mm, va, 0);
			break;
		case 4:
			mm_read(mm, va, machine_random(3));
			break;
		case 5:
			mm_write(mm, va, machine_random(3));
			break;
		case 6:
			if (!mm_fork(mm, va, 4, &child))
				mmput(child);
			break;
		case 7:
			if (machine_random(2))
				swap_readahead(machine_random(2), machine_random(64), 4);
			else
				mm_willneed(mm, va, machine_random(4));
			break;
		case 8:
			folio = arena_get_folio(machine_random(512));
			if (folio) {
				if (machine_random(2))
					migrate_folio(folio);
				else
					split_folio(folio);
				folio_put(folio);
			}
			break;
		default:
			shrink_folios(4);
		}
		task_op_end();
	}
}

static void mix(void)
{
	struct task_struct *tasks[MIX_TASKS];
	unsigned int i;

	device_on(24, 0, 1);
	device_on(40, DEV_ROTATING | DEV_DISCARD, 1);
	mm = space(4);
	for (i = 0; i < MIX_TASKS; i++)
		tasks[i] = task_create("mixer", i, mixer, NULL);
	for (i = 0; i < MIX_TASKS; i++)
		task_join(tasks[i]);
	mmput(mm);
}

static void runs_clean(enum table_backend table)
{
	struct world world = { .table = table, .watchdog_seconds = 60 };
	int code = scenario_run(mix, NULL, &world, output, sizeof(output));

	if (code)
		fprintf(stderr, "exit %d:\n%s\n", code, output);
	assert_int_equal(code, 0);
}

static void test_tables_are_pages(void **state)
{
	runs_clean(TABLE_PAGE);
}

static void test_tables_are_of_a_slab(void **state)
{
	runs_clean(TABLE_SLAB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_are_pages),
		cmocka_unit_test(test_tables_are_of_a_slab),
	};

	return cmocka_run_group_tests_name("mix", tests, NULL, NULL);
}
