// SPDX-License-Identifier: GPL-2.0-only
/* What a picture has beside its text: bars, frames, arrows, and strips of objects. */
#include <string.h>

#include "svg.h"

#define LOCK_BARS 5			/* beside each other in a lane */
#define ARROWS_MAX 12
#define COLOURS 6
#define STATE_LEN 32

static bool same_object(const struct object *a, const struct object *b)
{
	return a->kind == b->kind && a->dev == b->dev && a->nr == b->nr;
}

static bool touches(const struct step *s, const struct object *obj)
{
	unsigned int i;

	for (i = 0; i < s->nr_objs; i++)
		if (same_object(&s->objs[i], obj))
			return true;
	return false;
}

static unsigned int hash(const char *text)
{
	unsigned int h = 5381;

	while (*text)
		h = h * 33 + (unsigned char)*text++;
	return h;
}

/* Has the step's task a lane? */
static bool has_lane(const struct picture *p, const struct step *s)
{
	unsigned int column = p->d->column_of[s->task];

	return column < p->d->nr_columns && p->d->columns[column] == s->task;
}

static bool is_lock(const struct step *s)
{
	return s->kind == EVENT_LOCK || s->kind == EVENT_TRYLOCK || s->kind == EVENT_TRYLOCK_FAILED ||
	       s->kind == EVENT_UNLOCK;
}

/* --- frames: from a function's begin to its end --------------------------------------------- */

/* The row behind the last one of a function, or of an operation, which ends where the next one begins. */
static unsigned int frame_end(const struct picture *p, const struct step *s)
{
	const struct step *next, *end = p->d->steps + p->d->nr;

	if (s->other >= 0)
		return p->row[s->other] + p->d->steps[s->other].keep;
	for (next = s + 1; next < end; next++)
		if (next->task == s->task && next->kind == EVENT_OP)
			break;
	return p->row[next - p->d->steps];
}

void svg_frames(const struct picture *p)
{
	const struct diagram *d = p->d;
	unsigned int i, end, x;

	for (i = 0; i < d->nr; i++) {
		const struct step *s = &d->steps[i];

		if (!s->keep || s->shape != SHAPE_OPEN)
			continue;
		end = frame_end(p, s);
		x = SVG_GUTTER + s->depth * SVG_INDENT - 4;
		fprintf(p->out, "<rect class=\"frame\" data-rows=\"%u %u\" data-lane=\"%u\" x=\"%u\" y=\"%u\" "
			"width=\"%u\" height=\"%u\" rx=\"3\"><title>", p->row[i], end,
			p->d->column_of[s->task], svg_lane(p, s->task) + x, svg_y(p->row[i]) + 1,
			SVG_LANE - 14 - x, (end > p->row[i] ? end - p->row[i] : 1) * SVG_ROW - 1);
		svg_escape(p->out, s->text);
		fprintf(p->out, "</title></rect>\n");
	}
}

/* --- bars ------------------------------------------------------------------------------------ */

static void bar(const struct picture *p, const char *class, unsigned int x, unsigned int width,
		unsigned int from, unsigned int to, const char *title)
{
	fprintf(p->out, "<rect class=\"%s\" data-rows=\"%u %u\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" "
		"rx=\"1.5\"><title>", class, from, to, x, svg_y(from) + 1, width,
		(to > from ? to - from : 1) * SVG_ROW - 2);
	svg_escape(p->out, title);
	fprintf(p->out, "</title></rect>\n");
}

/* When each task runs: from a step of it to the next one of another task. */
void svg_turns(const struct picture *p)
{
	const struct step *s, *begin = NULL, *end = p->d->steps + p->d->nr;
	char title[48];

	for (s = p->d->steps; s <= end; s++) {
		if (s < end && (!s->keep || (begin && begin->task == s->task)))
			continue;
		if (begin) {
			task_title(title, sizeof(title), begin->task);
			strcat(title, " runs");
			bar(p, "turn", svg_lane(p, begin->task) + 4, 4, p->row[begin - p->d->steps],
			    s < end ? p->row[s - p->d->steps] - (s->gap || s->again) : p->nr_rows, title);
		}
		begin = s;
	}
}

static bool falls_asleep(const struct step *s)
{
	return s->kind == EVENT_BLOCK || s->id == TRACE_swap_table_unlocked;
}

/* From where a task cannot go on to its next step. */
void svg_sleeps(const struct picture *p)
{
	const struct step *s, *next, *end = p->d->steps + p->d->nr;

	for (s = p->d->steps; s < end; s++) {
		if (!falls_asleep(s) || !has_lane(p, s))
			continue;
		for (next = s + 1; next < end; next++)
			if (next->task == s->task && (s->kind == EVENT_BLOCK || next->id == TRACE_swap_table_slept))
				break;
		if (p->row[next - p->d->steps] > p->row[s - p->d->steps])
			bar(p, "sleep", svg_lane(p, s->task) + 10, 4, p->row[s - p->d->steps],
			    p->row[next - p->d->steps], s->text);
	}
}

