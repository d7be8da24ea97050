// SPDX-License-Identifier: GPL-2.0-only
/* A failure that is a loop without an end: it is drawn once. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define PERIOD_MAX 60			/* rows of a loop */
#define LOOP_STEPS 128			/* enough to see three rounds of a small one */

static bool same_row(const struct step *a, const struct step *b)
{
	if (a->task != b->task || a->id != b->id)
		return false;
	/* which are numbered */
	return a->id == TRACE_swapoff_round || !strcmp(a->text, b->text);
}

/* Do the last rows before the failure repeat with this period, three times? */
static bool has_period(const struct diagram *d, const unsigned int *rows, unsigned int nr,
		       unsigned int period)
{
	unsigned int i;

	if (3 * period > nr)
		return false;
	for (i = 0; i < 2 * period; i++)
		if (!same_row(&d->steps[rows[nr - 1 - i]], &d->steps[rows[nr - 1 - i - period]]))
			return false;
	return true;
}

void loop_fold(struct diagram *d)
{
	unsigned int *rows = calloc(d->nr + 1, sizeof(*rows)), nr = 0, i, period;

	if (!rows)
		abort();
	for (i = 0; i < d->nr; i++)
		if (d->steps[i].keep && !d->steps[i].fail)
			rows[nr++] = i;
	for (period = 1; period <= PERIOD_MAX && !has_period(d, rows, nr, period); period++)
		;
	if (period <= PERIOD_MAX) {
		d->steps[rows[nr - period]].again = true;
		for (i = nr - period; i-- && same_row(&d->steps[rows[i]], &d->steps[rows[i + period]]); )
			d->steps[rows[i]].keep = false;
	}
	free(rows);
}

void loop_keep_last(struct diagram *d, const struct timeline *tl)
{
	unsigned int i, nr = 0;

	for (i = d->nr; i-- && nr < LOOP_STEPS; nr++)
		if (d->steps[i].keep && !d->steps[i].fail)
			return;
	for (i = d->nr, nr = 0; i-- && nr < LOOP_STEPS; )
		if (d->steps[i].task == tl->failing_task) {
			d->steps[i].keep = true;
			nr++;
		}
}
