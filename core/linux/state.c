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

/* bits of a present PTE that are not used otherwise */
#define MARKS_SHIFT 14
#define MARKS (MARK_SOFT_DIRTY | MARK_UFFD)
/* of PAGE_NONE; no bit of any entry */
#define PTE_NONE BIT(60)

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

void tree_read_begins(struct tree_stack *s)
{
	__builtin_memcpy(s->stalls, s->state, sizeof(s->stalls));
}

/* Callers may account for the whole of what they do. */
void tree_read_ends(const struct tree_stack *s)
{
	unsigned int i;

	for (i = STATE_STALL; i <= STATE_SWAPIN; i++)
		if (s->state[i] != s->stalls[i])
			harness_fail("TASK-STATE", CODE_SITE, "swap_read_folio() leaves its task with %+ld %s",
				     s->state[i] - s->stalls[i], names[i]);
}

void tree_writeout_begins(struct tree_stack *s)
{
	s->asked = s->saved = s->zeroes = NULL;
	s->wanted = 0;
}

void tree_writeout_ends(const struct tree_stack *s)
{
	if (s->zeroes && s->asked != s->zeroes)
		harness_fail("IO-TAGS", CODE_SITE, "a folio is marked as zeroes, and the architecture was not asked to "
			     "keep its tags");
}

int tree_tags_saved(const struct folio *folio)
{
	struct tree_stack *s = tree_stack_of_task();

	s->asked = folio;
	if (should_fail_alloc(ALLOC_REFUSED))
		return -ENOMEM;
	s->saved = folio;
	return 0;
}

bool tree_wants_written(void)
{
	tree_stack_of_task()->wanted = should_fail_alloc(ALLOC_REFUSED) ? -1 : 1;
	return tree_stack_of_task()->wanted > 0;
}

void tree_written(const struct folio *folio)
{
	const struct tree_stack *s = tree_stack_of_task();

	if (s->saved != folio)
		harness_fail("IO-TAGS", CODE_SITE, "a folio is written to slot %u/%lu, and the architecture does not "
			     "keep its tags", swp_type(folio->swap), swp_offset(folio->swap));
	if (s->wanted <= 0)
		harness_fail("IO-KEPT", CODE_SITE, "a folio is written to slot %u/%lu, but its cgroup %s",
			     swp_type(folio->swap), swp_offset(folio->swap),
			     s->wanted ? "wants none written" : "was not asked");
}

void tree_tags_restored(swp_entry_t entry, const struct folio *folio)
{
	if (swp_offset(entry) % folio_nr_pages(folio))
		harness_fail("UNUSE", CODE_SITE, "the tags of a folio of order %u are read from slot %u/%lu on, which "
			     "is not its first", folio_order(folio), swp_type(entry), swp_offset(entry));
	tree_stack_of_task()->restored = folio;
}

/* softleaf_from_pte() comes here itself */
bool tree_pte_marked(pte_t entry, enum tree_mark mark)
{
	return __swp_offset(__pte_to_swp_entry(entry)) & mark;
}

pte_t tree_pte_mark(pte_t pte, enum tree_mark mark)
{
	return __pte(pte.val | (unsigned long)mark << MARKS_SHIFT);
}

pte_t tree_pte_modify(pte_t pte, pgprot_t prot)
{
	return __pte(prot.pgprot ? pte.val & ~PTE_NONE : pte.val | PTE_NONE);
}

/* What the counter of an mm has to be. */
unsigned long tree_mm_counter(const struct mm_struct *mm, int item)
{
	unsigned long va, nr = 0;
	pte_t pte;

	for (va = 0; va < mm->nr_ptes; va++) {
		pte = __pte(RAW(mm->ptes[va].val));
		nr += item == STATE_SWAPENTS ? pte_is_swap(pte) : pte_present(pte);
	}
	return nr;
}

static void judge_marks(const struct vm_area_struct *vma, swp_entry_t entry, pte_t new)
{
	unsigned int marks = new.val >> MARKS_SHIFT & MARKS;
	bool none = API_PTE_UFFD && swp_offset(entry) & MARK_UFFD && userfaultfd_rwp(vma);

	if (marks != (swp_offset(entry) & MARKS))
		harness_fail("UNUSE", CODE_SITE, "the page of slot %u/%lu is mapped with marks %x (1: soft-dirty, 2: "
			     "userfaultfd), its entry had %lx", swp_type(entry), swp_offset(entry), marks,
			     swp_offset(entry) & MARKS);
	if (none != !!(new.val & PTE_NONE))
		harness_fail("UNUSE", CODE_SITE, "the page of slot %u/%lu is mapped so that it may%s be read, but "
			     "userfaultfd %s to be told of that", swp_type(entry), swp_offset(entry),
			     none ? "" : " not", none ? "has" : "need not");
}

pte_t tree_unused(const struct vm_area_struct *vma, pte_t old, pte_t new)
{
	struct tree_stack *s = tree_stack_of_task();
	swp_entry_t entry = softleaf_from_pte(old);
	const struct folio *restored = s->restored;
	int readable = s->readable;

	tree_state_add(STATE_SWAPENTS, 1);
	s->restored = NULL;
	s->readable = 0;
	s->broken = NULL;
	if (readable == (pte_present(new) ? -1 : 1))
		harness_fail("UNUSE", CODE_SITE, "the page of slot %u/%lu can%s be read, and is %s", swp_type(entry),
			     swp_offset(entry), readable > 0 ? "" : "not", pte_present(new) ? "mapped" : "poisoned");
	if (!pte_present(new))
		return new;
	tree_state_add(STATE_ANONPAGES, -1);
	judge_marks(vma, entry, new);
	new = __pte(new.val & ~(((unsigned long)MARKS << MARKS_SHIFT) | PTE_NONE));
	if (restored != pte_folio(new))
		harness_fail("UNUSE", CODE_SITE, "the page of slot %u/%lu is mapped, and the architecture was not "
			     "asked to restore its tags", swp_type(entry), swp_offset(entry));
	return new;
}

void tree_state_reset(struct tree_stack *s)
{
	__builtin_memset(s->state, 0, sizeof(s->state));
	tree_writeout_begins(s);
	s->restored = NULL;
	s->readable = 0;
	s->broken = NULL;
	s->table = NULL;
	s->off = NULL;
	s->noio = 0;
	s->shmem = 0;
	s->refused = NULL;
	s->drained = false;
	s->zoned = 0;
	s->flaw = 0;
	s->capable = 0;
}
