// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a failure is about: the objects that its report names, or else those that the failing
 * task touched last.
 */
#include <string.h>

#include "internal.h"

#define LOOK_BACK 24			/* steps of the failing task */

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

/* The objects that the check has named. */
static void focus_named(struct focus *f, const struct timeline *tl, const struct failure *record)
{
	const struct failure_object *o;
	unsigned int i;

	for (i = 0; i < record->nr_objects; i++) {
		o = &record->objects[i];
		switch ((enum failure_kind)o->kind) {
		case FAILURE_DEVICE:
			focus_add(f, object(OBJECT_DEVICE, device_of(tl, o->in), 0));
			break;
		case FAILURE_CLUSTER:
			focus_add(f, object(OBJECT_CLUSTER, device_of(tl, o->in), o->nr));
			break;
		case FAILURE_SLOT:
			focus_add(f, object(OBJECT_SLOT, device_of(tl, o->in), o->nr));
			break;
		case FAILURE_FOLIO:
			focus_add(f, object(OBJECT_FOLIO, 0, o->nr));
			break;
		case FAILURE_PAGE:
			if (o->in < ARRAY_SIZE(tl->spaces) && tl->spaces[o->in])
				focus_add(f, object(OBJECT_PTE, tl->spaces[o->in] - 1, o->nr));
			break;
		case FAILURE_HINT:
			f->hint_cpu = o->in;
			break;
		case FAILURE_TASK:
			break;
		}
	}
}

static bool is_place(const struct object *obj)
{
	return obj->kind == OBJECT_CLUSTER || obj->kind == OBJECT_SLOT;
}

/* Then its cluster is only where the slot is. */
static bool names_slot(const struct step *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_objs && s->objs[i].kind != OBJECT_SLOT; i++)
		;
	return i < s->nr_objs;
}

/* What the failing task touched last, in the operation that failed. */
static void focus_steps(struct focus *f, const struct diagram *d, const struct timeline *tl,
			bool places)
{
	unsigned int i, j, seen = 0, before = f->nr;
	const struct step *s;

	for (i = d->nr; i-- && seen < LOOK_BACK && f->nr == before; ) {
		s = &d->steps[i];
		if (s->task != tl->failing_task)
			continue;
		if (s->kind == EVENT_OP && !s->fail)
			return;
		seen++;
		for (j = 0; j < s->nr_objs; j++)
			if (s->objs[j].kind == OBJECT_CLUSTER && names_slot(s))
				continue;
			else if (places ? is_place(&s->objs[j]) : s->objs[j].kind != OBJECT_DEVICE)
				focus_add(f, s->objs[j]);
	}
}

static void focus_waits(struct focus *f, const struct timeline *tl)
{
	unsigned int i;

	for (i = 0; i < SIM_TASKS_MAX; i++)
		if (tl->tasks[i].alive && tl->tasks[i].waits)
			focus_add(f, tl->tasks[i].wait.obj);
}

/* Of the locks that it holds, those of clusters: the others are in everybody's way. */
static void focus_locks(struct focus *f, const struct task_state *t)
{
	unsigned int i;

	for (i = 0; i < t->nr_locks; i++)
		if (t->locks[i].class == lock_class_cluster)
			focus_add(f, t->locks[i].obj);
}

static bool is_check(const char *check, const char *prefix)
{
	return check && !strncmp(check, prefix, strlen(prefix));
}

