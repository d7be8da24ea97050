// SPDX-License-Identifier: GPL-2.0-only
/*
 * Folding: a schedule has thousands of steps, a bug has twenty. Drawn is what concerns the
 * objects of the failure, with the functions around it, and what happens where the tasks that
 * touch them take turns.
 */
#include <stdlib.h>
#include <string.h>

#include "diagram_internal.h"

#define FOCUS_MAX 16
#define ROWS_MAX 90			/* of a folded diagram; the last ones are kept */
#define LOOK_BACK 24			/* steps of the failing task */

struct focus {
	unsigned int nr, slots;		/* slots: of a cluster */
	struct object objs[FOCUS_MAX];
	bool counts;			/* no object: the counters are wrong */
};

/* --- what the failure is about ------------------------------------------------------------ */

static void focus_add(struct focus *f, struct object obj)
{
	unsigned int i;

	if (!obj.kind || obj.kind >= OBJECT_CPU || f->nr == FOCUS_MAX)
		return;
	for (i = 0; i < f->nr; i++)
		if (!memcmp(&f->objs[i], &obj, sizeof(obj)))
			return;
	f->objs[f->nr++] = obj;
}

static u8 device_of(const struct timeline *tl, unsigned int type)
{
	return type < MAX_SWAPFILES ? tl->types[type] : 0xff;
}

/* Checks name devices by type: "cluster 0/2", "device 0 slot 17", "folio 3", "pfn 3". */
static void focus_values(struct focus *f, const struct timeline *tl, const char *text)
{
	unsigned int type, nr;
	const char *p;

	for (p = text; (p = strstr(p, "cluster ")); p++)
		if (sscanf(p, "cluster %u/%u", &type, &nr) == 2)
			focus_add(f, object(OBJECT_CLUSTER, device_of(tl, type), nr));
	for (p = text; (p = strstr(p, "device ")); p++) {
		if (sscanf(p, "device %u slot %u", &type, &nr) == 2)
			focus_add(f, object(OBJECT_SLOT, device_of(tl, type), nr));
		else if (sscanf(p, "device %u cluster %u", &type, &nr) == 2)
			focus_add(f, object(OBJECT_CLUSTER, device_of(tl, type), nr));
		else if (sscanf(p, "device %u", &type) == 1)
			focus_add(f, object(OBJECT_DEVICE, device_of(tl, type), 0));
	}
	for (p = text; (p = strstr(p, "folio ")); p++)
		if (sscanf(p, "folio %u", &nr) == 1)
			focus_add(f, object(OBJECT_FOLIO, 0, nr));
	for (p = text; (p = strstr(p, "pfn ")); p++)
		if (sscanf(p, "pfn %u", &nr) == 1)
			focus_add(f, object(OBJECT_FOLIO, 0, nr));
}

static bool is_place(const struct object *obj)
{
	return obj->kind == OBJECT_CLUSTER || obj->kind == OBJECT_SLOT;
}

/* What the failing task touched last, in the operation that failed. */
static void focus_steps(struct focus *f, const struct diagram *d, const struct timeline *tl)
{
	unsigned int i, j, seen = 0, before = f->nr;
	const struct step *s;

	for (i = d->nr; i-- && seen < LOOK_BACK; ) {
		s = &d->steps[i];
		if (s->task != tl->failing_task)
			continue;
		if (s->kind == EVENT_OP && !s->fail)
			return;
		seen++;
		for (j = 0; j < s->nr_objs; j++)
			if (before ? is_place(&s->objs[j]) : s->objs[j].kind != OBJECT_DEVICE)
				focus_add(f, s->objs[j]);
		if (f->nr > before)
			return;
	}
}

static void focus_waits(struct focus *f, const struct timeline *tl)
{
	unsigned int i;

	for (i = 0; i < SIM_TASKS_MAX; i++)
		if (tl->tasks[i].alive && tl->tasks[i].waits)
			focus_add(f, tl->tasks[i].wait.obj);
}

