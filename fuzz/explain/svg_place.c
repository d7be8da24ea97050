// SPDX-License-Identifier: GPL-2.0-only
/* Where in the code each step of a picture is: what is said when the mouse is over it. */
#include <stdlib.h>
#include <string.h>

#include "svg.h"

#define STACKS_MAX 400			/* different ones that are asked for */

static unsigned int find(const struct stack *stacks, unsigned int nr, const struct stack *stack)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (stacks[i].nr == stack->nr && !memcmp(stacks[i].pc, stack->pc, stack->nr * sizeof(stack->pc[0])))
			break;
	return i;
}

static void stack_of(struct stack *stack, const struct timeline *tl, const struct step *s)
{
	unsigned int i;

	stack->nr = 0;
	if (s->event >= timeline_nr(tl))
		return;
	for (i = 0; i < TIMELINE_FRAMES && tl->stacks[timeline_slot(tl, s->event)][i]; i++)
		stack->pc[stack->nr++] = tl->stacks[timeline_slot(tl, s->event)][i];
}

struct stack_place *svg_places(const struct picture *p, const struct timeline *tl)
{
	struct stack_place *found, *places;
	struct stack *stacks, stack;
	unsigned int *which, i, n, nr = 0;

	if (!tl->placed || !p->d->nr)
		return NULL;
	stacks = calloc(STACKS_MAX, sizeof(*stacks));
	found = calloc(STACKS_MAX, sizeof(*found));
	which = calloc(p->d->nr, sizeof(*which));
	places = calloc(p->d->nr, sizeof(*places));
	if (!stacks || !found || !which || !places)
		abort();
	for (i = 0; i < p->d->nr; i++) {
		which[i] = STACKS_MAX;
		stack_of(&stack, tl, &p->d->steps[i]);
		if (!p->d->steps[i].keep || !stack.nr)
			continue;
		n = find(stacks, nr, &stack);
		if (n == nr && nr < STACKS_MAX)
			stacks[nr++] = stack;
		which[i] = n;
	}
	stack_places(stacks, nr, found);
	for (i = 0; i < p->d->nr; i++)
		if (which[i] < nr)
			places[i] = found[which[i]];
	free(stacks);
	free(found);
	free(which);
	return places;
}

void svg_print_place(const struct picture *p, const struct step *s)
{
	const struct stack_place *place = p->places ? &p->places[s - p->d->steps] : NULL;

	if (!place || !place->place[0])
		return;
	fputc('\n', p->out);
	svg_escape(p->out, place->place);
	fprintf(p->out, " in ");
	svg_escape(p->out, place->function);
}
