// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which objects can the code under test still find? Those that its variables name, and those that such an
 * object names, as kmemleak looks for them: any aligned word that is an address within an object counts.
 *
 * What nothing names is lost. What is named is kept: a patch may keep a table for the next cluster.
 *
 * Built without instrumentation. No task runs meanwhile.
 */
#include <stdlib.h>

#include <kernel/bug.h>
#include <kernel/percpu.h>
#include <machine/alloc.h>
#include <machine/machine.h>

#define ROOTS_MAX (8 + NR_CPUS)

static struct root {
	const char *from, *to;
} roots[ROOTS_MAX];
static unsigned int nr_roots;
static unsigned long first;		/* what was allocated since there are roots */

/* by address */
static struct alloc_link **objects, **unread;
static size_t nr_objects, nr_unread;

void alloc_root(const void *from, const void *to)
{
	if (nr_roots == ROOTS_MAX)
		harness_fail("SETUP", CODE_SITE, "more than %u roots", ROOTS_MAX);
	if (!nr_roots)
		first = alloc_first() ? alloc_first()->nth + 1 : 0;
	roots[nr_roots++] = (struct root){ from, to };
}

void alloc_roots_reset(void)
{
	nr_roots = 0;
}

static int by_address(const void *a, const void *b)
{
	const char *x = (*(struct alloc_link *const *)a)->object, *y = (*(struct alloc_link *const *)b)->object;

	return (x > y) - (x < y);
}

static bool is_object(const struct alloc_link *link)
{
	return link->object && alloc_is_live(link->object);
}

static void collect(void)
{
	struct alloc_link *link;
	size_t n = 0;

	for (link = alloc_first(); link; link = alloc_next(link))
		n += is_object(link);
	objects = calloc(2 * n + 1, sizeof(*objects));
	if (!objects)
		harness_fail("SETUP", CODE_SITE, "no memory");
	unread = objects + n;
	nr_objects = nr_unread = 0;
	for (link = alloc_first(); link; link = alloc_next(link)) {
		if (!is_object(link))
			continue;
		link->kept = false;
		objects[nr_objects++] = link;
	}
	qsort(objects, nr_objects, sizeof(*objects), by_address);
}

static struct alloc_link *object_at(const char *p)
{
	size_t low = 0, high = nr_objects, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if ((char *)objects[middle]->object <= p)
			low = middle + 1;
		else
			high = middle;
	}
	return low && p < (char *)objects[low - 1]->object + objects[low - 1]->size ? objects[low - 1] : NULL;
}

static void read_words(const char *from, const char *to)
{
	const unsigned long *word = (const unsigned long *)round_up((unsigned long)from, sizeof(*word));
	struct alloc_link *link;

	for (; (const char *)(word + 1) <= to; word++) {
		link = object_at((const char *)*word);
		if (!link || link->kept)
			continue;
		link->kept = true;
		unread[nr_unread++] = link;
	}
}

/* Sets @kept of each object. */
static void find_kept(void)
{
	struct alloc_link *link;
	unsigned int i;

	collect();
	for (i = 0; i < nr_roots; i++)
		read_words(roots[i].from, roots[i].to);
	while (nr_unread) {
		link = unread[--nr_unread];
		read_words(link->object, (char *)link->object + link->size);
	}
}

long alloc_lost(enum alloc_type type)
{
	long lost = 0;
	size_t i;

	find_kept();
	for (i = 0; i < nr_objects; i++)
		lost += objects[i]->type == type && !objects[i]->kept;
	free(objects);
	return lost;
}

void alloc_take_back_kept(void)
{
	const struct alloc_link *last = alloc_first();
	size_t i;

	/* the list begins with what was allocated last */
	if (!nr_roots || !last || last->nth < first)
		return;
	find_kept();
	for (i = 0; i < nr_objects; i++)
		if (objects[i]->kept && objects[i]->nth >= first)
			alloc_take_back(objects[i]);
	free(objects);
}
