// SPDX-License-Identifier: GPL-2.0-only
/* What a diagram says of one event. */
#include <string.h>

#include <check/ghost.h>
#include "internal.h"

#define NAME_MAX_LEN 32

static const struct {
	u8 rank, shape;
	const char *text;
} templates[NR_TRACE_EVENTS] = {
#define STEP(name, rank, shape, text) [TRACE_##name] = { RANK_##rank, SHAPE_##shape, text },
#include "diagram.def"
#undef STEP
};

#define STEP(name, rank, shape, text) + 1
_Static_assert(0
#include "diagram.def"
	       == NR_TRACE_EVENTS, "diagram.def has a row for each tracepoint");
#undef STEP

void step_object(struct step *step, const struct object *obj)
{
	if (obj->kind && step->nr_objs < STEP_OBJECTS)
		step->objs[step->nr_objs++] = *obj;
}

/* --- tracepoints -------------------------------------------------------------------------- */

/* The slot at this offset of the event's device; it is one of the step's objects. */
static void slot_name(char *text, size_t size, struct step *step, const struct timeline_event *e,
		      u64 offset)
{
	struct object slot = { OBJECT_SLOT, e->obj.dev, offset, 0 };

	if (!e->obj.kind) {
		snprintf(text, size, "slot %lu", (unsigned long)offset);
		return;
	}
	step_object(step, &slot);
	object_name(text, size, slot);
}

static void folio_name(char *text, size_t size, struct step *step, u64 pfn)
{
	struct object folio = { OBJECT_FOLIO, 0, pfn, 0 };

	step_object(step, &folio);
	object_name(text, size, folio);
}

/* Return: false: it is no slot. */
static bool slot_value(char *text, size_t size, struct step *step, const struct timeline_event *e,
		       char what, const struct program *prog)
{
	size_t len;

	switch (what) {
	case 'o':
		slot_name(text, size, step, e, e->a);
		return true;
	case 'O':
		slot_name(text, size, step, e, e->b);
		return true;
	case 'y':
		slot_name(text, size, step, e, e->a & 0xffffffff);
		return true;
	case 'i':
		slot_name(text, size, step, e,
			  e->obj.nr * (u64)prog->geometry.cluster_slots + e->b);
		return true;
	case 'h':
		if (e->b)
			slot_name(text, size, step, e, e->b);
		else
			snprintf(text, size, "none");
		return true;
	case 'r':
		slot_name(text, size, step, e, e->a);
		if (e->b < 2)
			return true;
		len = strlen(text);
		snprintf(text + len, size - len, "..%lu", (unsigned long)(e->a + e->b - 1));
		if (step->nr_objs)
			step->objs[step->nr_objs - 1].more = e->b - 1;
		return true;
	default:
		return false;
	}
}

static void trace_value(char *text, size_t size, struct step *step,
			const struct timeline_event *e, char what, const struct program *prog)
{
	if (slot_value(text, size, step, e, what, prog))
		return;
	switch (what) {
	case 'c':
		step_object(step, &e->obj);
		object_name(text, size, e->obj);
		break;
	case 'd':
		if (e->obj.kind == OBJECT_DEVICE)
			step_object(step, &e->obj);
		snprintf(text, size, "%c", device_letter(e->obj.kind ? e->obj.dev : 0xff));
		break;
	case 'f':
	case 'F':
		folio_name(text, size, step, what == 'f' ? e->b : e->a);
		break;
	case 't':
		if (e->table)
			snprintf(text, size, "t%u", e->table);
		else
			snprintf(text, size, "no table");
		break;
	case 'l':
	case 'm':
		snprintf(text, size, "%s", cluster_flag_name(what == 'l' ? e->a : e->b));
		break;
	case 'n':
		snprintf(text, size, "%u", e->count);
		break;
	case 'p':
		snprintf(text, size, "%u", e->cpu);
		break;
	case 'e':
		snprintf(text, size, "%s", e->a < NR_ALLOC_SITES ? alloc_site_name(e->a) : "?");
		break;
	case 's':
		snprintf(text, size, "%ld", (long)(int)e->b);
		break;
	default:
		snprintf(text, size, "%lu", (unsigned long)(what == 'a' ? e->a : e->b));
		break;
	}
}

static void trace_text(struct step *step, const struct timeline_event *e, const struct program *prog)
{
	const char *p = templates[e->id].text;
	size_t n = 0;

	step->id = e->id;
	step->rank = templates[e->id].rank;
	step->shape = templates[e->id].shape;
	for (; *p && n < sizeof(step->text) - 1; p++) {
		if (*p != '%') {
			step->text[n++] = *p;
			continue;
		}
		trace_value(step->text + n, sizeof(step->text) - n, step, e, *++p, prog);
		n += strlen(step->text + n);
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
	if (e->a == PTE_IS_NONE)
		snprintf(step->text, sizeof(step->text), "%s: PTE cleared", name);
	else
		snprintf(step->text, sizeof(step->text), "%s: PTE = %s%s", name, value,
			 e->b ? ", writable" : "");
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
