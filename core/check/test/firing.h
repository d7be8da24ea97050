/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A check and what makes it fire. Every case runs twice in a child of its own: as written,
 * and with `broken` set, when exactly this check must end the run.
 */
#ifndef _CHECK_TEST_FIRING_H
#define _CHECK_TEST_FIRING_H

#include <stdarg.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <check/ghost.h>
#include <swap/test/fixture.h>

struct firing {
	const char *id;
	void (*fn)(void);
};

static bool broken;

/* The report's first line: "FAIL", the id, where. */
static inline bool output_has_failure(const char *output, const char *id)
{
	const char *line = strstr(output, "FAIL");
	size_t len = strlen(id);

	if (!line)
		return false;
	line += strcspn(line, " ");
	line += strspn(line, " ");
	return !strncmp(line, id, len) && line[len] == ' ';
}

static void expect_firing(void **state)
{
	const struct firing *firing = *state;
	static char output[1 << 16];
	struct world world = { 0 };
	int rc;

	broken = false;
	rc = scenario_run(firing->fn, NULL, &world, output, sizeof(output));
	if (rc)
		fail_msg("%s is not quiet: exit %d\n%s", firing->id, rc, output);

	broken = true;
	rc = scenario_run(firing->fn, NULL, &world, output, sizeof(output));
	if (rc != 1 || !output_has_failure(output, firing->id))
		fail_msg("%s does not fire: exit %d\n%s", firing->id, rc, output);
	if (!check_sentence(firing->id) || !check_why(firing->id))
		fail_msg("%s is not in checks.def", firing->id);
}

#define FIRING(check_id, fn) {								\
	.name = #check_id ": " #fn, .test_func = expect_firing,				\
	.initial_state = &(struct firing){ #check_id, fn } }

/* cluster @i of the device, locked */
static inline struct swap_cluster_info *lock_cluster(unsigned int type, unsigned int i)
	__no_context_analysis
{
	struct swap_cluster_info *ci = device(type)->cluster_info + i;

	spin_lock(&ci->lock);
	return ci;
}

static inline void unlock_cluster(struct swap_cluster_info *ci) __no_context_analysis
{
	spin_unlock(&ci->lock);
}

#endif /* _CHECK_TEST_FIRING_H */