/* The lock's name, behind "lock ", "trylock " or "unlock ". */
static const char *name_of_lock(const struct step *s)
{
	const char *space = strchr(s->text, ' ');

	return space ? space + 1 : s->text;
}

/* A bar for each lock that is held over a row, from where it is taken to where it is let go. */
void svg_locks(const struct picture *p)
{
	unsigned int until[SIM_TASKS_MAX][LOCK_BARS] = { 0 }, slot, from, to;
	const struct step *s, *next, *end = p->d->steps + p->d->nr;
	char title[STEP_TEXT + 16], class[8];

	for (s = p->d->steps; s < end; s++) {
		if ((s->kind != EVENT_LOCK && s->kind != EVENT_TRYLOCK) || !has_lane(p, s))
			continue;
		for (next = s + 1; next < end; next++)
			if (next->task == s->task && next->kind == EVENT_UNLOCK &&
			    !strcmp(name_of_lock(next), name_of_lock(s)))
				break;
		from = p->row[s - p->d->steps];
		to = p->row[next - p->d->steps] + (next < end && next->keep);
		if (to <= from)
			continue;
		for (slot = 0; slot < LOCK_BARS && until[s->task][slot] > from; slot++)
			;
		if (slot == LOCK_BARS)
			continue;
		until[s->task][slot] = to;
		snprintf(title, sizeof(title), "holds %s", name_of_lock(s));
		snprintf(class, sizeof(class), "l%u", hash(name_of_lock(s)) % COLOURS);
		bar(p, class, svg_lane(p, s->task) + 16 + slot * 4, 3, from, to, title);
	}
}

/* --- arrows: one task's step, and another's that meets what it left -------------------------- */

static const struct step *last_of_another(const struct picture *p, const struct step *s)
{
	const struct step *before;
	unsigned int i;

	for (before = s; before-- > p->d->steps; ) {
		if (!before->keep || is_lock(before))
			continue;
		for (i = 0; i < s->nr_objs; i++)
			if (s->objs[i].kind != OBJECT_DEVICE && s->objs[i].kind != OBJECT_NONE &&
			    touches(before, &s->objs[i]))
				return before->task != s->task ? before : NULL;
	}
	return NULL;
}

void svg_arrows(const struct picture *p)
{
	const struct step *s, *from, *end = p->d->steps + p->d->nr;
	unsigned int nr = 0, x1, y1, x2, y2;

	/* the last ones are those that lead to the failure */
	for (s = end; s-- > p->d->steps && nr < ARROWS_MAX; ) {
		if (!s->keep || is_lock(s) || at_rest(s))
			continue;
		from = last_of_another(p, s);
		if (!from || at_rest(from))
			continue;
		nr++;
		x1 = svg_lane(p, from->task) + SVG_GUTTER - 6;
		y1 = svg_y(p->row[from - p->d->steps]) + SVG_ROW / 2;
		x2 = svg_lane(p, s->task) + SVG_GUTTER - 6;
		y2 = svg_y(p->row[s - p->d->steps]) + SVG_ROW / 2;
		fprintf(p->out, "<g data-arrow=\"%u %u %u %u\"><title>", x1, p->row[from - p->d->steps], x2,
			p->row[s - p->d->steps]);
		svg_escape(p->out, from->text);
		fprintf(p->out, ", then ");
		svg_escape(p->out, s->text);
		fprintf(p->out, "</title><path class=\"arrow\" d=\"M%u %u C%u %u %u %u %u %u\"/>"
			"<path class=\"tip\" d=\"M%u %u l-7 -4 v8 z\"/></g>\n", x1, y1, (x1 + x2) / 2, y1,
			(x1 + x2) / 2, y2, x2 - 6, y2, x2, y2);
	}
}

/* --- strips ---------------------------------------------------------------------------------- */

/*
 * The text after the object's name, if nothing else that has a number is named behind it and
 * before @until: what is there is said of this object. NULL: it is not.
 */
static const char *said_of(const char *text, const char *until, const char *name)
{
	const char *found, *last = NULL, *end;
	size_t len = strlen(name);

	for (found = text; (found = strstr(found, name)) && found < until; found += len)
		if (found[len] < '0' || found[len] > '9')
			last = found;
	if (!last)
		return NULL;
	for (end = last + len; end < until; end++)
		if (*end >= '0' && *end <= '9')
			return NULL;
	return last + len;
}

