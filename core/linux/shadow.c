// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shadows of swap-ins: what reclaim left in the slots for the working set. A swap-in that fails has to
 * leave them, and one that succeeds hands one of them to workingset_refault(). Which of them is the tree's
 * choice if the slots of a large folio have different ones.
 *
 * Built without instrumentation: nothing here may order tasks in the eyes of TSan.
 */
#include <swap/swap.h>
#include "hooks.h"

#define FMT_RANGE "slot %u/%lu+%u"
#define ARGS_RANGE(in) swp_type((in)->entry), swp_offset((in)->entry), (in)->nr

static const atomic_long_t *word_at(const struct swap_cluster_info *ci, swp_entry_t entry)
{
	atomic_long_t *table = RAW(ci->table);

	return table ? &table[swp_offset(entry) % SWAPFILE_CLUSTER] : NULL;
}

/* Of the slots before the swap-in. */
static bool had(const struct tree_swapin *in, unsigned long shadow)
{
	unsigned int i;

	for (i = 0; i < in->nr; i++)
		if (in->shadows[i] == shadow)
			return true;
	return false;
}

void tree_swapin_judge(struct tree_stack *s)
{
	struct tree_swapin *in = &s->swapin;

	if (in->state == SWAPIN_ADDED && !had(in, 0))
		harness_fail("REFAULT", CODE_SITE,
			     FMT_RANGE " was swapped in, and workingset_refault() was not told of the shadow %lx",
			     ARGS_RANGE(in), in->shadows[0]);
	in->state = SWAPIN_NONE;
}

void tree_swapin_adds(struct tree_stack *s, const struct swap_cluster_info *ci, const struct folio *folio,
		      swp_entry_t entry)
{
	struct tree_swapin *in = &s->swapin;
	const atomic_long_t *words = word_at(ci, entry);
	unsigned long word;
	unsigned int i;

	in->state = SWAPIN_NONE;
	in->memsw = false;
	in->folio = folio;
	if (!words)
		return;
	in->ci = ci;
	in->entry = entry;
	in->nr = min(folio_nr_pages(folio), (unsigned int)(SWAPFILE_CLUSTER - swp_offset(entry) % SWAPFILE_CLUSTER));
	for (i = 0; i < in->nr; i++) {
		word = RAW(words[i].counter);
		/* another check says that it is no swapped-out slot's */
		if (!swp_tb_is_shadow(word))
			return;
		in->shadows[i] = (unsigned long)swp_tb_to_shadow(word);
	}
	in->state = SWAPIN_ADDED;
}

void tree_swapin_leaves(struct tree_stack *s, const struct folio *folio)
{
	struct tree_swapin *in = &s->swapin;

	if (in->state == SWAPIN_NONE || in->folio != folio)
		return;
	/* elsewhere it may be another thing that fails, later */
	if (!tree_frame_of(FN___swap_cache_alloc)) {
		in->state = SWAPIN_NONE;
		return;
	}
	if (in->memsw)
		harness_fail("INV-G12", CODE_SITE,
			     FMT_RANGE " was not swapped in, and memcg1_swapin() has ended its charge", ARGS_RANGE(in));
	if (in->state == SWAPIN_TOLD)
		harness_fail("REFAULT", CODE_SITE,
			     FMT_RANGE " was not swapped in, and workingset_refault() was told that it was",
			     ARGS_RANGE(in));
	in->state = SWAPIN_FAILED;
}

void tree_swapin_unlocks(const spinlock_t *lock)
{
	struct tree_swapin *in = &tree_stack_of_task()->swapin;
	const struct swap_cluster_info *ci = container_of(lock, struct swap_cluster_info, lock);
	const atomic_long_t *words;
	unsigned long word, shadow;
	unsigned int i;

	if (in->state != SWAPIN_FAILED || ci != in->ci)
		return;
	words = word_at(ci, in->entry);
	for (i = 0; words && i < in->nr; i++) {
		word = RAW(words[i].counter);
		/* it may be free by now */
		if (!swp_tb_is_shadow(word))
			continue;
		shadow = (unsigned long)swp_tb_to_shadow(word);
		if (!had(in, shadow))
			harness_fail("REFAULT", CODE_SITE,
				     "the swap-in of " FMT_RANGE " failed, and slot %lu has the shadow %lx, it had %lx",
				     ARGS_RANGE(in), swp_offset(in->entry) + i, shadow, in->shadows[i]);
	}
	in->state = SWAPIN_NONE;
}

void tree_refault(struct folio *folio, void *shadow)
{
	struct tree_swapin *in = &tree_stack_of_task()->swapin;

	if (in->state != SWAPIN_ADDED || folio->swap.val != in->entry.val)
		harness_fail("REFAULT", CODE_SITE, "workingset_refault() is told of a swap-in that there is not, "
			     "or once more");
	if (!shadow || !had(in, (unsigned long)shadow))
		harness_fail("REFAULT", CODE_SITE,
			     "workingset_refault() is told of the shadow %lx, " FMT_RANGE " had %lx",
			     (unsigned long)shadow, ARGS_RANGE(in), in->shadows[0]);
	in->state = SWAPIN_TOLD;
	/* of some it says that they came back soon: of every second place in memory */
	if ((unsigned long)shadow >> 8 & 1)
		__atomic_fetch_or(&folio->flags, BIT(PG_workingset), __ATOMIC_RELAXED);
}
