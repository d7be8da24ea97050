// SPDX-License-Identifier: GPL-2.0-only
/* Which number a check at rest is about, what it is, and what it should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <check/ghost.h>
#include <kernel/slab.h>
#include <swap/test/fixture.h>

static void tell(FILE *out)
{
	const struct balance *b = balance_failed();
	long is, should;

	balance_read(b, &is, &should);
	fprintf(out, "balance %d of %u/%lu: %ld, should be %ld\n", b->kind, b->type, b->nr, is,
		should);
}

static void nr_swap_pages_lost(void)
{
	device_on(32, 0, 1);
	report_add_hook(tell);
	atomic_long_dec(&nr_swap_pages);
}

static void total_pages_lost(void)
{
	device_on(32, 0, 1);
	report_add_hook(tell);
	total_swap_pages -= 2;
}

static void rotating_device_forgotten(void)
{
	device_on(32, DEV_ROTATING, 1);
	report_add_hook(tell);
	atomic_dec(&nr_rotate_swap);
}

static void slots_taken_twice(void)
{
	unsigned int type = device_on(32, 0, 1);

	report_add_hook(tell);
	trace_swap_range_alloc(device(type), 3);
}

static void off_the_avail_list(void)
{
	unsigned int type = device_on(32, 0, 1);

	report_add_hook(tell);
	plist_del(&device(type)->avail_list, &swap_avail_head);
}

static void count_kept(void)
{
	struct folio *folio;

	device_on(32, 0, 1);
	report_add_hook(tell);
	folio = test_folio_cached(0);
	folio_dup_swap(folio, NULL);
	folio_unlock(folio);
	folio_put(folio);
}

static void folio_reference_kept(void)
{
	device_on(32, 0, 1);
	report_add_hook(tell);
	folio_unlock(test_folio_cached(0));
}

static void mapcount_lost(void)
{
	struct folio *folio = test_folio(0);

	report_add_hook(tell);
	atomic_inc(&folio->_mapcount);
	folio_unlock(folio);
}

static void device_reference_kept(void)
{
	unsigned int type = device_on(32, 0, 1);

	report_add_hook(tell);
	if (!get_swap_device_info(device(type)))
		harness_fail("TEST", CODE_SITE, "no reference");
}

static void extend_table_lost(void)
{
	device_on(32, 0, 1);
	report_add_hook(tell);
	__kmalloc_tagged(64, GFP_KERNEL, ALLOC_EXTEND_ATOMIC, ALLOC_TYPE_EXTEND);
}

struct wrong {
	void (*fn)(void);
	enum balance_kind kind;
	const char *told;		/* behind the kind */
	const char *last;		/* who changed it, or NULL */
};

static void expect_told(void **state)
{
	const struct wrong *wrong = *state;
	static char output[1 << 16];
	struct world world = { 0 };
	char line[128];
	int rc = scenario_run(wrong->fn, NULL, &world, output, sizeof(output));

	snprintf(line, sizeof(line), "balance %d of %s\n", wrong->kind, wrong->told);
	if (rc != 1 || !strstr(output, line))
		fail_msg("exit %d, no '%s' in\n%s", rc, line, output);
	if (wrong->last && !strstr(output, wrong->last))
		fail_msg("no '%s' in\n%s", wrong->last, output);
}

#define WRONG(fn, kind, ...) {								\
	.name = #fn, .test_func = expect_told,						\
	.initial_state = &(struct wrong){ fn, kind, __VA_ARGS__ } }

static void expect_right(const struct balance *b)
{
	long is, should;

	balance_read(b, &is, &should);
	if (is != should)
		harness_fail("TEST", CODE_SITE, "balance %d of %u/%lu is %ld, should be %ld", b->kind,
			     b->type, b->nr, is, should);
}

/* With slots in use, a device that was never there, and numbers beyond the end. */
static void all_is_right(void)
{
	unsigned int type = device_on(32, DEV_ROTATING, 1);
	struct folio *folio = test_folio_cached(0);
	struct balance b;

	folio_unlock(folio);
	folio_put(folio);
	for (b.kind = BALANCE_NONE; b.kind <= BALANCE_EXTENDS; b.kind++)
		for (b.type = 0; b.type <= type + 1; b.type++)
			for (b.nr = 0; b.nr < 64; b.nr++)
				expect_right(&b);
	b.nr = 1UL << 40;
	for (b.kind = BALANCE_NONE; b.kind <= BALANCE_EXTENDS; b.kind++)
		expect_right(&b);
	folio_lock(folio);
	folio_get(folio);
	test_folio_free(folio);
}

static void test_at_rest_all_is_right(void **state)
{
	static char output[1 << 16];
	struct world world = { 0 };
	int rc = scenario_run(all_is_right, NULL, &world, output, sizeof(output));

	if (rc)
		fail_msg("exit %d\n%s", rc, output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_rest_all_is_right),
		WRONG(nr_swap_pages_lost, BALANCE_FREE_PAGES, "0/0: 30, should be 31",
		      "last swapon_published by task 0"),
		WRONG(total_pages_lost, BALANCE_TOTAL_PAGES, "0/0: 29, should be 31", NULL),
		WRONG(rotating_device_forgotten, BALANCE_ROTATING, "0/0: 0, should be 1", NULL),
		WRONG(slots_taken_twice, BALANCE_USAGE, "0/0: 0, should be 3",
		      "last swap_range_alloc by task 0"),
		WRONG(off_the_avail_list, BALANCE_AVAIL, "0/0: 0, should be 1",
		      "last swap_avail_add by task 0"),
		WRONG(count_kept, BALANCE_COUNT, "0/1: 1, should be 0",
		      "last swap_entry_dup by task 0"),
		WRONG(folio_reference_kept, BALANCE_FOLIO_REFS, "0/0: 2, should be 1", NULL),
		WRONG(mapcount_lost, BALANCE_FOLIO_MAPS, "0/0: 1, should be 0", NULL),
		WRONG(device_reference_kept, BALANCE_DEVICE_REFS, "0/0: 2, should be 1", NULL),
		WRONG(extend_table_lost, BALANCE_EXTENDS, "0/0: 1, should be 0", NULL),
	};

	return cmocka_run_group_tests_name("balance", tests, NULL, NULL);
}
