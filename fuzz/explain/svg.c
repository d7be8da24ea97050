// SPDX-License-Identifier: GPL-2.0-only
/*
 * A diagram as a picture: the text's rows, in a lane for each task. Beside the text of a lane are
 * bars: when it runs, when it sleeps, which locks it holds. Right of the lanes is a strip for each
 * object that matters, whose colour changes with its state. Light or dark, as the reader has it.
 */
#include <stdlib.h>
#include <string.h>

#include <check/check.h>
#include "svg.h"

static const char style[] =
	"<style>\n"
	".dg{--bg:#fff;--fg:#1d2125;--dim:#68717a;--lane:#f4f6f8;--line:#d5dade;--op:#1f3f8f;--major:#a04000;"
	"--bad:#b3261e;--badbg:#fde4e1;--turn:#7a9cc6;--sleep:#e3b341;--arrow:#8a3ea8;"
	"--s0:#d7e3f4;--s1:#fbe3c0;--s2:#d5ecd9;--s3:#ecd9f2;--s4:#f6d5d3;--s5:#d5eef0;"
	"--l0:#1f77b4;--l1:#d95f02;--l2:#1b9e77;--l3:#8a3ea8;--l4:#b3261e;--l5:#8c6d1f}\n"
	"@media (prefers-color-scheme:dark){.dg{--bg:#1d2125;--fg:#e7eaed;--dim:#9aa3ab;--lane:#24292e;"
	"--line:#3b4248;--op:#9db8f5;--major:#f2a66d;--bad:#ff8a80;--badbg:#4a201d;--turn:#4f7099;--sleep:#a37c1c;"
	"--arrow:#d7a3ec;--s0:#2b4263;--s1:#5c4420;--s2:#274a31;--s3:#4a3355;--s4:#5a2b2a;--s5:#23494d;"
	"--l0:#6cb2eb;--l1:#f2a66d;--l2:#6fd0ae;--l3:#d7a3ec;--l4:#ff8a80;--l5:#e3c567}}\n"
	"@media print{.dg{--lane:#fff;width:auto;height:auto;max-width:100%;max-height:96vh;break-inside:avoid;"
	"print-color-adjust:exact}}\n"
	".dg{background:var(--bg)}.dg text{fill:var(--fg)}.dg .dim{fill:var(--dim)}"
	".dg .op{fill:var(--op);font-weight:bold}"
	".dg .lock{fill:var(--dim)}.dg .major{fill:var(--major)}.dg .bad{fill:var(--bad);font-weight:bold}"
	".dg .head{font-weight:bold;font-size:13px}.dg .open{cursor:pointer}.dg .open:hover{text-decoration:underline}"
	".dg .open:focus-visible{outline:2px solid var(--arrow)}\n"
	".dg .lane{fill:var(--lane)}.dg .onbad{fill:var(--bg);font-weight:bold}"
	".dg .badrow{fill:var(--badbg)}.dg .turn{fill:var(--turn)}.dg .sleep{fill:var(--sleep)}"
	".dg .frame{fill:none;stroke:var(--line)}.dg .arrow{fill:none;stroke:var(--arrow);stroke-width:1.3}"
	".dg .tip{fill:var(--arrow)}.dg .cell{stroke:var(--bg)}.dg .idle{stroke:var(--line);stroke-dasharray:2 3}\n"
	".dg .s0{fill:var(--s0)}.dg .s1{fill:var(--s1)}.dg .s2{fill:var(--s2)}.dg .s3{fill:var(--s3)}"
	".dg .s4{fill:var(--s4)}.dg .s5{fill:var(--s5)}"
	".dg .l0{fill:var(--l0)}.dg .l1{fill:var(--l1)}.dg .l2{fill:var(--l2)}"
	".dg .l3{fill:var(--l3)}.dg .l4{fill:var(--l4)}.dg .l5{fill:var(--l5)}\n"
	"</style>\n";

void svg_escape(FILE *out, const char *text)
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
			fputc(*text >= ' ' && *text < 0x7f ? *text : '?', out);
		}
	}
}

