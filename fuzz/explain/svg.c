// SPDX-License-Identifier: GPL-2.0-only
/* A diagram as SVG: the text's rows, a line for each task, an arrow where tasks take turns. */
#include <string.h>

#include "internal.h"

#define MARGIN 16
#define ROW 16				/* pixels */
#define COLUMN 330
#define INDENT 14
#define HEAD 44
#define TEXT_MAX_CHARS 46

static void print_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

static unsigned int column_x(const struct diagram *d, const struct step *s)
{
	return MARGIN + d->column_of[s->task] * COLUMN;
}

static const char *colour(const struct step *s)
{
	if (s->fail)
		return "#c00000";
	if (s->kind == EVENT_OP)
		return "#000080";
	switch (s->kind) {
	case EVENT_LOCK:
	case EVENT_TRYLOCK:
	case EVENT_TRYLOCK_FAILED:
	case EVENT_UNLOCK:
		return "#606060";
	}
	return s->rank == RANK_MAJOR ? "#a04000" : "#000000";
}

static void print_head(FILE *out, const struct diagram *d, unsigned int rows)
{
	unsigned int width = 2 * MARGIN + (d->nr_columns ? d->nr_columns : 1) * COLUMN;
	unsigned int height = HEAD + (rows + 2) * ROW, i;
	char title[48];

	fprintf(out, "<?xml version=\"1.0\" encoding=\"US-ASCII\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		"font-family=\"monospace\" font-size=\"11\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n", width, height);
	for (i = 0; i < d->nr_columns; i++) {
		column_title(title, sizeof(title), d, i);
		fprintf(out, "<text x=\"%u\" y=\"%u\" font-weight=\"bold\">", MARGIN + i * COLUMN,
			HEAD - 2 * ROW + 4);
		print_escaped(out, title);
		fprintf(out, "</text>\n<line x1=\"%u\" y1=\"%u\" x2=\"%u\" y2=\"%u\" "
			"stroke=\"#d0d0d0\"/>\n", MARGIN + i * COLUMN - 6, HEAD - ROW,
			MARGIN + i * COLUMN - 6, height - ROW);
	}
}

static void print_switch(FILE *out, const struct diagram *d, const struct step *from,
			 const struct step *to, unsigned int y)
{
	fprintf(out, "<line x1=\"%u\" y1=\"%u\" x2=\"%u\" y2=\"%u\" stroke=\"#80a0d0\" "
		"stroke-dasharray=\"3 3\"/>\n", column_x(d, from) - 6, y - ROW - 4,
		column_x(d, to) - 6, y - 4);
}

static void print_text(FILE *out, const struct diagram *d, const struct step *s, unsigned int y,
		       const char *text)
{
	fprintf(out, "<text x=\"%u\" y=\"%u\" fill=\"%s\"%s>", column_x(d, s) + s->depth * INDENT,
		y, colour(s), s->fail ? " font-weight=\"bold\"" : "");
	print_escaped(out, text);
	fprintf(out, "</text>\n");
}

void diagram_svg(FILE *out, const struct timeline *tl, const struct program *prog,
		 const struct diagram_options *options)
{
	const struct step *s, *before = NULL;
	unsigned int i, y = HEAD, rows = 0;
	char text[STEP_TEXT + 64];
	struct diagram d;

	diagram_steps(&d, tl, prog, options);
	diagram_fold(&d, tl, prog, options);
	for (i = 0; i < d.nr; i++)
		rows += d.steps[i].keep * (1 + (d.steps[i].gap || d.steps[i].again));
	print_head(out, &d, rows);
	for (i = 0; i < d.nr; i++) {
		s = &d.steps[i];
		if (!s->keep)
			continue;
		if (s->gap || s->again) {
			print_text(out, &d, s, y, s->again ? "again and again:" : "...");
			y += ROW;
		}
		if (before && before->task != s->task)
			print_switch(out, &d, before, s, y);
		snprintf(text, sizeof(text), "%s%s%s", s->text, s->fail ? "  <-- FAIL " : "",
			 s->fail && d.check ? d.check : "");
		print_text(out, &d, s, y, text);
		y += ROW;
		before = s;
	}
	fprintf(out, "</svg>\n");
	diagram_destroy(&d);
}
