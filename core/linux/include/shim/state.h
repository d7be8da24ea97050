/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tree changes besides its own data, and has to leave as it was: see state.c. */
#ifndef _SHIM_STATE_H
#define _SHIM_STATE_H

struct folio;

/* Of a task; the last two are an mm's. */
enum tree_state_item {
	STATE_STALL, STATE_THRASHING, STATE_SWAPIN, STATE_OOM_ORIGIN, STATE_COMMITTED, STATE_SWAPENTS, STATE_ANONPAGES,
	NR_STATE_ITEMS,
};
void tree_state_add(enum tree_state_item item, long nr);

/* An architecture that keeps tags of pages, as arm64 with MTE. It may have no memory for them. */
int tree_tags_saved(const struct folio *folio);

/* Is there memory for so many pages? */
int tree_commit(unsigned long pages);

#endif /* _SHIM_STATE_H */
