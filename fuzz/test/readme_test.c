// SPDX-License-Identifier: GPL-2.0-only
/* fuzz/README.md is true: its program runs, every operation has an example, every name is there. Also program.dict. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/program/program.h>
#include <fuzz/run/exec.h>
#include <sim/sim.h>

#define TEXT_MAX (1 << 16)

static char readme[TEXT_MAX], dictionary[TEXT_MAX];

/* Tests are started at the top of the tree. */
static int file_read(char *text, const char *path)
{
	FILE *f = fopen(path, "r");

	if (!f)
		return -1;
	text[fread(text, 1, TEXT_MAX - 1, f)] = 0;
	fclose(f);
	return 0;
}

static int files_read(void **state)
{
	return file_read(readme, "fuzz/README.md") || file_read(dictionary, "fuzz/program/program.dict") ? -1 : 0;
}

/* The indented lines from "program 1" on. Return: their length. */
static size_t example_program(char *text)
{
	const char *line = strstr(readme, "\n    program 1\n"), *end;
	size_t len = 0;

	assert_non_null(line);
	for (line++; !strncmp(line, "    ", 4); line = end) {
		end = strchr(line, '\n') + 1;
		memcpy(text + len, line + 4, end - line - 4);
		len += end - line - 4;
	}
	return len;
}

static void test_program(void **state)
{
	struct program_error err;
	struct program prog;
	char text[4096];
	size_t len = example_program(text);

	if (program_parse(&prog, text, len, &err))
		fail_msg("%u:%u: %s\n%.*s", err.line, err.column, err.text, (int)len, text);
	sim_set_strategy(&sim_strategy_default);
	sim_set_replay(prog.choices, prog.nr_choices);
	program_run(&prog);
	assert_true(prog.nr_choices > 0);
	assert_null(sim_stale_choice());
	program_destroy(&prog);
}

/* The example in a row "| `...` |". Return: the operation's id, or -1: it is none. */
static int example_op(const char *row, size_t len)
{
	char text[256];
	struct program_error err;
	struct program prog;
	int id = -1;

	snprintf(text, sizeof(text), "program 1\ndevice A pages=9\ndevice B pages=9\n"
		 "task 0 @cpu0 { %.*s }\n", (int)len, row);
	if (!program_parse(&prog, text, strlen(text), &err)) {
		if (prog.tasks[0].nr_ops == 1)
			id = prog.tasks[0].ops[0].id;
		program_destroy(&prog);
	}
	return id;
}

static void test_operations(void **state)
{
	bool seen[NR_OPS] = { false };
	const char *row, *end;
	unsigned int i;
	int id;

	for (row = strstr(readme, "\n| `"); row; row = strstr(row, "\n| `")) {
		row += strlen("\n| `");
		end = strchr(row, '`');
		id = example_op(row, end - row);
		if (id >= 0)
			seen[id] = true;
	}
	for (i = 0; i < NR_OPS; i++)
		if (!seen[i])
			fail_msg("no example of %s", op_infos[i].name);
}

/* What fuzz_parse splices in. */
static void test_dictionary(void **state)
{
	char word[64];
	unsigned int i;

	for (i = 0; i < NR_OPS; i++) {
		snprintf(word, sizeof(word), "\n\"%s\"\n", op_infos[i].name);
		if (!strstr(dictionary, word))
			fail_msg("%s is not in fuzz/program/program.dict", op_infos[i].name);
	}
}

static void find(const char *fmt, int len, const char *name)
{
	char text[64];

	snprintf(text, sizeof(text), fmt, len, name);
	if (!strstr(readme, text))
		fail_msg("%s is not there", text);
}

/* `read`, and of lock(ci) `lock(C)` and `ci`. */
static void test_names(void **state)
{
	const char *name, *open;
	unsigned int i;

	for (i = 0; i < NR_ANCHORS; i++) {
		name = anchor_name(i);
		open = strchr(name, '(');
		if (!open) {
			find("`%.*s`", strlen(name), name);
			continue;
		}
		find("`%.*s(", open - name, name);
		find("`%.*s`", strlen(open + 1) - 1, open + 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_operations),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_dictionary),
	};

	return cmocka_run_group_tests_name("readme", tests, files_read, NULL);
}