/* What a step says of the state of an object: behind "->", "=", "becomes", "has", "gets"; "": nothing. */
static void state_of(char *state, const struct step *s, const struct object *obj)
{
	static const char *const words[] = { " dangles", " cleared", " poisoned" };
	static const char *const marks[] = { " -> ", " = ", " becomes ", " has ", " gets " };
	const char *found = NULL;
	char name[48];
	unsigned int i;

	state[0] = 0;
	object_name(name, sizeof(name), *obj);
	if (s->fail) {
		snprintf(state, STATE_LEN, "FAIL");
		return;
	}
	if (is_lock(s) || s->shape == SHAPE_CLOSE)
		return;
	for (i = 0; !found && i < sizeof(marks) / sizeof(*marks); i++) {
		found = strstr(s->text, marks[i]);
		/* behind a parenthesis is what a function returns */
		if (found && found > s->text && found[-1] != ')' && said_of(s->text, found, name))
			snprintf(state, STATE_LEN, "%s", found + strlen(marks[i]));
	}
	for (i = 0; !found && i < ARRAY_SIZE(words); i++) {
		found = strstr(s->text, words[i]);
		if (found && !said_of(s->text, found, name))
			found = NULL;
		if (found)
			snprintf(state, STATE_LEN, "%s", words[i] + 1);
	}
}

static unsigned int changes_of(const struct picture *p, const struct object *obj)
{
	char state[STATE_LEN];
	unsigned int i, nr = 0;

	for (i = 0; i < p->d->nr; i++) {
		const struct step *s = &p->d->steps[i];

		if (!s->keep || !touches(s, obj))
			continue;
		state_of(state, s, obj);
		nr += (state[0] != 0) + (s->fail ? 1000 : 0);
	}
	return nr;
}

/* Those that the failing step names, then those that change most. */
void svg_choose_strips(struct picture *p)
{
	unsigned int i, j, k, best, changes;
	struct object obj;

	for (k = 0; k < SVG_STRIPS_MAX; k++) {
		best = 0;
		for (i = 0; i < p->d->nr; i++)
			for (j = 0; p->d->steps[i].keep && j < p->d->steps[i].nr_objs; j++) {
				const struct object *o = &p->d->steps[i].objs[j];
				unsigned int n;

				for (n = 0; n < p->nr_strips && !same_object(&p->strips[n], o); n++)
					;
				if (n < p->nr_strips || o->kind == OBJECT_NONE || o->kind == OBJECT_NULL)
					continue;
				changes = changes_of(p, o);
				if (changes > best) {
					best = changes;
					obj = *o;
				}
			}
		if (!best)
			break;
		p->strips[p->nr_strips++] = obj;
	}
}

static void print_cell(const struct picture *p, unsigned int x, unsigned int from, unsigned int to, const char *state)
{
	bool fails = !strcmp(state, "FAIL");
	char cut[15];			/* what fits */

	if (!state[0] || to <= from)
		return;
	fprintf(p->out, "<g><title>");
	svg_escape(p->out, state);
	fprintf(p->out, "</title><rect class=\"cell %s%u\" data-rows=\"%u %u\" x=\"%u\" y=\"%u\" width=\"%u\" "
		"height=\"%u\"/><text class=\"%s\" data-row=\"%u\" x=\"%u\" y=\"%u\">", fails ? "l" : "s",
		fails ? 4 : hash(state) % COLOURS, from, to, x, svg_y(from),
		SVG_STRIP - 8, (to - from) * SVG_ROW, fails ? "onbad" : "state", from, x + 5,
		svg_y(from) + SVG_ROW - 5);
	snprintf(cut, sizeof(cut), "%s", state);
	svg_escape(p->out, cut);
	fprintf(p->out, "</text></g>\n");
}

void svg_print_strips(const struct picture *p)
{
	char name[48], state[STATE_LEN], next[STATE_LEN];
	unsigned int i, k, x, from;

	for (k = 0; k < p->nr_strips; k++) {
		x = svg_strips(p) + k * SVG_STRIP;
		object_name(name, sizeof(name), p->strips[k]);
		fprintf(p->out, "<text class=\"head\" x=\"%u\" y=\"%u\">", x + 5, SVG_HEAD - SVG_ROW - 3);
		svg_escape(p->out, name);
		fprintf(p->out, "</text>\n"
			"<line class=\"idle\" data-all=\"\" x1=\"%u\" y1=\"%u\" x2=\"%u\" y2=\"%u\"/>\n",
			x + SVG_STRIP / 2 - 4, SVG_HEAD, x + SVG_STRIP / 2 - 4, svg_y(p->nr_rows));
		state[0] = 0;
		from = 0;
		for (i = 0; i < p->d->nr; i++) {
			if (!p->d->steps[i].keep || !touches(&p->d->steps[i], &p->strips[k]))
				continue;
			state_of(next, &p->d->steps[i], &p->strips[k]);
			if (!next[0] || !strcmp(next, state))
				continue;
			print_cell(p, x, from, p->row[i], state);
			strcpy(state, next);
			from = p->row[i];
		}
		print_cell(p, x, from, p->nr_rows, state);
	}
}
