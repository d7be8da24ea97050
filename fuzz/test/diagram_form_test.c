// SPDX-License-Identifier: GPL-2.0-only
/* Diagrams: what holds of each of them, as text and as SVG; and the block around a diagram. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "draw.h"

static const char *const all_programs[] = {
	seed_v1_a, seed_v1_b, passes, hib_double_dec, fast_lock_leak, full_blind, slow_requeue,
	hint_kept, many_tasks,
};

/* Paste it anywhere. */
static void test_rows_are_ascii_and_at_most_100_wide(void **state)
{
	unsigned int i, detail;
	char *drawn, *line, *end, *p;

	for (i = 0; i < ARRAY_SIZE(all_programs) * 2; i++) {
		detail = i % 2 ? DIAGRAM_FULL : DIAGRAM_FOLDED;
		drawn = draw(all_programs[i / 2], diagram_print, detail);
		for (line = drawn; *line; line = end + 1) {
			end = strchr(line, '\n');
			assert_non_null(end);
			if (end - line > DIAGRAM_WIDTH || (end > line && end[-1] == ' '))
				fail_msg("too wide, or spaces at its end: %.*s", (int)(end - line),
					 line);
			for (p = line; p < end; p++)
				assert_true(isascii(*p) && isprint(*p));
		}
		/* no address has got in */
		assert_null(strstr(drawn, "0x"));
		free(drawn);
	}
}

static void test_full_shows_more(void **state)
{
	char *folded = draw(seed_v1_a, diagram_print, DIAGRAM_FOLDED);
	char *full = draw(seed_v1_a, diagram_print, DIAGRAM_FULL);

	assert_true(strlen(full) > 4 * strlen(folded));
	assert_non_null(strstr(full, "set-up\n"));
	assert_non_null(strstr(full, "rcu_lock\n"));
	assert_null(strstr(full, "...\n"));
	assert_non_null(strstr(full, "<-- FAIL INV-C8\n"));
	free(folded);
	free(full);
}

static void test_the_same_twice(void **state)
{
	unsigned int i;
	char *a, *b;

	for (i = 0; i < ARRAY_SIZE(all_programs); i++) {
		a = draw(all_programs[i], diagram_print, DIAGRAM_FULL);
		b = draw(all_programs[i], diagram_print, DIAGRAM_FULL);
		assert_string_equal(a, b);
		free(a);
		free(b);
	}
}

/* What an XML parser would stop at: elements not closed, bare < and &, attributes unquoted. */
static void assert_xml(const char *text)
{
	const char *stack[16], *p = text, *end, *name;
	unsigned int depth = 0, quotes;

	for (; (p = strpbrk(p, "<&")); p++) {
		if (*p == '&') {
			assert_true(!strncmp(p, "&lt;", 4) || !strncmp(p, "&gt;", 4) ||
				    !strncmp(p, "&amp;", 5) || !strncmp(p, "&quot;", 6));
			continue;
		}
		if (!strncmp(p, "<![CDATA[", 9)) {
			p = strstr(p, "]]>");
			assert_non_null(p);
			continue;
		}
		name = p + 1 + (p[1] == '/');
		for (quotes = 0, end = p + 1; *end && (*end != '>' || quotes % 2); end++) {
			quotes += *end == '"';
			assert_true(*end != '<');
		}
		assert_true(*end == '>' && quotes % 2 == 0);
		if (p[1] == '/') {
			assert_true(depth > 0);
			depth--;
			assert_int_equal(strncmp(stack[depth], name, end - name), 0);
		} else if (p[1] != '?' && end[-1] != '/') {
			assert_true(depth < ARRAY_SIZE(stack));
			stack[depth++] = name;
		}
		p = end;
	}
	assert_int_equal(depth, 0);
}

