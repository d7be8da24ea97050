// SPDX-License-Identifier: GPL-2.0-only
/* Operations on address spaces and their folios. */
#include <kernel/sched.h>
#include "ops.h"
#include "world.h"

#define DUPS_MAX 24			/* overflows a count of four bits */

static unsigned long random_va(struct worker *w)
{
	return worker_random(w, space_pages);
}

/* Mostly short; seldom as long as a few clusters, so that clusters fill and empty. */
static unsigned long random_run(struct worker *w)
{
	unsigned int log = worker_random(w, geometry.pmd_order + 2);

	return min(1UL + worker_random(w, 1U << log), space_pages);
}

static unsigned int random_order(struct worker *w)
{
	unsigned int most = min(options.workload->max_order, HPAGE_PMD_ORDER);

	if (!most || !worker_chance(w, options.workload->large_percent))
		return 0;
	/* the whole cluster is a case of its own */
	return worker_chance(w, 25) ? most : 1 + worker_random(w, most);
}

/* Of a folio that a fault may read: what one page-table lock covers can be mapped at once. */
static unsigned int random_fault_order(struct worker *w)
{
	return worker_chance(w, 30) ? worker_random(w, geometry.ptl_shift + 1) : 0;
}

static unsigned int random_reclaim(struct worker *w)
{
	unsigned int n = worker_random(w, 100);

	if (n < 4)
		return RECLAIM_DUP_ABORT;
	if (n < 8)
		return RECLAIM_SKIP_WRITE;
	return n < 24 ? RECLAIM_KEEP_CACHE : 0;
}

int op_map(struct worker *w)
{
	struct mm_struct *mm = space_get(w);
	unsigned long va, run, nr = 1UL << random_order(w);
	bool zero = worker_chance(w, 15);
	int ret = -EEXIST, one;

	if (!mm)
		return -ENOENT;
	run = max(random_run(w), nr);
	va = round_down(random_va(w), nr);
	for (; run >= nr && va + nr <= space_pages; run -= nr, va += nr) {
		one = zero ? mm_map_zero(mm, va, __builtin_ctzl(nr)) :
			     mm_map(mm, va, __builtin_ctzl(nr));
		if (one == -ENOMEM) {
			ret = one;
			break;
		}
		if (!one)
			ret = 0;
	}
	space_put(mm);
	return ret;
}

static int access_one(struct worker *w, bool write)
{
	struct mm_struct *mm = space_get(w);
	unsigned long va = random_va(w);
	int ret;

	if (!mm)
		return -ENOENT;
	ret = write ? mm_write(mm, va, random_fault_order(w))
		    : mm_read(mm, va, random_fault_order(w));
	space_put(mm);
	return ret;
}

int op_read(struct worker *w)
{
	return access_one(w, false);
}

int op_write(struct worker *w)
{
	return access_one(w, true);
}

/*
 * The next run of pages in the worker's direction, of the space that it is walking along.
 * Return: the first page; *@step: +1 or -1; *@mm: pinned, or NULL.
 */
static unsigned long next_run(struct worker *w, unsigned long nr, long *step, struct mm_struct **mm)
{
	unsigned long start = w->cursor % space_pages;

	*mm = space_get_at((w->cursor / space_pages) % nr_spaces);
	w->cursor += nr;
	*step = 1;
	if (w->backwards) {
		start = space_pages - 1 - start;
		*step = -1;
	}
	return start;
}

int op_sweep(struct worker *w)
{
	unsigned long nr = random_run(w), va;
	bool write = worker_chance(w, 40);
	int ret = -ENOENT;
	struct mm_struct *mm;
	long step;

	va = next_run(w, nr, &step, &mm);
	if (!mm)
		return -ENOENT;
	for (; nr-- && va < space_pages; va += step)
		if (!(write ? mm_write(mm, va, 0) : mm_read(mm, va, random_fault_order(w))))
			ret = 0;
	space_put(mm);
	return ret;
}

int op_swap_run(struct worker *w)
{
	unsigned long nr = random_run(w), va;
	unsigned int flags = random_reclaim(w);
	int ret = -ENOENT;
	struct mm_struct *mm;
	long step;

	va = next_run(w, nr, &step, &mm);
	if (!mm)
		return -ENOENT;
	for (; nr-- && va < space_pages; va += step)
		if (!mm_reclaim(mm, va, flags))
			ret = 0;
	space_put(mm);
	return ret;
}

int op_reclaim(struct worker *w)
{
	struct mm_struct *mm = space_get(w);
	int ret;

	if (!mm)
		return -ENOENT;
	ret = mm_reclaim(mm, random_va(w), random_reclaim(w));
	space_put(mm);
	return ret == -EINPROGRESS ? 0 : ret;
}

