// SPDX-License-Identifier: GPL-2.0-only
/*
 * The locks of a data race. ThreadSanitizer says which mutexes each of the two tasks held, by
 * addresses and by who created them; here they get the names that diagrams have. That no lock is
 * common to both is what a race is.
 */
#include <stdlib.h>
#include <string.h>

#include "block_internal.h"
#include "internal.h"

#define FUNCTION_WIDTH 64

/* "  Write of size 8 at 0x72 by thread T4 (mutexes: write M0, read M1):" and what follows. */
struct access {
	const char *line, *how, *end;	/* @how: "Write of ..." */
	bool before;			/* it is the earlier one */
};

static bool find_access(struct access *a, const char *from)
{
	static const char *const kinds[] = { "Write of size", "Read of size", "Atomic write of size",
					     "Atomic read of size", "write of size", "read of size",
					     "atomic write of size", "atomic read of size" };
	static const char previous[] = "  Previous ";
	unsigned int i;

	for (; *from; from += strcspn(from, "\n"), from += *from == '\n') {
		a->before = !strncmp(from, previous, strlen(previous));
		a->how = from + (a->before ? strlen(previous) : 2);
		for (i = 0; i < ARRAY_SIZE(kinds); i++) {
			if (strncmp(from, "  ", 2) || strncmp(a->how, kinds[i], strlen(kinds[i])))
				continue;
			a->line = from;
			a->end = from + strcspn(from, "\n");
			return true;
		}
	}
	return false;
}

/* "by thread T5" is the task that "Thread T5 'task 1'" names. */
static void task_name(char *name, size_t size, const struct access *a, const char *text)
{
	const char *by = memmem(a->how, a->end - a->how, " by thread ", 11), *known;
	char thread[24];

	if (!by) {
		snprintf(name, size, "main");
		return;
	}
	by += strlen(" by thread ");
	snprintf(thread, sizeof(thread), "Thread %.*s '", (int)strcspn(by, " :"), by);
	known = strstr(text, thread);
	if (known)
		snprintf(name, size, "%.*s", (int)strcspn(known + strlen(thread), "'"), known + strlen(thread));
	else
		snprintf(name, size, "thread %.*s", (int)strcspn(by, " :"), by);
}

/* "write", "atomic read" */
static void how_name(char *how, size_t size, const struct access *a)
{
	snprintf(how, size, "%.*s", (int)(strstr(a->how, " of size") - a->how), a->how);
	if (*how == 'W' || *how == 'R' || *how == 'A')
		*how += 'a' - 'A';
}

static void function_name(char *function, size_t size, const struct access *a)
{
	const char *blank = strstr(a->end, "\n\n");
	char *stack = strndup(a->end, blank ? (size_t)(blank - a->end) : strlen(a->end));

	if (!stack)
		abort();
	core_function(function, size, stack);
	/* "FUNCTION: " */
	function[strcspn(function, ":")] = 0;
	free(stack);
}

static void print_access(FILE *out, const struct access *a, const char *text)
{
	char name[32], how[24], function[FUNCTION_WIDTH];

	task_name(name, sizeof(name), a, text);
	how_name(how, sizeof(how), a);
	function_name(function, sizeof(function), a);
	fprintf(out, "    %s%s: %s%s%s", name, a->before ? ", before" : "", how, function[0] ? " in " : "", function);
}

struct race race_find(const char *text)
{
	const char *from = strstr(text, "ThreadSanitizer: data race");
	struct access access[2];
	struct race race = { 0 };
	char name[32], title[32];
	unsigned int i;

	if (!from || !find_access(&access[0], from) || !find_access(&access[1], access[0].end))
		return race;
	for (i = 0; i < 2; i++) {
		how_name(race.how[i], sizeof(race.how[i]), &access[i]);
		function_name(race.function[i], sizeof(race.function[i]), &access[i]);
	}
	task_name(name, sizeof(name), &access[1], text);
	for (i = 0; i < SIM_TASKS_MAX && !race.valid; i++) {
		task_title(title, sizeof(title), i);
		race.valid = !strcmp(name, title);
		race.task = i;
	}
	return race;
}

/* @mutex: "M1", where "Mutex M1 (0x723c00000048) created at:" says where it is. */
static void print_lock(FILE *out, const char *mutex, size_t len, const char *text, const struct timeline *tl)
{
	char title[32], name[64];
	unsigned long addr;
	unsigned int i;

	snprintf(title, sizeof(title), "Mutex %.*s (0x", (int)len, mutex);
	text = strstr(text, title);
	addr = text ? strtoul(text + strlen(title), NULL, 16) : 0;
	for (i = 0; i < tl->nr_locks && tl->locks[i].addr != addr; i++)
		;
	if (!addr || i == tl->nr_locks) {
		fputs("another lock", out);
		return;
	}
	lock_name(name, sizeof(name), tl->locks[i].class, tl->locks[i].obj);
	fputs(name, out);
}

static void print_locks(FILE *out, const struct access *a, const char *text, const struct timeline *tl)
{
	const char *at = memmem(a->how, a->end - a->how, "(mutexes: ", 10);
	size_t len;

	if (!at) {
		fputs("; holds none", out);
		return;
	}
	fputs("; holds ", out);
	for (at += strlen("(mutexes: "); at < a->end && *at != ')'; at += len) {
		if (!strncmp(at, "read ", 5))
			fputs("(shared) ", out);
		at += strcspn(at, " ");
		at += *at == ' ';
		len = strcspn(at, ",)");
		print_lock(out, at, len, text, tl);
		at += len;
		len = strspn(at, ", ");
		if (len)
			fputs(", ", out);
	}
}

void block_race(FILE *out, const char *text, const struct timeline *tl)
{
	const char *from = strstr(text, "ThreadSanitizer: data race");
	struct access a, b;

	if (!from || !find_access(&a, from) || !find_access(&b, a.end))
		return;
	fprintf(out, "\nlocks\n    no lock is held at both accesses:\n");
	print_access(out, &a, text);
	print_locks(out, &a, text, tl);
	fputc('\n', out);
	print_access(out, &b, text);
	print_locks(out, &b, text, tl);
	fputc('\n', out);
}