static const char *class_of(const struct step *s)
{
	if (s->fail)
		return "bad";
	switch (s->kind) {
	case EVENT_OP:
		return "op";
	case EVENT_LOCK:
	case EVENT_TRYLOCK:
	case EVENT_TRYLOCK_FAILED:
	case EVENT_UNLOCK:
		return "lock";
	}
	return s->rank == RANK_MAJOR ? "major" : "step";
}

/* The rows: each step that is drawn has one, and "..." before it, if there is one. */
static void layout(struct picture *p)
{
	unsigned int i, row = 0;

	p->row = calloc(p->d->nr + 1, sizeof(*p->row));
	if (!p->row)
		abort();
	for (i = 0; i < p->d->nr; i++) {
		const struct step *s = &p->d->steps[i];

		row += s->keep && (s->gap || s->again);
		p->row[i] = row;
		row += s->keep;
	}
	p->row[i] = row;
	p->nr_rows = row;
}

static unsigned int width_of(const struct picture *p)
{
	unsigned int width = svg_strips(p) + p->nr_strips * SVG_STRIP + SVG_MARGIN;

	return width < SVG_WIDTH_MIN ? SVG_WIDTH_MIN : width;
}

/* @sentence: what should have held; NULL: nothing failed */
static void print_head(const struct picture *p, const char *sentence)
{
	unsigned int width = width_of(p);
	unsigned int height = svg_y(p->nr_rows) + SVG_ROW * (sentence ? 6 : 2), i;
	char title[48];

	fprintf(p->out, "<?xml version=\"1.0\" encoding=\"US-ASCII\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"dg\" width=\"%u\" height=\"%u\" "
		"viewBox=\"0 0 %u %u\" data-fold=\"%u %u %u %u\" font-family=\"ui-monospace,monospace\" "
		"font-size=\"11.5\">\n%s", width, height, width, height, SVG_ROW, SVG_HEAD, p->nr_rows, height, style);
	fprintf(p->out, "<rect width=\"100%%\" height=\"100%%\" fill=\"var(--bg)\"/>\n");
	fprintf(p->out, "<text class=\"dim\" x=\"%u\" y=\"%u\">time goes down; bars: runs, sleeps, "
		"holds a lock; strips: objects; a click folds a function</text>\n", SVG_MARGIN, SVG_ROW);
	for (i = 0; i < p->d->nr_columns; i++) {
		unsigned int x = SVG_MARGIN + i * SVG_LANE;

		column_title(title, sizeof(title), p->d, i);
		fprintf(p->out, "<rect class=\"lane\" data-all=\"\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" "
			"rx=\"5\"/>\n<text class=\"head\" x=\"%u\" y=\"%u\">", x, SVG_HEAD - 2 * SVG_ROW - 2,
			SVG_LANE - 8, svg_y(p->nr_rows) - SVG_HEAD + 2 * SVG_ROW + 2, x + 8, SVG_HEAD - SVG_ROW - 3);
		svg_escape(p->out, title);
		fprintf(p->out, "</text>\n");
	}
}

/* A text that does not fit into its lane is cut, and whole when the mouse is over it. */
static void print_text(const struct picture *p, const struct step *s, unsigned int y, const char *text)
{
	unsigned int indent = SVG_GUTTER + s->depth * SVG_INDENT, fits = (SVG_LANE - 8 - indent) / 6.95;
	unsigned int x = svg_lane(p, s->task) + indent;
	char cut[STEP_TEXT + 64], task[48];
	bool whole = strlen(text) <= fits || s->fail;

	snprintf(cut, sizeof(cut), "%.*s", whole ? (int)sizeof(cut) : (int)fits - 2, text);
	fprintf(p->out, "<text class=\"%s%s\" data-row=\"%u\" data-lane=\"%u\" x=\"%u\" y=\"%u\"><title>",
		class_of(s), s->shape == SHAPE_OPEN ? " open" : "", p->row[s - p->d->steps],
		p->d->column_of[s->task], x, y - 4);
	task_title(task, sizeof(task), s->task);
	svg_escape(p->out, task);
	fprintf(p->out, " on CPU %u, ", s->cpu);
	/* its own text says the number */
	if (s->kind != EVENT_OP)
		fprintf(p->out, "op%u: ", s->op);
	svg_escape(p->out, text);
	svg_print_place(p, s);
	fprintf(p->out, "</title>");
	svg_escape(p->out, cut);
	fprintf(p->out, "%s</text>\n", whole ? "" : "..");
}

