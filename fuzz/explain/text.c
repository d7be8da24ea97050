// SPDX-License-Identifier: GPL-2.0-only
/* What a diagram says of one event. */
#include <stdlib.h>
#include <string.h>

#include <check/ghost.h>
#include "internal.h"

#define NAME_MAX_LEN 32

#define DRAW_LINE SHAPE_LINE, NR_TRACE_EVENTS
#define DRAW_OPEN SHAPE_OPEN, NR_TRACE_EVENTS
#define DRAW_CLOSE(event) SHAPE_CLOSE, TRACE_##event
#define DRAW_BOTH(event) SHAPE_BOTH, TRACE_##event
#define DRAW_AFTER(event) SHAPE_AFTER, TRACE_##event

const struct drawing drawings[NR_TRACE_EVENTS] = {
#define TRACE_EVENT(name, rank, shape, role, args, text, when)			\
	[TRACE_##name] = { RANK_##rank, ROLE_##role, DRAW_##shape, text },
#include <kernel/trace_events.def>
#undef TRACE_EVENT
};

void step_object(struct step *step, const struct object *obj)
{
	if (obj->kind && step->nr_objs < STEP_OBJECTS)
		step->objs[step->nr_objs++] = *obj;
}

/* --- tracepoints -------------------------------------------------------------------------- */

/* @nr slots from this offset of the event's device on; they are one of the step's objects. */
static void slot_name(char *text, size_t size, struct step *step, const struct timeline_event *e,
		      u64 offset, u64 nr)
{
	struct object slot = { OBJECT_SLOT, e->obj.dev, offset, nr > 1 ? nr - 1 : 0 };
	size_t len;

	if (e->obj.kind) {
		step_object(step, &slot);
		object_name(text, size, slot);
	} else {
		snprintf(text, size, "slot %lu", (unsigned long)offset);
	}
	len = strlen(text);
	if (nr > 1)
		snprintf(text + len, size - len, "..%lu", (unsigned long)(offset + nr - 1));
}

static void folio_name(char *text, size_t size, struct step *step, u64 pfn)
{
	struct object folio = { OBJECT_FOLIO, 0, pfn, 0 };

	if (pfn == NO_FOLIO) {
		snprintf(text, size, "a folio");
		return;
	}
	step_object(step, &folio);
	object_name(text, size, folio);
}

static void space_name(char *text, size_t size, struct step *step, u64 place)
{
	struct object space = { OBJECT_SPACE, place - 1, place - 1, 0 };

	if (!place) {
		/* of a fork that is not over */
		snprintf(text, size, "a new space");
		return;
	}
	step_object(step, &space);
	object_name(text, size, space);
}

static void device_name(char *text, size_t size, struct step *step, const struct timeline_event *e)
{
	if (e->obj.kind == OBJECT_DEVICE)
		step_object(step, &e->obj);
	snprintf(text, size, "%c", device_letter(e->obj.kind ? e->obj.dev : 0xff));
}

static void cluster_name(char *text, size_t size, struct step *step, const struct timeline_event *e)
{
	step_object(step, &e->obj);
	object_name(text, size, e->obj);
}

/* @nr: of slots, if the value is the first of them. */
static void value_text(char *text, size_t size, struct step *step, const struct timeline_event *e,
		       enum trace_kind kind, u64 value, u64 nr, const struct program *prog)
{
	switch (kind) {
	case TRACE_DEVICE:
		device_name(text, size, step, e);
		break;
	case TRACE_CLUSTER:
		cluster_name(text, size, step, e);
		break;
	case TRACE_WORD:
		slot_name(text, size, step, e,
			  e->obj.nr * (u64)prog->geometry.cluster_slots + value, 1);
		break;
	case TRACE_HINT:
		if (!value) {
			snprintf(text, size, "none");
			break;
		}
		/* fall through */
	case TRACE_ENTRY:
	case TRACE_SLOT:
		slot_name(text, size, step, e, value, nr);
		break;
	case TRACE_FOLIO:
		folio_name(text, size, step, value);
		break;
	case TRACE_MM:
		space_name(text, size, step, value);
		break;
	case TRACE_TABLE:
		if (value)
			snprintf(text, size, "t%lu", (unsigned long)value);
		else
			snprintf(text, size, "no table");
		break;
	case TRACE_LIST:
		snprintf(text, size, "%s", cluster_flag_name(value));
		break;
	case TRACE_SITE:
		snprintf(text, size, "%s", value < NR_ALLOC_SITES ? alloc_site_name(value) : "?");
		break;
	default:
		snprintf(text, size, "%ld", (long)value);
		break;
	}
}

/* The value of the argument @name, of @len bytes; there must be one. @kind: its kind. */
static u64 value_of(const struct timeline_event *e, const char *name, size_t len,
		    enum trace_kind *kind)
{
	int arg = trace_arg_find(e->id, name, len), at;

	if (arg < 0) {
		fprintf(stderr, "%s has no argument '%.*s'\n", trace_name(e->id), (int)len, name);
		abort();
	}
	*kind = trace_arg(e->id, arg)->kind;
	at = trace_arg_value(e->id, arg);
	return at < 0 ? 0 : e->values[at];
}

/* What stands between braces. */
static void field_text(char *text, size_t size, struct step *step, const struct timeline_event *e,
		       const char *field, size_t len, const struct program *prog)
{
	const char *plus = memchr(field, '+', len);
	enum trace_kind kind;
	u64 value, nr = 1;

	if (len == strlen("this_cpu") && !memcmp(field, "this_cpu", len)) {
		snprintf(text, size, "%u", e->cpu);
		return;
	}
	if (len == strlen("ci.count") && !memcmp(field, "ci.count", len)) {
		snprintf(text, size, "%u", e->count);
		return;
	}
	if (plus) {
		nr = value_of(e, plus + 1, field + len - plus - 1, &kind);
		len = plus - field;
	}
	value = value_of(e, field, len, &kind);
	value_text(text, size, step, e, kind, value, nr, prog);
}

static void trace_text(struct step *step, const struct timeline_event *e, const struct program *prog)
{
	const char *p = drawings[e->id].text;
	size_t n = 0, len;

	step->id = e->id;
	step->rank = drawings[e->id].rank;
	step->shape = drawings[e->id].shape;
	for (; *p && n < sizeof(step->text) - 1; p++) {
		if (*p != '{') {
			step->text[n++] = *p;
			continue;
		}
		len = strcspn(++p, "}");
		field_text(step->text + n, sizeof(step->text) - n, step, e, p, len, prog);
		n += strlen(step->text + n);
		p += len;
	}
	step->text[n] = 0;
	/* the cluster matters also where the text names its slots only */
	if (e->obj.kind == OBJECT_CLUSTER)
		step_object(step, &e->obj);
}

/* --- the rest ----------------------------------------------------------------------------- */

static void op_text(struct step *step, const struct timeline_event *e, const struct program *prog)
{
	unsigned int task = e->task - SIM_TASK_USER;
	FILE *f;

	step->shape = SHAPE_OPEN;
	if (e->task >= SIM_TASK_USER && task < prog->nr_tasks && e->op >= 1 &&
	    e->op <= prog->tasks[task].nr_ops) {
		f = fmemopen(step->text, sizeof(step->text), "w");
		if (!f)
			return;
		fprintf(f, "op%u: ", e->op);
		op_print(f, &prog->tasks[task].ops[e->op - 1]);
		fclose(f);
		return;
	}
	if (e->task == SIM_TASK_RCU)
		snprintf(step->text, sizeof(step->text), "after a grace period: RCU callback");
	else
		snprintf(step->text, sizeof(step->text), "%s", e->task != SIM_TASK_MAIN ?
			 "work item" : e->op == 1 ? "set-up" : e->op < OP_MAIN_END ?
			 "waits for all tasks, then checks" : "the end: all spaces exit, swapoff");
}

static void point_text(struct step *step, const struct timeline_event *e)
{
	char name[NAME_MAX_LEN];
	unsigned int kind = e->anchor - ANCHOR_POINT;

	step->rank = RANK_NOISE;
	object_name(name, sizeof(name), e->obj);
	if (kind == POINT_FREE && e->table) {
		step->rank = RANK_NORMAL;
		snprintf(step->text, sizeof(step->text), "t%u of %s is freed", e->table, name);
		return;
	}
	if (kind == POINT_SYNC_RCU) {
		step->rank = RANK_MAJOR;
		snprintf(step->text, sizeof(step->text), "synchronize_rcu: a grace period is over");
		return;
	}
	if (kind == POINT_RELAX) {
		step->rank = RANK_NORMAL;
		snprintf(step->text, sizeof(step->text), "cpu_relax");
		return;
	}
	snprintf(step->text, sizeof(step->text), "%s%s%s", anchor_name(e->anchor),
		 name[0] ? " " : "", name);
}

static void pte_text(struct step *step, const struct timeline_event *e)
{
	char name[NAME_MAX_LEN], value[NAME_MAX_LEN];

	step->rank = RANK_MINOR;
	step_object(step, &e->value);
	object_name(name, sizeof(name), e->obj);
	object_name(value, sizeof(value), e->value);
	if (e->values[0] == PTE_IS_NONE)
		snprintf(step->text, sizeof(step->text), "%s: PTE cleared", name);
	else if (e->values[0] == PTE_IS_POISONED)
		snprintf(step->text, sizeof(step->text), "%s: PTE poisoned", name);
	else
		snprintf(step->text, sizeof(step->text), "%s: PTE = %s%s", name, value,
			 e->values[1] ? ", writable" : "");
}

static void lock_text(struct step *step, const struct timeline_event *e)
{
	static const char *const words[] = {
		[EVENT_LOCK] = "lock %s", [EVENT_TRYLOCK] = "trylock %s",
		[EVENT_TRYLOCK_FAILED] = "trylock %s fails", [EVENT_UNLOCK] = "unlock %s",
	};
	char name[NAME_MAX_LEN * 2];

	lock_name(name, sizeof(name), e->class, e->obj);
	snprintf(step->text, sizeof(step->text), words[e->kind], name);
	step->rank = e->class == lock_class_leaf ? RANK_NOISE : RANK_MINOR;
}

void step_text(struct step *step, const struct timeline_event *e, const struct program *prog)
{
	char name[NAME_MAX_LEN * 2];

	step->rank = RANK_NORMAL;
	step->shape = SHAPE_LINE;
	if (e->kind != EVENT_TRACE)
		step_object(step, &e->obj);
	switch (e->kind) {
	case EVENT_OP:
		op_text(step, e, prog);
		break;
	case EVENT_CPU:
		step->rank = RANK_MAJOR;
		snprintf(step->text, sizeof(step->text), "now on CPU %u", e->cpu);
		break;
	case EVENT_POINT:
		point_text(step, e);
		break;
	case EVENT_PTE:
		pte_text(step, e);
		break;
	case EVENT_BLOCK:
		step->rank = RANK_MAJOR;
		wait_name(name, sizeof(name), e);
		snprintf(step->text, sizeof(step->text), "waits for %s", name);
		break;
	case EVENT_TRACE:
		trace_text(step, e, prog);
		break;
	case EVENT_END:
		step->rank = RANK_NOISE;
		snprintf(step->text, sizeof(step->text), "ends");
		break;
	default:
		lock_text(step, e);
		break;
	}
}