void focus_find(struct focus *f, const struct diagram *d, const struct timeline *tl,
		const struct program *prog, const struct diagram_options *options)
{
	static const char *const how_often[] = {
		"PROG-1", "PROG-2", "PROG-3", "PROG-4", "PROG-5", "LIVELOCK",
	};
	bool at_rest = tl->failing_task == SIM_TASK_MAIN, devices = true;
	unsigned int i;

	memset(f, 0, sizeof(*f));
	f->slots = prog->geometry.cluster_slots;
	f->dev = 0xff;
	f->hint_cpu = -1;
	if (d->nr && d->steps[d->nr - 1].nr_objs &&
	    d->steps[d->nr - 1].objs[0].kind == OBJECT_DEVICE)
		f->dev = d->steps[d->nr - 1].objs[0].dev;
	/* about how often something is done: all that the task does */
	for (i = 0; i < ARRAY_SIZE(how_often); i++)
		f->whole_op |= is_check(options->check, how_often[i]);
	if (is_check(options->check, "DEADLOCK"))
		focus_waits(f, tl);
	if (is_check(options->check, "LOCK"))
		focus_locks(f, &tl->tasks[tl->failing_task]);
	if (options->failure)
		focus_named(f, tl, options->failure);
	for (i = 0; i < f->nr; i++)
		devices &= f->objs[i].kind == OBJECT_DEVICE;
	/* counters that disagree, of one device or of all: every change of them */
	f->counts = devices && (at_rest || is_check(options->check, "INV-G17") || is_check(options->check, "INV-G5"));
	if (f->counts || (f->whole_op && !is_check(options->check, "LIVELOCK")))
		return;
	if (devices)
		f->nr = 0;
	for (i = 0; i < f->nr && !is_place(&f->objs[i]); i++)
		;
	if (i == f->nr && !at_rest)
		focus_steps(f, d, tl, true);
	if (!f->nr)
		focus_steps(f, d, tl, false);
}

/* Does the step do something to the cluster as a whole, other than lock it? */
static bool moves_cluster(const struct step *s)
{
	if (names_slot(s) || s->id == TRACE_swap_alloc_scan)
		return false;
	return s->kind == EVENT_TRACE || s->kind == EVENT_POINT || s->kind == EVENT_PTE;
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
	/* a page whose space swapoff must find */
	if (want->kind == OBJECT_PTE && obj->kind == OBJECT_SPACE)
		return s->id == TRACE_mm_listed || s->id == TRACE_mm_unlisted;
	if (want->kind == OBJECT_SLOT && obj->kind == OBJECT_SLOT)
		return obj->nr <= want->nr + want->more && want->nr <= obj->nr + obj->more;
	return want->kind == obj->kind && want->nr == obj->nr;
}

bool focus_has(const struct focus *f, const struct step *s)
{
	unsigned int i, j;

	if (f->hint_cpu >= 0 && s->id == TRACE_swap_alloc_hint_written && s->cpu == f->hint_cpu)
		return true;
	if (f->counts && !f->nr)
		return has_role(s, ROLE_COUNTS);
	if (f->counts && (!s->nr_objs || s->kind != EVENT_TRACE))
		return has_role(s, ROLE_COUNTS);
	for (i = 0; i < s->nr_objs; i++)
		for (j = 0; j < f->nr; j++)
			if (objects_match(f, &f->objs[j], &s->objs[i], s))
				return true;
	return false;
}

/* A lock of a cluster with something in it that the failure is about. */
bool focus_has_lock(const struct focus *f, const struct step *s)
{
	struct object cluster;
	unsigned int i;

	if (s->kind < EVENT_LOCK || s->kind > EVENT_UNLOCK || !s->nr_objs)
		return false;
	for (i = 0; i < f->nr; i++) {
		cluster = f->objs[i];
		if (cluster.kind == OBJECT_SLOT) {
			cluster.kind = OBJECT_CLUSTER;
			cluster.nr /= f->slots;
		}
		if (cluster.kind == OBJECT_CLUSTER && s->objs[0].kind == OBJECT_CLUSTER &&
		    s->objs[0].dev == cluster.dev && s->objs[0].nr == cluster.nr)
			return true;
	}
	return false;
}

bool focus_has_phase(const struct focus *f, const struct step *s)
{
	unsigned int i;

	if (s->rank != RANK_MAJOR || !s->nr_objs || s->objs[0].kind != OBJECT_DEVICE)
		return false;
	if (s->objs[0].dev == f->dev)
		return true;
	for (i = 0; i < f->nr; i++)
		if (f->objs[i].kind <= OBJECT_SLOT && f->objs[i].dev == s->objs[0].dev)
			return true;
	return false;
}
