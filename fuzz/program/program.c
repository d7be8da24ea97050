// SPDX-License-Identifier: GPL-2.0-only
/* Programs in memory. */
#include <stdlib.h>
#include <string.h>

#include "program.h"

void program_fit_geometry(struct program *prog)
{
	struct geometry *g = &prog->geometry;

	if (geometry_fixed) {
		g->cluster_slots = geometry_fixed->cluster_slots;
		g->count_bits = geometry_fixed->count_bits;
		g->table = geometry_fixed->table;
	}
	g->pmd_order = __builtin_ctz(g->cluster_slots);
}

void program_init(struct program *prog)
{
	memset(prog, 0, sizeof(*prog));
	prog->geometry = (struct geometry){
		.cluster_slots = 8, .pmd_order = 3, .count_bits = 2, .nr_cpus = 2, .ptl_shift = 1,
		.table = TABLE_PAGE,
	};
	program_fit_geometry(prog);
	prog->pages = 32;
	prog->spaces = 1;
	prog->folios = 64;
	prog->nr_devices = 1;
	prog->devices[0] = (struct world_device){ .pages = 32, .prio = -1 };
}

void program_destroy(struct program *prog)
{
	free(prog->choices);
	prog->choices = NULL;
	prog->nr_choices = 0;
}

#define AFTER_TASKS offsetof(struct program, nr_choices)

void program_copy(struct program *dst, const struct program *src)
{
	/* tasks that are not there have no operations to copy */
	memcpy(dst, src, offsetof(struct program, tasks));
	memcpy(dst->tasks, src->tasks, src->nr_tasks * sizeof(src->tasks[0]));
	memcpy((char *)dst + AFTER_TASKS, (const char *)src + AFTER_TASKS, sizeof(*src) - AFTER_TASKS);
	dst->choices = NULL;
	if (!src->nr_choices)
		return;
	dst->choices = malloc(src->nr_choices * sizeof(*src->choices));
	if (!dst->choices)
		abort();
	memcpy(dst->choices, src->choices, src->nr_choices * sizeof(*src->choices));
}

void program_expect_nothing(struct program *prog)
{
	prog->has_expect = false;
	prog->expect[0] = prog->mutant[0] = 0;
	prog->nr_reaches = 0;
}

static bool device_equal(const struct world_device *a, const struct world_device *b)
{
	return a->pages == b->pages && a->prio == b->prio && a->rotating == b->rotating &&
	       a->discard == b->discard && a->synchronous == b->synchronous && a->stable == b->stable &&
	       a->file == b->file && a->fs == b->fs && a->off == b->off && a->short_by == b->short_by &&
	       a->nr_bad == b->nr_bad && !memcmp(a->bad, b->bad, a->nr_bad * sizeof(a->bad[0]));
}

static bool task_equal(const struct program_task *a, const struct program_task *b)
{
	unsigned int i;

	if (a->cpu != b->cpu || a->nr_ops != b->nr_ops)
		return false;
	for (i = 0; i < a->nr_ops; i++)
		if (!op_equal(&a->ops[i], &b->ops[i]))
			return false;
	return true;
}

static bool fail_equal(const struct program_fail *a, const struct program_fail *b)
{
	return a->site == b->site && a->from == b->from && a->to == b->to && a->every == b->every;
}

static bool choice_equal(const struct choice *a, const struct choice *b)
{
	return a->task == b->task && a->anchor == b->anchor && a->op == b->op &&
	       a->nth == b->nth && a->value == b->value;
}

/* Wherever they are in a file. */
static bool reach_equal(const struct program_reach *a, const struct program_reach *b)
{
	unsigned int i;

	for (i = 0; i < TRACE_ARGS_MAX; i++)
		if (a->values[i].device != b->values[i].device ||
		    a->values[i].given != b->values[i].given || a->values[i].nr != b->values[i].nr)
			return false;
	return a->task == b->task && a->event == b->event;
}

#define ALL_EQUAL(a, b, array, nr, fn) ({				\
	unsigned int __i = 0;						\
	while (__i < (a)->nr && fn(&(a)->array[__i], &(b)->array[__i]))	\
		__i++;							\
	(a)->nr == (b)->nr && __i == (a)->nr;				\
})

bool program_equal(const struct program *a, const struct program *b)
{
	const struct geometry *g = &a->geometry, *h = &b->geometry;

	if (g->cluster_slots != h->cluster_slots || g->count_bits != h->count_bits ||
	    g->nr_cpus != h->nr_cpus || g->ptl_shift != h->ptl_shift || g->table != h->table)
		return false;
	if (a->pages != b->pages || a->spaces != b->spaces || a->folios != b->folios)
		return false;
	if (a->has_expect != b->has_expect || strcmp(a->expect, b->expect) ||
	    strcmp(a->mutant, b->mutant))
		return false;
	if (a->nr_devices != b->nr_devices || a->nr_fails != b->nr_fails ||
	    a->nr_tasks != b->nr_tasks || a->nr_choices != b->nr_choices ||
	    a->nr_reaches != b->nr_reaches)
		return false;
	return ALL_EQUAL(a, b, devices, nr_devices, device_equal) &&
	       ALL_EQUAL(a, b, fails, nr_fails, fail_equal) &&
	       ALL_EQUAL(a, b, tasks, nr_tasks, task_equal) &&
	       ALL_EQUAL(a, b, choices, nr_choices, choice_equal) &&
	       ALL_EQUAL(a, b, reaches, nr_reaches, reach_equal);
}

const char *program_task_name(unsigned int task, char *buffer, size_t size)
{
	static const char *const names[SIM_TASK_USER] = { "main", "rcu", "work0", "work1" };

	if (task < SIM_TASK_USER)
		return names[task];
	snprintf(buffer, size, "%u", task - SIM_TASK_USER);
	return buffer;
}
