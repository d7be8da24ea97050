// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every mutant of core/swap against a scenario that shows it, with threads held at tracepoints
 * where the order of two tasks matters. Each scenario runs twice: with the mutant (the named check
 * must fire) and without (nothing may). What free-running stress finds of them by itself is
 * measured by scripts/bench mutants.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <kernel/mutant.h>
#include "../../machine/test/needs.h"
#include "mutant.h"

static const struct mutant_topic *const topics[] = {
	&mutant_table, &mutant_alloc, &mutant_cache, &mutant_entry, &mutant_device,
};

static char output[1 << 16];

void try_alloc(unsigned int order)
{
	struct folio *folio = test_folio(order);

	folio_alloc_swap(folio);
	test_folio_free(folio);
}

void alloc_one(void *arg)
{
	task_op_begin("alloc");
	try_alloc(arg ? *(unsigned int *)arg : 0);
	task_op_end();
}

void swapoff_task(void *arg)
{
	task_op_begin("swapoff");
	swapoff(*(unsigned int *)arg);
	task_op_end();
}

/* Is the first failure of the output by this check? */
static bool failed_by(const char *id)
{
	const char *fail = strstr(output, "FAIL  ");
	size_t len = strlen(id);

	return fail && !strncmp(fail + 6, id, len) && strchr(" \n", fail[6 + len]);
}

static void test_mutant_is_caught(void **state)
{
	const struct mutant_case *c = *state;
	int code;

	test_needs(!(c->needs & NEEDS_ASAN) || HAVE_ASAN, "AddressSanitizer");
	test_needs(!(c->needs & NEEDS_TSAN) || HAVE_TSAN, "ThreadSanitizer");
	code = scenario_run(c->scenario, c->mutant, &c->world, output, sizeof(output));
	if (code != 1 || !failed_by(c->id))
		print_error("exit %d, expected a failure by %s:\n%s\n", code, c->id, output);
	assert_int_equal(code, 1);
	assert_true(failed_by(c->id));
}

static void test_core_is_silent(void **state)
{
	const struct mutant_case *c = *state;
	int code;

	code = scenario_run(c->scenario, NULL, &c->world, output, sizeof(output));
	if (code)
		print_error("exit %d without the mutant:\n%s\n", code, output);
	assert_int_equal(code, 0);
}

static bool has_case(const char *mutant)
{
	unsigned int t, i;

	for (t = 0; t < ARRAY_SIZE(topics); t++)
		for (i = 0; i < topics[t]->nr; i++)
			if (!strcmp(topics[t]->cases[i].mutant, mutant))
				return true;
	return false;
}

/*
 * A mutant whose oracle is "none" is not wrong by itself: there is nothing to be shown. Those that need weak
 * memory have their programs in corpus/litmus and corpus/regress: threads do not show them.
 */
static void test_every_mutant_has_a_case(void **state)
{
	unsigned int i;

	for (i = 0; i < NR_MUTANTS; i++) {
		bool shown = strcmp(mutants[i].oracle, "none") && !mutant_needs_weak(&mutants[i]);

		if (has_case(mutants[i].name) == shown)
			continue;
		print_error("mutant %s, oracle %s: %s case in core/swap/test/mutant_*.c\n",
			    mutants[i].name, mutants[i].oracle,
			    has_case(mutants[i].name) ? "it has a" : "no");
		fail();
	}
}

#define MAX_TESTS 256

int main(void)
{
	static struct CMUnitTest tests[MAX_TESTS] = {
		cmocka_unit_test(test_every_mutant_has_a_case),
	};
	static char names[MAX_TESTS][80];
	unsigned int nr = 1, t, i;

	for (t = 0; t < ARRAY_SIZE(topics); t++) {
		for (i = 0; i < topics[t]->nr; i++) {
			const struct mutant_case *c = &topics[t]->cases[i];

			if (nr + 2 > MAX_TESTS)
				return 2;
			snprintf(names[nr], sizeof(names[nr]), "%s_is_caught_%s_%u", c->mutant,
				 topics[t]->name, i);
			tests[nr] = (struct CMUnitTest){ names[nr], test_mutant_is_caught, NULL,
							 NULL, (void *)c };
			nr++;
			snprintf(names[nr], sizeof(names[nr]), "silent_without_%s_%s_%u",
				 c->mutant, topics[t]->name, i);
			tests[nr] = (struct CMUnitTest){ names[nr], test_core_is_silent, NULL,
							 NULL, (void *)c };
			nr++;
		}
	}
	return _cmocka_run_group_tests("mutant", tests, nr, NULL, NULL);
}
