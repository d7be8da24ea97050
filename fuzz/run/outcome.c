// SPDX-License-Identifier: GPL-2.0-only
/* What a child's report says: which check failed, and where. */
#include <stdlib.h>
#include <string.h>

#include <fuzz/program/mutant_name.h>
#include <kernel/bug.h>
#include "engine.h"

#define FAIL_MARK "\nFAIL  "

/* The code under test: ours, or a kernel tree's, whose files are named as in the tree. */
static bool under_test(const char *path)
{
	static const char *const places[] = { "core/swap/", "core/mm/", "mm/", "lib/", "include/" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(places); i++)
		if (!strncmp(path, places[i], strlen(places[i])))
			return true;
	return false;
}

/*
 * The innermost frame of a stack in the code under test, from @text on and before @end:
 *   #1 0x563a in swap_table_get core/swap/swap_table.h:164:34	(ASan)
 *   #1 swap_table_get core/swap/swap_table.h:164:34 (replay+0x111635)	(TSan)
 * Return: the length of the function's name, 0 if there is none.
 */
static size_t core_frame(const char *text, const char *end, const char **function,
			 const char **path)
{
	const char *line, *name, *in;
	size_t len;

	for (line = text; line && line < end; line = strchr(line, '\n')) {
		line += strspn(line, "\n ");
		if (*line != '#')
			continue;
		name = line + strcspn(line, " \n");
		name += strspn(name, " ");
		in = name + strcspn(name, " \n");
		if (!strncmp(name, "0x", 2) && !strncmp(in, " in ", 4))
			name = in + 4;
		len = strcspn(name, " \n");
		if (name[len] != ' ' || !under_test(name + len + 1))
			continue;
		*function = name;
		*path = name + len + 1;
		return len;
	}
	return 0;
}

/* The sanitizer's own summary names an inline function or an interceptor. */
static bool parse_stacks(struct outcome *out, const char *end)
{
	const char *function, *path, *other;
	size_t len, size = sizeof(out->where);
	int n;

	len = core_frame(out->report, end, &function, &path);
	if (!len)
		return false;
	n = snprintf(out->where, size, "%.*s in %.*s", (int)strcspn(path, " \n"), path, (int)len,
		     function);
	other = strstr(path, "\n  Previous ");
	if (strcmp(out->check, "RACE") || !other || n < 0 || (size_t)n >= size)
		return true;
	len = core_frame(other, end, &function, &path);
	if (len)
		snprintf(out->where + n, size - n, " and %.*s", (int)len, function);
	return true;
}

void outcome_parse(struct outcome *out)
{
	const char *fail = strstr(out->report, FAIL_MARK);

	if (!out->failure.valid)
		return;
	snprintf(out->check, sizeof(out->check), "%s", out->failure.check);
	if (fail && strstr(out->report, "SUMMARY: ") && parse_stacks(out, fail))
		return;
	snprintf(out->where, sizeof(out->where), "%s", out->failure.site);
}

/* "F and G", of which @from is the first; in the order of the alphabet. */
static void print_functions(char *text, size_t size, const char *from)
{
	const char *and = strstr(from, " and ");

	if (and && strncmp(and + 5, from, and - from) < 0)
		snprintf(text, size, "%s and %.*s", and + 5, (int)(and - from), from);
	else
		snprintf(text, size, "%s", from);
}

void outcome_key(const struct outcome *out, char *key)
{
	bool anywhere = !strcmp(out->check, "LIVELOCK") || !strcmp(out->check, "DEADLOCK");
	const char *in = strstr(out->where, " in ");
	size_t len = anywhere || in ? strcspn(out->where, ":") : strlen(out->where);
	int n;

	n = snprintf(key, OUTCOME_KEY, "%s  %.*s", out->check, (int)len, out->where);
	if (in && !anywhere && n < OUTCOME_KEY) {
		n += snprintf(key + n, OUTCOME_KEY - n, " in ");
		print_functions(key + n, OUTCOME_KEY - n, in + 4);
	}
}

void __asan_init(void) __attribute__((weak));
void __tsan_init(void) __attribute__((weak));

const char *check_variant(const char *check)
{
	static const char *const asan[] = { "UAF", "OOB", "UBSAN" };
	unsigned int i;

	if (!strcmp(check, "RACE"))
		return __tsan_init ? NULL : "tsan";
	for (i = 0; i < ARRAY_SIZE(asan); i++)
		if (!strcmp(check, asan[i]))
			return __asan_init ? NULL : "asan";
	return NULL;
}

/* Of 100 races 11 were seen in the second or third run of a process only. */
#define RACE_RUNS 8

/* Races may be what TSan shows for it. */
static bool shown_by_tsan(const struct program *prog)
{
	return __tsan_init && (!strcmp(prog->expect, "RACE") || !strcmp(prog->expect, "UAF") ||
			       (prog->expect[0] && mutant_name_weak(prog->mutant)));
}

unsigned int outcome_runs(const struct program *prog)
{
	return shown_by_tsan(prog) ? RACE_RUNS : 1;
}

/*
 * TSan reports a use after free as a race of the use with the free, as a use after free, or not at
 * all, since it soon forgets freed memory. Where a barrier is missing, it reports a race of what that
 * should have published.
 */
bool outcome_expected(const struct outcome *out, const struct program *prog)
{
	if (!strcmp(out->check, prog->expect))
		return true;
	return !strcmp(out->check, "RACE") && shown_by_tsan(prog);
}

void outcome_destroy(struct outcome *out)
{
	free(out->report);
	free(out->program);
	out->report = out->program = NULL;
}
