// SPDX-License-Identifier: GPL-2.0-only
/*
 * Folding: a schedule has thousands of steps, a bug has twenty. Drawn is what concerns the
 * objects of the failure, with the functions around it, and what happens where the tasks that
 * touch them take turns.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define ROWS_MAX 90			/* of a folded diagram; the last ones are kept */
#define REPEAT 4			/* rows in which a lookup with the same result says nothing new */

static int op_of(const struct diagram *d, int i)
{
	while (d->steps[i].scope >= 0)
		i = d->steps[i].scope;
	return i;
}

/* The functions and operations around what is drawn, and their ends. */
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
		s->keep = s->fail;
		if (s->kind == EVENT_BALANCE)
			s->keep = true;
		if (s->fail || at_rest(s) || s->rank == RANK_NOISE)
			continue;
		if (focus_has(f, s) || focus_has_phase(f, s))
			s->keep = true;
		/* all of a function that works on it */
		else if (scope && scope->kind != EVENT_OP && !f->counts && focus_has(f, scope))
			s->keep = s->rank > RANK_MINOR || scope->id != TRACE_swap_alloc_enter;
		else if (f->whole_op && s->rank > RANK_MINOR)
			s->keep = op_of(d, i) == op_of(d, d->nr - 1);
	}
}

/*
 * What is rare, like sleeps, failing allocations and migrations, next to something that is
 * drawn, or inside of a function that is.
 */
static void keep_major(struct diagram *d)
{
	bool near[SIM_TASKS_MAX] = { false }, *wanted = calloc(d->nr + 1, sizeof(*wanted));
	const struct step *scope;
	struct step *s;
	unsigned int i;
	int pass;

	if (!wanted)
		abort();
	/* what the task did last before it, then what it does next */
	for (pass = 0; pass < 2; pass++) {
		memset(near, 0, sizeof(near));
		for (i = 0; i < d->nr; i++) {
			s = &d->steps[pass ? d->nr - 1 - i : i];
			if (s->rank == RANK_MAJOR)
				wanted[s - d->steps] |= near[s->task];
			else if (s->rank == RANK_NORMAL && s->kind != EVENT_OP)
				near[s->task] = s->keep;
		}
	}
	for (i = 0; i < d->nr; i++) {
		s = &d->steps[i];
		scope = s->scope >= 0 ? &d->steps[s->scope] : NULL;
		if (s->rank == RANK_MAJOR && scope && scope->keep)
			s->keep |= wanted[i] || scope->kind != EVENT_OP;
	}
	free(wanted);
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

/* The last step of a segment, and what it does to the locks behind that. */
static void keep_end(struct diagram *d, const struct focus *f, bool *more, unsigned int begin,
		     unsigned int end)
{
	unsigned int j;

	for (j = end - 1; j > begin && d->steps[j].rank <= RANK_MINOR; j--)
		if (focus_has_lock(f, &d->steps[j]))
			more[j] = true;
	more[j] |= in_context(d, &d->steps[j]);
}

/* Where two segments meet that both touch the focus: the last step of one, the first of the other. */
static void keep_switches(struct diagram *d, const struct focus *f)
{
	bool *more = calloc(d->nr + 1, sizeof(*more));
	unsigned int i, j, b0, e0, b1, e1;

	if (!more)
		abort();
	for (i = 0; i + 1 < d->nr; i++) {
		if (d->steps[i].task == d->steps[i + 1].task ||
		    !segment(d, i, &b0, &e0) || !segment(d, i + 1, &b1, &e1))
			continue;
		keep_end(d, f, more, b0, e0);
		for (j = b1; j < e1 - 1 && d->steps[j].rank <= RANK_MINOR; j++)
			;
		more[j] |= in_context(d, &d->steps[j]);
	}
	for (i = 0; i < d->nr; i++)
		d->steps[i].keep |= more[i];
	free(more);
}

/* Where the failing task took the cluster locks that it has. */
static void keep_held(struct diagram *d, const struct timeline *tl, const struct focus *f)
{
	const struct task_state *t = &tl->tasks[tl->failing_task];
	const struct step *s;
	unsigned int i, j;

	for (j = 0; j < t->nr_locks; j++) {
		for (i = d->nr; i--; ) {
			s = &d->steps[i];
			if (s->task == tl->failing_task && s->nr_objs &&
			    (s->kind == EVENT_LOCK || s->kind == EVENT_TRYLOCK) &&
			    !memcmp(&s->objs[0], &t->locks[j].obj, sizeof(s->objs[0])))
				break;
		}
		if (i < d->nr && focus_has_lock(f, &d->steps[i]))
			d->steps[i].keep = true;
	}
}

/*
 * An allocation that reads its CPU's hint, or does so by mistake after a sleep, on the CPU it
 * fails on: who wrote it?
 */
static void keep_hint(struct diagram *d, const struct timeline *tl)
{
	unsigned int i, cpu;

	for (i = d->nr; i--; )
		if (d->steps[i].task == tl->failing_task && d->steps[i].keep &&
		    (d->steps[i].id == TRACE_swap_table_slept ||
		     d->steps[i].id == TRACE_swap_alloc_hint_read))
			break;
	if (i >= d->nr)
		return;
	cpu = d->steps[d->nr - 1].cpu;
	while (i--)
		if (d->steps[i].id == TRACE_swap_alloc_hint_written &&
		    d->steps[i].shape == SHAPE_LINE && d->steps[i].cpu == cpu) {
			d->steps[i].keep = true;
			return;
		}
}

/* The lookup by which the operation that fails got what it fails on, however long ago. */
static void keep_lookup(struct diagram *d, const struct timeline *tl, const struct focus *f)
{
	struct step *s;
	unsigned int i;

	for (i = d->nr; i--; ) {
		s = &d->steps[i];
		if (s->task != tl->failing_task || s->fail)
			continue;
		if (s->kind == EVENT_OP)
			return;
		if (has_role(s, ROLE_LOOKS) && focus_has(f, s)) {
			s->keep = true;
			return;
		}
	}
}

/* A loop that finds the same again and again. */
static void drop_repeats(struct diagram *d)
{
	static struct {
		const struct step *rows[REPEAT];
		unsigned int nr;
	} last[SIM_TASKS_MAX];
	unsigned int i, j;
	struct step *s;

	memset(last, 0, sizeof(last));
	for (i = 0; i < d->nr; i++) {
		s = &d->steps[i];
		if (!s->keep)
			continue;
		if (!has_role(s, ROLE_LOOKS)) {
			last[s->task].nr = 0;
			continue;
		}
		for (j = 0; j < REPEAT && j < last[s->task].nr; j++)
			if (!s->fail && !strcmp(last[s->task].rows[j]->text, s->text))
				s->keep = false;
		if (s->keep)
			last[s->task].rows[last[s->task].nr++ % REPEAT] = s;
		else
			s->rank = RANK_MINOR;
	}
}

static void drop_oldest(struct diagram *d)
{
	unsigned int i, rows = 0;

	for (i = d->nr; i-- > 0; )
		if (d->steps[i].keep && rows++ >= ROWS_MAX)
			d->steps[i].keep = false;
}

static void keep_all(struct diagram *d, enum diagram_detail detail)
{
	bool set_up = true;
	struct step *s;
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		s = &d->steps[i];
		set_up &= s->task == SIM_TASK_MAIN;
		s->keep = detail == DIAGRAM_FULL || s->fail ||
			  (!set_up && s->rank != RANK_NOISE && !at_rest(s));
	}
}

