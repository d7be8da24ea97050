/* SPDX-License-Identifier: GPL-2.0-only */
/* Scenarios in which no check fires, each in a child of its own, with either kind of table. */
#ifndef _MM_TEST_CLEAN_H
#define _MM_TEST_CLEAN_H

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "space.h"

#define SCENARIOS_MAX 32

struct scenario {
	const char *name;
	void (*fn)(void);
};

static inline void runs_clean(void **state)
{
	static const enum table_backend tables[] = { TABLE_PAGE, TABLE_SLAB };
	const struct scenario *scenario = *state;
	static char output[1 << 16];
	unsigned int i;
	int code;

	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		struct world world = { .table = tables[i], .watchdog_seconds = 60 };

		code = scenario_run(scenario->fn, NULL, &world, output, sizeof(output));
		if (code)
			fprintf(stderr, "exit %d:\n%s\n", code, output);
		assert_int_equal(code, 0);
	}
}

/* Return: how many failed. */
static inline int run_scenarios(const char *group, const struct scenario *scenarios, unsigned int nr)
{
	static struct CMUnitTest tests[SCENARIOS_MAX];
	unsigned int i;

	assert_true(nr <= SCENARIOS_MAX);
	for (i = 0; i < nr; i++) {
		tests[i].name = scenarios[i].name;
		tests[i].test_func = runs_clean;
		tests[i].initial_state = (void *)&scenarios[i];
	}
	return _cmocka_run_group_tests(group, tests, nr, NULL, NULL);
}

#endif
