// SPDX-License-Identifier: GPL-2.0-only
/* From a timeline to steps: a line each, inside of operations and functions. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define RIGHT_FOR 4			/* events */

/* Open functions of a task; the first one is the operation. */
struct calls {
	unsigned int nr;
	int steps[DEPTH_MAX];
	int last;			/* the task's last step; -1: none */
};

static struct step *step_new(struct diagram *d, unsigned int *max)
{
	struct step *s;

	if (d->nr == *max) {
		*max = *max ? 2 * *max : 1024;
		d->steps = realloc(d->steps, *max * sizeof(*d->steps));
		if (!d->steps)
			abort();
	}
	s = &d->steps[d->nr++];
	memset(s, 0, sizeof(*s));
	s->scope = s->other = -1;
	s->id = NR_TRACE_EVENTS;
	return s;
}

/* Return: the step that began it, with everything inside of it off the stack; -1: none did. */
static int stack_pop(struct calls *stack, const struct diagram *d, unsigned int id)
{
	unsigned int i;

	for (i = stack->nr; i-- > 1; ) {
		if (d->steps[stack->steps[i]].id != drawings[id].begin)
			continue;
		stack->nr = i;
		return stack->steps[i];
	}
	return -1;
}

static void stack_push(struct calls *stack, int step)
{
	if (stack->nr < DEPTH_MAX)
		stack->steps[stack->nr++] = step;
}

static void place(struct diagram *d, struct calls *stack, struct step *s)
{
	s->depth = stack->nr;
	s->scope = stack->nr ? stack->steps[stack->nr - 1] : -1;
	stack->last = s - d->steps;
}

static void close_step(struct diagram *d, unsigned int *max, struct calls *stack,
		       const struct step *like, const struct timeline_event *e)
{
	int begin = stack_pop(stack, d, like->id);
	struct step *s;

	if (begin < 0)
		return;
	s = step_new(d, max);
	s->task = e->task;
	s->cpu = e->cpu;
	s->op = e->op;
	s->kind = e->kind;
	s->rank = RANK_NORMAL;
	s->shape = SHAPE_CLOSE;
	s->other = begin;
	d->steps[begin].other = s - d->steps;
	snprintf(s->text, sizeof(s->text), "}%s", e->id == TRACE_swap_table_alloc_leave && !e->values[0] ?
		 " = NULL" : "");
	place(d, stack, s);
}

static void line_step(struct diagram *d, unsigned int *max, struct calls *stack,
		      const struct step *made)
{
	struct step *s = step_new(d, max);

	*s = *made;
	place(d, stack, s);
	if (made->shape != SHAPE_OPEN) {
		s->shape = SHAPE_LINE;
		return;
	}
	if (made->kind == EVENT_TRACE && strlen(s->text) + 2 < sizeof(s->text))
		strcat(s->text, " {");
	stack_push(stack, s - d->steps);
}

/* A task that wakes up in vain says nothing new; a grace period is two scheduling points. */
static bool repeats(const struct diagram *d, const struct calls *stack, const struct step *made)
{
	if (stack->last < 0 || (made->kind != EVENT_BLOCK && made->rank != RANK_MAJOR))
		return false;
	return made->kind != EVENT_TRACE && !strcmp(d->steps[stack->last].text, made->text);
}

static void event_steps(struct diagram *d, unsigned int *max, struct calls *stack,
			const struct timeline_event *e, const struct program *prog)
{
	struct step made = { .task = e->task, .cpu = e->cpu, .kind = e->kind, .scope = -1,
			     .op = e->op, .other = -1, .id = NR_TRACE_EVENTS };

	step_text(&made, e, prog);
	if (repeats(d, stack, &made))
		return;
	if (e->kind == EVENT_OP)
		stack->nr = 0;
	if (made.shape == SHAPE_CLOSE || made.shape == SHAPE_AFTER)
		close_step(d, max, stack, &made, e);
	if (made.shape != SHAPE_CLOSE)
		line_step(d, max, stack, &made);
	if (made.shape == SHAPE_BOTH)
		close_step(d, max, stack, &made, e);
}

/*
 * From this event on the watched number was never again what it should be; past the end: none.
 * Between the two halves of a change both may be the same by chance, but not for long.
 */
static unsigned int wrong_since(const struct timeline *tl)
{
	unsigned int nr = timeline_nr(tl), i, since = nr, right = 0;

	for (i = nr; tl->watched.kind && i && right < RIGHT_FOR; i--) {
		right++;
		if (timeline_at(tl, i - 1)->is != timeline_at(tl, i - 1)->should) {
			right = 0;
			since = i - 1;
		}
	}
	return since;
}

