/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside the picture: where rows and lanes are, and what is drawn beside the text. */
#ifndef _FUZZ_EXPLAIN_SVG_H
#define _FUZZ_EXPLAIN_SVG_H

#include "internal.h"

#define SVG_MARGIN 16
#define SVG_ROW 17			/* pixels */
#define SVG_LANE 380
#define SVG_GUTTER 40			/* of a lane, left of its text: turns, sleep, locks */
#define SVG_INDENT 14
#define SVG_HEAD 64
#define SVG_STRIP 104			/* an object's strip */
#define SVG_STRIPS_MAX 5
#define SVG_WIDTH_MIN 680

struct picture {
	FILE *out;
	const struct diagram *d;
	unsigned int nr_rows;
	unsigned int *row;		/* of each step: its own, or that of the next one drawn; malloc */
	const struct stack_place *places;	/* of each step; NULL: not known */
	unsigned int nr_strips;
	struct object strips[SVG_STRIPS_MAX];
};

static inline unsigned int svg_y(unsigned int row)
{
	return SVG_HEAD + row * SVG_ROW;
}

static inline unsigned int svg_lane(const struct picture *p, unsigned int task)
{
	return SVG_MARGIN + p->d->column_of[task] * SVG_LANE;
}

static inline unsigned int svg_strips(const struct picture *p)
{
	return SVG_MARGIN + (p->d->nr_columns ? p->d->nr_columns : 1) * SVG_LANE;
}

/* Text for the inside of an element; what XML cannot hold is '?'. */
void svg_escape(FILE *out, const char *text);

/* svg_marks.c: bars for turns, sleep and locks; frames; arrows; strips of objects. */
void svg_choose_strips(struct picture *p);
void svg_frames(const struct picture *p);
void svg_turns(const struct picture *p);
void svg_sleeps(const struct picture *p);
void svg_locks(const struct picture *p);
void svg_arrows(const struct picture *p);
void svg_print_strips(const struct picture *p);

/* svg_place.c: the place in the code of each step that is drawn, malloc; NULL: stacks were not taken. */
struct stack_place *svg_places(const struct picture *p, const struct timeline *tl);
/* "FILE:LINE in FUNCTION" of a step, in a line of its own, if it is known. */
void svg_print_place(const struct picture *p, const struct step *s);

/* svg_script.c: what folds functions. */
void svg_script(const struct picture *p);

#endif /* _FUZZ_EXPLAIN_SVG_H */