static void focus_find(struct focus *f, const struct diagram *d, const struct timeline *tl,
		       const struct program *prog, const struct diagram_options *options)
{
	bool place = false;
	unsigned int i;

	memset(f, 0, sizeof(*f));
	f->slots = prog->geometry.cluster_slots;
	if (options->check && !strcmp(options->check, "DEADLOCK"))
		focus_waits(f, tl);
	if (options->values)
		focus_values(f, tl, options->values);
	for (i = 0; i < f->nr; i++)
		place |= f->objs[i].kind == OBJECT_DEVICE || is_place(&f->objs[i]);
	if (!place)
		focus_steps(f, d, tl);
	f->counts = !f->nr;
}

/* Does the step do something to the cluster as a whole, other than lock it? */
static bool moves_cluster(const struct step *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_objs; i++)
		if (s->objs[i].kind == OBJECT_SLOT)
			return false;
	return s->kind == EVENT_TRACE || s->kind == EVENT_POINT;
}

static bool objects_match(const struct focus *f, const struct object *want,
			  const struct object *obj, const struct step *s)
{
	if (want->dev != obj->dev)
		return false;
	if (want->kind == OBJECT_CLUSTER && obj->kind == OBJECT_SLOT)
		return obj->nr / f->slots == want->nr;
	if (want->kind == OBJECT_SLOT && obj->kind == OBJECT_CLUSTER)
		return want->nr / f->slots == obj->nr && moves_cluster(s);
	if (want->kind == OBJECT_SLOT && obj->kind == OBJECT_SLOT)
		return obj->nr <= want->nr + want->more && want->nr <= obj->nr + obj->more;
	return want->kind == obj->kind && want->nr == obj->nr;
}

static bool in_focus(const struct focus *f, const struct step *s)
{
	unsigned int i, j;

	switch (s->id) {
	case TRACE_swap_range_alloc:
	case TRACE_swap_range_free:
	case TRACE_swapon_published:
	case TRACE_swapoff_writeok_cleared:
		if (f->counts)
			return true;
		break;
	}
	for (i = 0; i < s->nr_objs; i++)
		for (j = 0; j < f->nr; j++)
			if (objects_match(f, &f->objs[j], &s->objs[i], s))
				return true;
	return false;
}

/* A phase of swapon or swapoff of a device that the failure is about. */
static bool phase_in_focus(const struct focus *f, const struct step *s)
{
	unsigned int i;

	if (s->rank != RANK_MAJOR || !s->nr_objs || s->objs[0].kind != OBJECT_DEVICE)
		return false;
	for (i = 0; i < f->nr; i++)
		if (f->objs[i].kind <= OBJECT_SLOT && f->objs[i].dev == s->objs[0].dev)
			return true;
	return false;
}

/* --- what is drawn ------------------------------------------------------------------------ */

static int op_of(const struct diagram *d, int i)
{
	while (d->steps[i].scope >= 0)
		i = d->steps[i].scope;
	return i;
}

static void keep_around(struct diagram *d)
{
	unsigned int i;
	int scope;

	for (i = 0; i < d->nr; i++) {
		if (!d->steps[i].keep)
			continue;
		for (scope = d->steps[i].scope; scope >= 0; scope = d->steps[scope].scope)
			d->steps[scope].keep = true;
	}
	for (i = 0; i < d->nr; i++)
		if (d->steps[i].shape == SHAPE_CLOSE)
			d->steps[i].keep = d->steps[d->steps[i].other].keep;
}

static void keep_focus(struct diagram *d, const struct focus *f)
{
	const struct step *scope;
	struct step *s;
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		s = &d->steps[i];
		scope = s->scope >= 0 ? &d->steps[s->scope] : NULL;
		if (s->fail)
			s->keep = true;
		else if (s->task != SIM_TASK_MAIN && s->rank != RANK_NOISE)
			s->keep = in_focus(f, s) || phase_in_focus(f, s) ||
				  /* all of a function that works on it */
				  (scope && scope->kind != EVENT_OP && in_focus(f, scope));
	}
}

/*
 * Sleeps and failing allocations in a function that is drawn anyway; a migration only where it
 * may matter: not between functions, unless in the operation that fails.
 */
static void keep_major(struct diagram *d)
{
	const struct step *scope;
	unsigned int i;
	struct step *s;

	for (i = 0; i < d->nr; i++) {
		s = &d->steps[i];
		scope = s->scope >= 0 ? &d->steps[s->scope] : NULL;
		if (s->rank != RANK_MAJOR || !scope || !scope->keep)
			continue;
		s->keep |= s->kind != EVENT_CPU || scope->kind != EVENT_OP ||
			   op_of(d, i) == op_of(d, d->nr - 1);
	}
}

