// SPDX-License-Identifier: GPL-2.0-only
/* Rare paths: every row of the table can be reached, and is asked of some workload. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <check/coverage.h>
#include <swap/test/fixture.h>

static const struct rare_path *path_named(const char *name)
{
	for (unsigned int i = 0; i < nr_rare_paths; i++)
		if (!strcmp(rare_paths[i].name, name))
			return &rare_paths[i];
	harness_fail("TEST", CODE_SITE, "no path %s", name);
}

static void expect_count(const char *name, unsigned long count)
{
	unsigned long is = coverage_count(path_named(name));

	if (is != count)
		harness_fail("TEST", CODE_SITE, "%s: %lu, not %lu", name, is, count);
}

static void counts(void)
{
	struct swap_info_struct *si = device(device_on(32, 0, 1));

	coverage_reset();
	expect_count("sleeping one succeeded", 0);
	trace_swap_table_relocked(si, NULL, 1, 1);
	expect_count("migrated across it", 0);
	trace_swap_table_relocked(si, NULL, 1, 0);
	expect_count("migrated across it", 1);
	trace_swap_extend_attached(si, NULL, 1);
	expect_count("extend table attached and freed again", 0);
	trace_swap_extend_freed(si, NULL);
	expect_count("extend table attached and freed again", 1);
	trace_swapoff_round(si, 1, 1);
	expect_count("unuse needed a second round", 0);
	trace_swapoff_round(si, 2, 1);
	expect_count("unuse needed a second round", 1);
	trace_mm_split_cached(NULL, swp_entry(si->type, 8));
	if (coverage_print(stderr, COVER_THP) == 0)
		harness_fail("TEST", CODE_SITE, "everything reached by nothing");
	coverage_reset();
	expect_count("split of a cached folio", 0);
}

static void counters_count(void **state)
{
	static char output[1 << 16];
	struct world world = { 0 };

	if (scenario_run(counts, NULL, &world, output, sizeof(output)))
		fail_msg("%s", output);
}

static void workloads_have_names(void **state)
{
	unsigned int seen = 0;

	assert_int_equal(coverage_workload("thp"), COVER_THP);
	assert_int_equal(coverage_workload("mix"), COVER_OTHER);
	for (unsigned int i = 0; i < nr_rare_paths; i++) {
		assert_true(rare_paths[i].workloads);
		seen |= rare_paths[i].workloads;
	}
	assert_int_equal(seen, COVER_ALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_count),
		cmocka_unit_test(workloads_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