/* The number that the failure is about, when it has changed. */
static void balance_step(struct diagram *d, unsigned int *max, struct calls *stack,
			 const struct timeline *tl, unsigned int i, bool first)
{
	const struct timeline_event *e = timeline_at(tl, i), *before = i ? timeline_at(tl, i - 1) : NULL;
	struct step made = { .task = e->task, .cpu = e->cpu, .kind = EVENT_BALANCE, .scope = -1,
			     .op = e->op, .other = -1, .id = NR_TRACE_EVENTS, .rank = RANK_MAJOR };
	struct object obj = balance_object(&tl->watched, tl);
	char name[64], function[80];
	bool refs;

	if (before && before->is == e->is && before->should == e->should)
		return;
	balance_name(name, sizeof(name), &tl->watched, tl);
	changed_in(function, sizeof(function), tl, timeline_number(tl, i));
	/* of references, a task that works on the object holds some */
	refs = tl->watched.kind == BALANCE_FOLIO_REFS || tl->watched.kind == BALANCE_DEVICE_REFS;
	snprintf(made.text, sizeof(made.text), "%s%s %d, %s %d%s", function, name, e->is,
		 refs ? "at rest" : "should be", e->should, first ? "; wrong from here on" : "");
	step_object(&made, &obj);
	line_step(d, max, stack, &made);
}

/* A sanitizer's report says where; what its values say is that it has said so. */
static const char *values_of(const struct diagram_options *options)
{
	const char *values = options->failure ? options->failure->text : NULL;

	return values && !strstr(values, "see its report") ? values : NULL;
}

/* A WARN is about what its task has just read: of a slot, which one. */
static void slot_print(FILE *f, struct step *made, const struct step *s, const struct program *prog)
{
	const struct world_device *dev;
	char name[32];
	unsigned int i;

	if (!s->nr_objs || s->objs[0].kind != OBJECT_SLOT || s->objs[0].dev >= WORLD_DEVICES_MAX)
		return;
	step_object(made, &s->objs[0]);
	object_name(name, sizeof(name), s->objs[0]);
	fprintf(f, " at %s", name);
	dev = &prog->world.devices[s->objs[0].dev];
	for (i = 0; i < dev->nr_bad; i++)
		if (dev->bad[i] == s->objs[0].nr)
			fputs(", which is bad", f);
}

/*
 * The failing task has just been running, so its last step is the last of all. If that is an
 * access, it has been done, and what the check found after it says more.
 */
static void mark_failure(struct diagram *d, unsigned int *max, struct calls *stack,
			 const struct timeline *tl, const struct program *prog,
			 const struct diagram_options *options)
{
	struct step *s = d->nr ? &d->steps[d->nr - 1] : NULL, made = { 0 };
	const char *values = values_of(options);
	FILE *f;

	if (s && s->task == tl->failing_task && tl->failing_task != SIM_TASK_MAIN &&
	    (s->kind != EVENT_POINT || (!values && s->nr_objs) || s->rank > RANK_NOISE)) {
		s->fail = true;
		return;
	}
	made.task = tl->failing_task;
	made.cpu = tl->tasks[tl->failing_task].cpu;
	made.op = tl->tasks[tl->failing_task].op;
	made.kind = EVENT_POINT;
	made.scope = made.other = -1;
	made.id = NR_TRACE_EVENTS;
	made.rank = RANK_MAJOR;
	made.fail = true;
	f = fmemopen(made.text, sizeof(made.text), "w");
	if (!f)
		abort();
	/* which is where it crashes */
	if (s && s->task == made.task && s->kind == EVENT_POINT && s->nr_objs &&
	    !strcmp(options->check ? : "", "CRASH"))
		fprintf(f, "%s: ", s->text);
	if (values) {
		values_print(f, values, tl);
		if (s && s->task == made.task && options->check && !strcmp(options->check, "WARN"))
			slot_print(f, &made, s, prog);
	} else if (made.task == SIM_TASK_MAIN) {
		fputs("all tasks have ended", f);
	} else if (options->race.valid && options->race.function[0][0]) {
		fprintf(f, "%s: the %s", options->race.function[0], options->race.how[0]);
	} else {
		fputs("an access to what is no object of the program", f);
	}
	fclose(f);
	made.text[sizeof(made.text) - 1] = 0;
	if (at_rest(&made))
		*step_new(d, max) = made;
	else
		line_step(d, max, stack, &made);
}

void diagram_steps(struct diagram *d, const struct timeline *tl, const struct program *prog,
		   const struct diagram_options *options)
{
	static struct calls stacks[SIM_TASKS_MAX];
	unsigned int i, before, max = 0, wrong = wrong_since(tl);

	memset(d, 0, sizeof(*d));
	memset(stacks, 0, sizeof(stacks));
	for (i = 0; i < SIM_TASKS_MAX; i++)
		stacks[i].last = -1;
	for (i = 0; i < timeline_nr(tl); i++) {
		before = d->nr;
		event_steps(d, &max, &stacks[timeline_at(tl, i)->task], timeline_at(tl, i), prog);
		if (i >= wrong)
			balance_step(d, &max, &stacks[timeline_at(tl, i)->task], tl, i, i == wrong);
		for (; before < d->nr; before++)
			d->steps[before].event = i;
	}
	before = d->nr;
	d->check = options->check;
	if (tl->failed)
		mark_failure(d, &max, &stacks[tl->failing_task], tl, prog, options);
	for (; before < d->nr; before++)
		d->steps[before].event = timeline_nr(tl);
}

void diagram_destroy(struct diagram *d)
{
	free(d->steps);
	d->steps = NULL;
}