static struct folio *random_folio(struct worker *w)
{
	return arena_get_folio(worker_random(w, max_pfn));
}

int op_reclaim_any(struct worker *w)
{
	struct folio *folio = random_folio(w);
	int ret;

	if (!folio)
		return -ENOENT;
	ret = reclaim_folio(folio, random_reclaim(w));
	return ret == -EINPROGRESS ? 0 : ret;
}

int op_free_swap(struct worker *w)
{
	struct folio *folio = random_folio(w);
	int ret;

	if (!folio)
		return -ENOENT;
	ret = free_swap_folio(folio);
	folio_put(folio);
	return ret;
}

int op_migrate(struct worker *w)
{
	struct folio *folio = random_folio(w);
	int ret;

	if (!folio)
		return -ENOENT;
	ret = migrate_folio(folio);
	folio_put(folio);
	return ret;
}

/* A cached and unmapped large folio is rare at any moment: looks at several. */
int op_split(struct worker *w)
{
	unsigned int tries = 16;
	struct folio *folio;
	int ret = -ENOENT;

	while (tries-- && ret) {
		folio = random_folio(w);
		if (!folio)
			continue;
		if (folio_test_large(folio))
			ret = split_folio(folio);
		folio_put(folio);
	}
	return ret;
}

int op_fork(struct worker *w)
{
	struct mm_struct *mm = space_get(w), *child;
	unsigned long va = 0, nr = space_pages;
	int ret;

	if (!mm)
		return -ENOENT;
	if (worker_chance(w, 50)) {
		va = random_va(w);
		nr = random_run(w);
	}
	ret = mm_fork(mm, va, nr, &child);
	space_put(mm);
	if (ret)
		return ret;
	/* a child in the place of another space is that one's exit */
	if (swap_fills() && worker_chance(w, 80))
		mmput(child);
	else
		space_replace(w, child);
	return 0;
}

int op_dup_many(struct worker *w)
{
	unsigned int n = 0, most = 2 + worker_random(w, DUPS_MAX - 2);
	struct mm_struct *mm = space_get(w), *children[DUPS_MAX];
	unsigned long va = random_va(w), tries = space_pages;
	int ret = 0;

	if (!mm)
		return -ENOENT;
	/* a swapped page, if there is one; it may be gone a moment later */
	while (tries-- && !pte_is_swap(ptep_get(mm_ptep(mm, va))))
		va = (va + 1) % space_pages;
	while (n < most && !ret) {
		ret = mm_fork(mm, va, 1, &children[n]);
		if (!ret)
			n++;
	}
	space_put(mm);
	while (n)
		mmput(children[--n]);
	return ret;
}

int op_exit(struct worker *w)
{
	struct mm_struct *mm = mm_create(space_pages);

	if (!mm)
		return -ENOMEM;
	space_replace(w, mm);
	return 0;
}

int op_zap(struct worker *w)
{
	unsigned long va = random_va(w), nr = random_run(w);
	struct mm_struct *mm = space_get(w);
	int ret;

	if (!mm)
		return -ENOENT;
	/* what a PMD maps, at once: empties a cluster if it was one folio's */
	if (worker_chance(w, 40)) {
		va = round_down(va, (unsigned long)SWAPFILE_CLUSTER);
		nr = SWAPFILE_CLUSTER;
	}
	ret = mm_zap(mm, va, nr);
	space_put(mm);
	return ret;
}

/* Maps and swaps out what a PMD maps. Return: 0; -ENOMEM: swap or memory is full. */
static int hog_step(struct mm_struct *mm, unsigned long va)
{
	unsigned long end = va + SWAPFILE_CLUSTER;
	int ret = mm_map(mm, va, HPAGE_PMD_ORDER);

	if (!ret)
		mm_reclaim(mm, va, 0);
	for (; ret && va < end; va++) {
		ret = mm_map(mm, va, 0);
		if (ret)
			return ret;
		ret = mm_reclaim(mm, va, 0);
		if (ret == -ENOMEM)
			return ret;
		ret = 1;
	}
	return get_nr_swap_pages() > 0 ? 0 : -ENOMEM;
}

/* Others find swap full when all of this one's clusters become empty in a row. */
int op_hog(struct worker *w)
{
	unsigned long left = max(get_nr_swap_pages(), 0L) + SWAPFILE_CLUSTER, va;
	struct mm_struct *mm = mm_create(round_up(left, (unsigned long)SWAPFILE_CLUSTER));
	int ret = 0;

	if (!mm)
		return -ENOMEM;
	for (va = 0; va < mm->nr_ptes && !ret; va += SWAPFILE_CLUSTER)
		ret = hog_step(mm, va);
	mmput(mm);
	return 0;
}