/* Counters: what changed them, not the functions in between. */
static void flatten(struct diagram *d)
{
	unsigned int i;
	struct step *s;

	for (i = 0; i < d->nr; i++) {
		s = &d->steps[i];
		if (!s->keep || s->scope < 0)
			continue;
		d->steps[op_of(d, i)].keep = true;
		s->depth = 1;
	}
}

/* What happened before the operation in which a number became wrong for good. */
static void drop_before_wrong(struct diagram *d)
{
	unsigned int i, begin;

	for (i = 0; i < d->nr && d->steps[i].kind != EVENT_BALANCE; i++)
		;
	if (i == d->nr)
		return;
	begin = op_of(d, i);
	for (i = 0; i < begin; i++)
		d->steps[i].keep = false;
}

static bool is_place(const struct step *s)
{
	return (s->kind == EVENT_TRACE && s->shape == SHAPE_LINE) || s->kind == EVENT_PTE;
}

/* Where a number changes: what the task did last before it, and what it does next. */
static void keep_balance(struct diagram *d)
{
	unsigned int i, j;

	for (i = 0; i < d->nr; i++) {
		if (d->steps[i].kind != EVENT_BALANCE)
			continue;
		for (j = i; j-- && (d->steps[j].task != d->steps[i].task || !is_place(&d->steps[j])); )
			if (d->steps[j].task == d->steps[i].task && d->steps[j].kind == EVENT_OP)
				break;
		if (j < d->nr && is_place(&d->steps[j]))
			d->steps[j].keep = true;
		for (j = i + 1; j < d->nr; j++) {
			if (d->steps[j].task != d->steps[i].task)
				continue;
			if (d->steps[j].kind == EVENT_OP || is_place(&d->steps[j]))
				break;
		}
		if (j < d->nr && is_place(&d->steps[j]))
			d->steps[j].keep = true;
	}
}

/*
 * A race: where the other task made its access. When is not known but for the function, so it is the
 * last step that the function is known by, or else the task's last one.
 */
static void keep_race(struct diagram *d, const struct race *race)
{
	size_t len = strlen(race->function[1]);
	struct step *s, *last = NULL, *found = NULL;
	unsigned int i;

	for (i = 0; race->valid && i < d->nr; i++) {
		s = &d->steps[i];
		if (s->task != race->task || s->rank <= RANK_MINOR || s->fail || s->shape == SHAPE_CLOSE)
			continue;
		last = s;
		if (len && !strncmp(s->text, race->function[1], len) && strchr(":({", s->text[len]))
			found = s;
	}
	found = found ? : last;
	if (found)
		found->keep = found->race = true;
}

static void fold(struct diagram *d, const struct timeline *tl, const struct focus *f,
		 const struct diagram_options *options)
{
	keep_focus(d, f);
	keep_race(d, &options->race);
	keep_balance(d);
	drop_before_wrong(d);
	if (f->counts) {
		drop_oldest(d);
		flatten(d);
		return;
	}
	if (f->whole_op) {
		loop_keep_last(d, tl);
		loop_fold(d);
	}
	keep_around(d);
	keep_major(d);
	keep_switches(d, f);
	keep_held(d, tl, f);
	keep_hint(d, tl);
	drop_repeats(d);
	drop_before_wrong(d);
	drop_oldest(d);
	keep_lookup(d, tl, f);
	keep_around(d);
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
		s->gap = dropped[s->task] && s->kind != EVENT_OP && !at_rest(s);
		dropped[s->task] = false;
	}
}

void diagram_fold(struct diagram *d, const struct timeline *tl, const struct program *prog,
		  const struct diagram_options *options)
{
	struct focus f = { 0 };

	d->folded = options->detail == DIAGRAM_FOLDED && tl->failed;
	if (d->folded) {
		focus_find(&f, d, tl, prog, options);
		fold(d, tl, &f, options);
	} else {
		keep_all(d, options->detail);
	}
	columns_find(d);
	if (!f.counts)
		gaps_find(d);
}