/* The segment of steps around i that one task makes without interruption: [*begin, *end). */
static bool segment(const struct diagram *d, unsigned int i, unsigned int *begin,
		    unsigned int *end)
{
	unsigned int j;

	for (*begin = i; *begin && d->steps[*begin - 1].task == d->steps[i].task; --*begin)
		;
	for (*end = i + 1; *end < d->nr && d->steps[*end].task == d->steps[i].task; ++*end)
		;
	for (j = *begin; j < *end; j++)
		if (d->steps[j].keep)
			return true;
	return false;
}

/* Worth a row at a change of tasks: in something that is drawn. */
static bool in_context(const struct diagram *d, const struct step *s)
{
	return s->rank > RANK_MINOR && s->shape == SHAPE_LINE && s->scope >= 0 &&
	       d->steps[s->scope].keep;
}

/* Where two segments meet that both touch the focus: the last step of one, the first of the other. */
static void keep_switches(struct diagram *d)
{
	bool *more = calloc(d->nr + 1, sizeof(*more));
	unsigned int i, j, b0, e0, b1, e1;

	if (!more)
		abort();
	for (i = 0; i + 1 < d->nr; i++) {
		if (d->steps[i].task == d->steps[i + 1].task ||
		    !segment(d, i, &b0, &e0) || !segment(d, i + 1, &b1, &e1))
			continue;
		for (j = e0 - 1; j > b0 && d->steps[j].rank <= RANK_MINOR; j--)
			;
		more[j] |= in_context(d, &d->steps[j]);
		for (j = b1; j < e1 - 1 && d->steps[j].rank <= RANK_MINOR; j++)
			;
		more[j] |= in_context(d, &d->steps[j]);
	}
	for (i = 0; i < d->nr; i++)
		d->steps[i].keep |= more[i];
	free(more);
}

static void drop_oldest(struct diagram *d)
{
	unsigned int i, rows = 0;

	for (i = d->nr; i-- > 0; ) {
		if (d->steps[i].keep && rows++ >= ROWS_MAX)
			d->steps[i].keep = false;
	}
}

static void keep_all(struct diagram *d, enum diagram_detail detail)
{
	unsigned int i;
	bool set_up = true;

	for (i = 0; i < d->nr; i++) {
		if (d->steps[i].task != SIM_TASK_MAIN)
			set_up = false;
		d->steps[i].keep = detail == DIAGRAM_FULL || d->steps[i].fail ||
				   (!set_up && d->steps[i].rank != RANK_NOISE &&
				    d->steps[i].task != SIM_TASK_MAIN);
	}
}

/* User tasks first, then the machine's own. */
static void columns_find(struct diagram *d)
{
	bool seen[SIM_TASKS_MAX] = { false };
	unsigned int i, task;

	for (i = 0; i < d->nr; i++)
		seen[d->steps[i].task] |= d->steps[i].keep;
	for (i = 0; i < SIM_TASKS_MAX; i++) {
		task = (i + SIM_TASK_USER) % SIM_TASKS_MAX;
		if (!seen[task])
			continue;
		d->column_of[task] = d->nr_columns;
		d->columns[d->nr_columns++] = task;
	}
}

static void gaps_find(struct diagram *d)
{
	bool dropped[SIM_TASKS_MAX] = { false };
	struct step *s;
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		s = &d->steps[i];
		if (!s->keep) {
			dropped[s->task] |= s->rank > RANK_MINOR;
			continue;
		}
		/* operations are numbered: one sees that some are missing */
		s->gap = dropped[s->task] && s->kind != EVENT_OP;
		dropped[s->task] = false;
	}
}

void diagram_fold(struct diagram *d, const struct timeline *tl, const struct program *prog,
		  const struct diagram_options *options)
{
	struct focus f;

	if (options->detail == DIAGRAM_FULL || !tl->failed) {
		keep_all(d, options->detail);
	} else {
		d->folded = true;
		focus_find(&f, d, tl, prog, options);
		keep_focus(d, &f);
		keep_around(d);
		keep_major(d);
		keep_switches(d);
		drop_oldest(d);
		keep_around(d);
	}
	columns_find(d);
	gaps_find(d);
}