static void test_svg_is_well_formed_and_says_the_same(void **state)
{
	char *svg;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all_programs); i++) {
		svg = draw(all_programs[i], diagram_svg, DIAGRAM_FULL);
		assert_xml(svg);
		free(svg);
	}
	svg = draw(seed_v1_a, diagram_svg, DIAGRAM_FOLDED);
	assert_xml(svg);
	assert_non_null(strstr(svg, ">CPU 1 (task 1)</text>"));
	assert_non_null(strstr(svg, ">uses the hint's cluster A/1 instead</text>"));
	assert_non_null(strstr(svg, ">lets go of A/2  &lt;-- FAIL INV-C8</text>"));
	/* a bar where it sleeps and where it holds a lock, a strip that says what became of A/2 */
	assert_non_null(strstr(svg, "<title>sleeps for a table; A/2 dangles</title>"));
	assert_non_null(strstr(svg, "<title>holds local</title>"));
	assert_non_null(strstr(svg, "<title>dangles</title>"));
	assert_non_null(strstr(svg, ">FAIL</text>"));
	assert_non_null(strstr(svg, "INV-C8: what should have held</text>"));
	free(svg);
}

static void test_every_tracepoint_says_something(void **state)
{
	struct timeline_event e = { .kind = EVENT_TRACE, .task = SIM_TASK_USER };
	struct program prog;
	unsigned int id;

	parse(&prog, passes);
	for (id = 0; id < NR_TRACE_EVENTS; id++) {
		struct step step = { .id = NR_TRACE_EVENTS };

		e.id = id;
		step_text(&step, &e, &prog);
		if (!step.text[0] && step.shape != SHAPE_CLOSE)
			fail_msg("%s has no text in trace_events.def", trace_name(id));
	}
	program_destroy(&prog);
}

/* --- the block ---------------------------------------------------------------------------- */

static char *block(const char *text, const struct outcome *first, bool *same)
{
	struct program prog;
	char *printed = NULL;
	size_t size;
	FILE *f = open_memstream(&printed, &size);

	parse(&prog, text);
	*same = block_print(f, &prog, "some/file.prog", "out/dev/explore", first);
	fclose(f);
	program_destroy(&prog);
	return printed;
}

static void test_block_tells_everything_in_order(void **state)
{
	static const char *const rows[] = {
		"FAIL  INV-C8  core/check/claims.c:", "      a cluster on no list is claimed by",
		"cluster A/2 (flags NONE", "\ntasks\n", "task 0 on CPU 1, op2: reclaim m0 0",
		"holds f0, local, ci A/1", "task 1 on CPU 1", "\nprogram\n    program 1\n",
		"expect INV-C8 with mutant seed-v1-a\n", "\ninterleaving\n", seed_v1_a_drawn,
		"\nrepro out/dev/replay some/file.prog\n",
	};
	bool same;
	char *printed = block(seed_v1_a, NULL, &same);

	assert_true(same);
	assert_rows(printed, rows, ARRAY_SIZE(rows));
	assert_int_equal(strncmp(printed, rows[0], strlen(rows[0])), 0);
	free(printed);
}

static void test_block_of_a_failure_that_does_not_come_again(void **state)
{
	static char report[] = "\nFAIL  INV-C1  there\n      told once\n";
	struct outcome first = { .status = 1, .check = "INV-C1", .report = report };
	char *printed;
	bool same;

	printed = block(passes, &first, &same);
	assert_false(same);
	assert_non_null(strstr(printed, "replaying it passes"));
	assert_non_null(strstr(printed, "told once"));
	free(printed);
	printed = block(seed_v1_b, &first, &same);
	assert_false(same);
	assert_non_null(strstr(printed, "fails in another way: INV-C8"));
	free(printed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_ascii_and_at_most_100_wide),
		cmocka_unit_test(test_full_shows_more),
		cmocka_unit_test(test_the_same_twice),
		cmocka_unit_test(test_svg_is_well_formed_and_says_the_same),
		cmocka_unit_test(test_every_tracepoint_says_something),
		cmocka_unit_test(test_block_tells_everything_in_order),
		cmocka_unit_test(test_block_of_a_failure_that_does_not_come_again),
	};

	return cmocka_run_group_tests_name("diagram_form", tests, NULL, NULL);
}
