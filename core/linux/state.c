// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the tree changes besides its own data, and has to leave as it was, or in step with something else: a
 * task's memory stall, its swap-in delay, the memory that it stands for, the counters of an mm, an
 * architecture's tags of a page.
 *
 * Built without instrumentation: nothing here may order tasks in the eyes of TSan.
 */
#include <mm/mm.h>
#include <shim/mm.h>
#include "hooks.h"

static const char *const names[NR_STATE_ITEMS] = {
	[STATE_STALL] = "memory stalls (psi)", [STATE_THRASHING] = "thrashing delays",
	[STATE_SWAPIN] = "swap-in delays", [STATE_OOM_ORIGIN] = "times the OOM killer's first choice",
	[STATE_COMMITTED] = "pages of committed memory", [STATE_SWAPENTS] = "of MM_SWAPENTS",
	[STATE_ANONPAGES] = "of MM_ANONPAGES",
};

void tree_state_add(enum tree_state_item item, long nr)
{
	tree_stack_of_task()->state[item] += nr;
}

void tree_state_judge(enum tree_state_item first, enum tree_state_item last, const char *where)
{
	struct tree_stack *s = tree_stack_of_task();
	unsigned int i;

	for (i = first; i <= last; i++)
		if (s->state[i])
			harness_fail(first == STATE_SWAPENTS ? "UNUSE" : "TASK-STATE", CODE_SITE,
				     "at the end of %s: %+ld %s", where, s->state[i], names[i]);
}

int tree_commit(unsigned long pages)
{
	if (should_fail_alloc(ALLOC_SWAPON))
		return -ENOMEM;
	tree_state_add(STATE_COMMITTED, pages);
	return 0;
}

int tree_tags_saved(const struct folio *folio)
{
	if (should_fail_alloc(ALLOC_IO))
		return -ENOMEM;
	tree_stack_of_task()->saved = folio;
	tree_stack_of_task()->wanted = 0;
	return 0;
}

bool tree_wants_written(void)
{
	tree_stack_of_task()->wanted = should_fail_alloc(ALLOC_IO) ? -1 : 1;
	return tree_stack_of_task()->wanted > 0;
}

void tree_written(const struct folio *folio)
{
	tree_tags_needed(folio);
	if (tree_stack_of_task()->wanted <= 0)
		harness_fail("IO-KEPT", CODE_SITE, "a folio is written to slot %u/%lu, but its cgroup %s",
			     swp_type(folio->swap), swp_offset(folio->swap),
			     tree_stack_of_task()->wanted ? "wants none written" : "was not asked");
}

void tree_tags_needed(const struct folio *folio)
{
	if (tree_stack_of_task()->saved != folio)
		harness_fail("IO-TAGS", CODE_SITE, "a folio is on its way to slot %u/%lu, and the architecture was "
			     "not asked to keep its tags", swp_type(folio->swap), swp_offset(folio->swap));
}

void tree_tags_restored(const struct folio *folio)
{
	tree_stack_of_task()->restored = folio;
}

/* softleaf_from_pte() comes here itself */
bool tree_pte_marked(pte_t entry, enum tree_mark mark)
{
	return __swp_offset(__pte_to_swp_entry(entry)) & mark;
}

pte_t tree_pte_mark(pte_t pte, enum tree_mark mark)
{
	tree_stack_of_task()->marks |= mark;
	return pte;
}

void tree_unused(pte_t old, pte_t new)
{
	struct tree_stack *s = tree_stack_of_task();
	swp_entry_t entry = softleaf_from_pte(old);
	const struct folio *folio;
	unsigned int marks = s->marks;

	tree_state_add(STATE_SWAPENTS, 1);
	s->marks = 0;
	if (!pte_present(new))
		return;
	if (marks != (swp_offset(entry) & (MARK_SOFT_DIRTY | MARK_UFFD)))
		harness_fail("UNUSE", CODE_SITE, "the page of slot %u/%lu is mapped with marks %x (1: soft-dirty, 2: "
			     "userfaultfd), its entry had %lx", swp_type(entry), swp_offset(entry), marks,
			     swp_offset(entry) & (MARK_SOFT_DIRTY | MARK_UFFD));
	tree_state_add(STATE_ANONPAGES, -1);
	folio = pte_folio(new);
	if (s->restored != folio)
		harness_fail("UNUSE", CODE_SITE, "the page of slot %u/%lu is mapped, and the architecture was not "
			     "asked to restore its tags", swp_type(entry), swp_offset(entry));
	if (pte_swp_exclusive(old) && !folio->exclusive)
		harness_fail("UNUSE", CODE_SITE, "the page of slot %u/%lu is mapped as shared, but its entry "
			     "was exclusive", swp_type(entry), swp_offset(entry));
}

void tree_state_reset(struct tree_stack *s)
{
	__builtin_memset(s->state, 0, sizeof(s->state));
	s->saved = s->restored = NULL;
	s->marks = 0;
	s->refused = NULL;
}