static void print_step(const struct picture *p, const struct step *s)
{
	unsigned int row = p->row[s - p->d->steps];
	char text[STEP_TEXT + 64];

	if (s->gap || s->again)
		fprintf(p->out, "<text class=\"dim\" data-row=\"%u\" data-lane=\"%u\" x=\"%u\" y=\"%u\">%s</text>\n",
			row - 1, p->d->column_of[s->task], svg_lane(p, s->task) + SVG_GUTTER + s->depth * SVG_INDENT,
			svg_y(row) - 4, s->again ? "again and again:" : "...");
	snprintf(text, sizeof(text), "%s%s%s", s->text, s->fail ? "  <-- FAIL " : "",
		 s->fail && p->d->check ? p->d->check : "");
	print_text(p, s, svg_y(row + 1), text);
}

/* What should have held, in lines that fit. */
static void print_sentence(const struct picture *p, const char *check, const char *sentence)
{
	unsigned int y = svg_y(p->nr_rows) + 2 * SVG_ROW + 4, most = (width_of(p) - 2 * SVG_MARGIN) / 7.0, len;
	char line[256];

	fprintf(p->out, "<g class=\"below\"><text class=\"bad\" x=\"%u\" y=\"%u\">%s: what should have held</text>\n",
		SVG_MARGIN, y, check);
	while (*sentence) {
		len = strlen(sentence);
		if (len > most || len >= sizeof(line)) {
			len = most < sizeof(line) ? most : sizeof(line) - 1;
			while (len > 1 && sentence[len] != ' ')
				len--;
		}
		snprintf(line, sizeof(line), "%.*s", (int)len, sentence);
		y += SVG_ROW;
		fprintf(p->out, "<text x=\"%u\" y=\"%u\">", SVG_MARGIN, y);
		svg_escape(p->out, line);
		fprintf(p->out, "</text>\n");
		sentence += len;
		sentence += strspn(sentence, " ");
	}
	fprintf(p->out, "</g>\n");
}

static void print_failing_row(const struct picture *p)
{
	const struct step *s;

	for (s = p->d->steps; s < p->d->steps + p->d->nr; s++)
		if (s->keep && s->fail)
			fprintf(p->out, "<rect class=\"badrow\" data-row=\"%u\" data-lane=\"%u\" x=\"%u\" y=\"%u\" "
				"width=\"%u\" height=\"%u\"/>\n", p->row[s - p->d->steps],
				p->d->column_of[s->task], SVG_MARGIN, svg_y(p->row[s - p->d->steps]),
				svg_strips(p) + p->nr_strips * SVG_STRIP - SVG_MARGIN - 8, SVG_ROW);
}

void diagram_svg(FILE *out, const struct timeline *tl, const struct program *prog,
		 const struct diagram_options *options)
{
	const char *sentence = options->check ? check_sentence(options->check) : NULL;
	struct stack_place *places;
	struct diagram d;
	struct picture p = { .out = out, .d = &d };
	unsigned int i;

	diagram_steps(&d, tl, prog, options);
	diagram_fold(&d, tl, prog, options);
	layout(&p);
	places = svg_places(&p, tl);
	p.places = places;
	svg_choose_strips(&p);
	print_head(&p, sentence);
	print_failing_row(&p);
	svg_frames(&p);
	svg_turns(&p);
	svg_sleeps(&p);
	svg_locks(&p);
	svg_print_strips(&p);
	svg_arrows(&p);
	for (i = 0; i < d.nr; i++)
		if (d.steps[i].keep)
			print_step(&p, &d.steps[i]);
	if (sentence)
		print_sentence(&p, options->check, sentence);
	svg_script(&p);
	fprintf(out, "</svg>\n");
	free(p.row);
	free(places);
	diagram_destroy(&d);
}
