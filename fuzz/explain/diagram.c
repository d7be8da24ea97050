// SPDX-License-Identifier: GPL-2.0-only
/* A diagram as text. */
#include <string.h>

#include "internal.h"

#define MARGIN 4
#define COLUMNS_MAX 5			/* further tasks share the last one */
#define COLUMN_WIDTH_MAX 46
#define INDENT 2
#define OVERHANG 40

static unsigned int columns_drawn(const struct diagram *d)
{
	return d->nr_columns < COLUMNS_MAX ? d->nr_columns : COLUMNS_MAX;
}

static unsigned int column_width(const struct diagram *d)
{
	unsigned int nr = columns_drawn(d), width = (DIAGRAM_WIDTH - MARGIN) / (nr ? nr : 1);

	return width < COLUMN_WIDTH_MAX || nr == 1 ? width : COLUMN_WIDTH_MAX;
}

static bool shared(const struct diagram *d, unsigned int column)
{
	return d->nr_columns > COLUMNS_MAX && column >= COLUMNS_MAX - 1;
}

void column_title(char *text, size_t size, const struct diagram *d, unsigned int column)
{
	unsigned int task = d->columns[column], i;
	char name[32];

	task_title(name, sizeof(name), task);
	for (i = 0; i < d->nr && (!d->steps[i].keep || d->steps[i].task != task); i++)
		;
	/* only what it finds in the end, or what it does, too */
	if (task == SIM_TASK_MAIN && (i == d->nr || d->steps[i].fail))
		snprintf(text, size, "at rest");
	else
		snprintf(text, size, "CPU %u (%s)", i < d->nr ? d->steps[i].cpu : 0, name);
}

static void print_titles(FILE *out, const struct diagram *d)
{
	unsigned int i, len, at, width = column_width(d);
	char title[48];
	int pass;

	for (pass = 0; pass < 2; pass++) {
		for (at = 0, i = 0; i < columns_drawn(d); i++) {
			column_title(title, sizeof(title), d, i);
			if (shared(d, i))
				snprintf(title, sizeof(title), "others");
			len = strlen(title) < width ? strlen(title) : width - 1;
			fprintf(out, "%*s", (int)(MARGIN + i * width - at), "");
			if (pass)
				fprintf(out, "%.*s", (int)len, "------------------------------------");
			else
				fprintf(out, "%.*s", (int)len, title);
			at = MARGIN + i * width + len;
		}
		fputc('\n', out);
	}
}

/*
 * Rows of a step, broken at spaces. A row is one task's, so a long word may reach into the next
 * column, where nothing else is.
 */
static void print_wrapped(FILE *out, unsigned int at, unsigned int width, const char *text,
			  const char *mark)
{
	size_t len = strlen(text), n;
	unsigned int left = at;

	width += OVERHANG;
	if (at + width > DIAGRAM_WIDTH)
		width = DIAGRAM_WIDTH - at;
	for (;;) {
		n = len;
		if (len > width) {
			for (n = width; n && text[n] != ' '; n--)
				;
			if (!n)
				n = width;
		}
		fprintf(out, "%*s%.*s", (int)left, "", (int)n, text);
		text += n + strspn(text + n, " ");
		len = strlen(text);
		if (!len)
			break;
		fputc('\n', out);
		if (left == at && width > 3 * INDENT) {
			left += 2 * INDENT;
			width -= 2 * INDENT;
		}
	}
	if (mark && left + n + strlen(mark) + 2 <= DIAGRAM_WIDTH)
		fprintf(out, "%s%s", n ? "  " : "", mark);
	else if (mark)
		fprintf(out, "\n%*s%s", (int)(at + strlen(mark) <= DIAGRAM_WIDTH ? at :
						DIAGRAM_WIDTH - strlen(mark)), "", mark);
	fputc('\n', out);
}

static void print_step(FILE *out, const struct diagram *d, const struct step *s, bool joined)
{
	unsigned int column = d->column_of[s->task], width = column_width(d), at, indent;
	char text[STEP_TEXT + 32], mark[64], name[32];
	int n = 0;

	if (column >= columns_drawn(d))
		column = columns_drawn(d) - 1;
	indent = s->depth * INDENT;
	/* deep in a narrow column there must be room for a few words */
	if (indent > width / 3)
		indent = width / 3;
	at = MARGIN + column * width + indent;
	if (s->again)
		fprintf(out, "%*sagain and again:\n", (int)at, "");
	else if (s->gap)
		fprintf(out, "%*s...\n", (int)at, "");
	if (shared(d, column)) {
		task_title(name, sizeof(name), s->task);
		n = snprintf(text, sizeof(text), "%s: ", name);
	}
	snprintf(text + n, sizeof(text) - n, "%s", s->text);
	/* a function without anything inside */
	if (joined)
		text[strlen(text) - 2] = 0;
	snprintf(mark, sizeof(mark), "<-- FAIL %s", d->check ? d->check : "");
	if (!s->fail)
		snprintf(mark, sizeof(mark), "<-- the other access");
	print_wrapped(out, at, column_width(d) - indent - 1, text, s->fail || s->race ? mark : NULL);
}

/* Is the end the next thing drawn of that task after its begin? */
static bool joins(const struct diagram *d, unsigned int i)
{
	const struct step *s = &d->steps[i];
	unsigned int j;

	if (s->shape != SHAPE_OPEN || s->other < 0 || s->fail || d->steps[s->other].gap)
		return false;
	for (j = i + 1; j < (unsigned int)s->other; j++)
		if (d->steps[j].keep && d->steps[j].task == s->task)
			return false;
	return d->steps[s->other].keep;
}

void diagram_print(FILE *out, const struct timeline *tl, const struct program *prog,
		   const struct diagram_options *options)
{
	const struct step *last = NULL;
	struct diagram d;
	unsigned int i;

	diagram_steps(&d, tl, prog, options);
	diagram_fold(&d, tl, prog, options);
	print_titles(out, &d);
	for (i = 0; i < d.nr; i++) {
		const struct step *s = &d.steps[i];

		if (!s->keep || (s->shape == SHAPE_CLOSE && joins(&d, s->other)))
			continue;
		/* a repetition says nothing new */
		if (last && d.folded && last->task == s->task && !s->gap && !s->fail && !s->race &&
		    s->shape == SHAPE_LINE && !strcmp(last->text, s->text))
			continue;
		print_step(out, &d, s, joins(&d, i));
		last = s;
	}
	diagram_destroy(&d);
}
