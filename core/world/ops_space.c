// SPDX-License-Identifier: GPL-2.0-only
/* Operations on address spaces. Built without instrumentation, see world.c. */
#include <check/check.h>
#include <kernel/sched.h>
#include <machine/alloc.h>
#include <machine/tsan.h>
#include <mm/mm.h>
#include "ops.h"

/* A user of the space in this place; NULL: there is none. */
static struct mm_struct *space_get(unsigned int index)
{
	struct mm_struct *mm;

	/* the look at the place and the reference at once */
	machine_lock();
	machine_mute();
	mm = world.spaces[index];
	/* Order: pairs with space_set() */
	if (mm)
		tsan_acquire(&world.spaces[index]);
	if (mm && !mmget_not_zero(mm))
		mm = NULL;
	machine_unmute();
	machine_unlock();
	return mm;
}

/* Order: acquire and release; pairs with itself and with space_get(). */
static void space_set(unsigned int index, struct mm_struct *mm)
{
	struct mm_struct *old;

	machine_lock();
	tsan_acquire(&world.spaces[index]);
	tsan_release(&world.spaces[index]);
	old = world.spaces[index];
	world.spaces[index] = mm;
	machine_unlock();
	if (old)
		mmput(old);
}

typedef int (*page_fn)(struct mm_struct *mm, unsigned long va, const struct op *op,
		       struct swap_io_ctx *ctx);

/* The PTE, without a point and a lock: for the judgement of results. */
static pte_t pte_of(struct mm_struct *mm, unsigned long va)
{
	pte_t pte;

	machine_mute();
	pte = ptep_get(mm_ptep(mm, va));
	machine_unmute();
	return pte;
}

static bool all_none(struct mm_struct *mm, unsigned long va, unsigned long nr)
{
	while (nr && pte_none(pte_of(mm, va))) {
		nr--;
		va++;
	}
	return !nr;
}

/* What a page's operation has to return if no other task disturbs it; 1: that depends on more. */
static int expected(struct mm_struct *mm, unsigned long va, const struct op *op)
{
	switch (op->id) {
	case OP_map:
		return all_none(mm, va, 1UL << op->order) ? 0 : -EEXIST;
	case OP_read:
		return all_none(mm, va, 1) ? -ENOENT : 0;
	case OP_write:
		return 0;
	default:
		return 1;
	}
}

/* For nr pages or folios of the op's order, one after the other. */
static int each_page(const struct op *op, unsigned long step, page_fn fn)
{
	struct mm_struct *mm = space_get(op->args[0]);
	unsigned long va = op->args[1], i;
	struct swap_io_ctx ctx = {};
	struct check_result result;
	struct check_alone alone;
	int ret = -ENOENT, one, want;

	if (!mm)
		return -ENOENT;
	va = round_down(va, step);
	for (i = 0; i < op->nr && va + step <= world.spec->pages; i += step, va += step) {
		check_result_begin(&result);
		check_alone_begin(&alone);
		want = expected(mm, va, op);
		one = fn(mm, va, op, &ctx);
		if (want <= 0)
			check_alone_end(&alone, op_infos[op->id].name, one, want);
		if (op_needs_cause(op))
			check_result(&result, op_infos[op->id].name, one, op->id == OP_read || op->id == OP_write);
		if (!one || ret)
			ret = one;
	}
	swap_write_submit(&ctx);
	mmput(mm);
	return ret;
}

static int map_one(struct mm_struct *mm, unsigned long va, const struct op *op,
		    struct swap_io_ctx *ctx)
{
	return op->flags & OP_ZERO ? mm_map_zero(mm, va, op->order) : mm_map(mm, va, op->order);
}

/* A store to a page that is not there is a fault that maps a new folio. */
static int write_one(struct mm_struct *mm, unsigned long va, const struct op *op,
		    struct swap_io_ctx *ctx)
{
	unsigned int order = min_t(unsigned int, op->order, HPAGE_PMD_ORDER);
	unsigned long first = round_down(va, 1UL << order);
	bool zero = op->flags & OP_ZERO;
	int (*map)(struct mm_struct *mm, unsigned long va, unsigned int order) = zero ? mm_map_zero : mm_map;
	int ret = (zero ? mm_write_zero : mm_write)(mm, va, op->order);

	if (ret != -ENOENT)
		return ret;
	ret = -EINVAL;
	if (first + (1UL << order) <= world.spec->pages)
		ret = map(mm, first, order);
	return ret && order ? map(mm, va, 0) : ret;
}

static unsigned int order_of(pte_t pte)
{
	/* the harness's own look: the page may be gone */
	return __atomic_load_n(&pte_folio(pte)->_order, __ATOMIC_RELAXED);
}

/* May a read fault of @va read a folio of @order, as far as PTEs and slots show? */
static bool fits(struct mm_struct *mm, unsigned long va, unsigned int order)
{
	pte_t pte = pte_of(mm, va), other;
	swp_entry_t entry = softleaf_from_pte(pte);
	unsigned long nr = 1UL << order, page = swp_offset(entry) % nr, i;
	struct check_slot slot = check_slot(swp_type(entry), swp_offset(entry)), next;

	if (!slot.exists || !(slot.flags & SWP_SYNCHRONOUS_IO) || !(slot.flags & SWP_BLKDEV) || va < page ||
	    va - page + nr > world.spec->pages || !same_ptl(va - page, nr))
		return false;
	for (i = 0; i < nr; i++) {
		other = pte_of(mm, va - page + i);
		next = check_slot(swp_type(entry), swp_offset(entry) - page + i);
		if (!pte_is_swap(other) || softleaf_from_pte(other).val != entry.val - page + i ||
		    pte_swp_exclusive(other) != pte_swp_exclusive(pte) || next.cached || !next.count ||
		    next.zero != slot.zero || next.memcg != slot.memcg)
			return false;
	}
	return true;
}

/* Alone and with memory, it gets the largest folio that it may have: policy, of core/swap. */
static int read_one(struct mm_struct *mm, unsigned long va, const struct op *op,
		    struct swap_io_ctx *ctx)
{
	struct check_alone alone;
	unsigned int order = 0;
	pte_t pte;
	int ret;

	check_alone_begin(&alone);
	if (SWAP_POLICY && check_is_alone(&alone) && pte_is_swap(pte_of(mm, va)))
		order = min_t(unsigned int, op->order, HPAGE_PMD_ORDER);
	while (order && !fits(mm, va, order))
		order--;
	ret = mm_read(mm, va, op->order);
	if (ret || !order)
		return ret;
	pte = pte_of(mm, va);
	if (pte_present(pte))
		check_alone_end(&alone, "the order of a fault", min(order_of(pte), order), order);
	return 0;
}

static int reclaim_one(struct mm_struct *mm, unsigned long va, const struct op *op,
		    struct swap_io_ctx *ctx)
{
	struct check_alone alone;
	struct folio *folio;
	bool present;

	check_alone_begin(&alone);
	present = pte_present(pte_of(mm, va));
	folio = mm_get_folio(mm, va);
	if (!folio == present)
		check_alone_end(&alone, "reclaim", folio ? 0 : -ENOENT, folio ? -ENOENT : 0);
	return folio ? op_reclaim_one(folio, op, ctx) : -ENOENT;
}

int op_map(unsigned int task, const struct op *op)
{
	if (op->order > HPAGE_PMD_ORDER)
		return -EINVAL;
	return each_page(op, 1UL << op->order, map_one);
}

int op_write(unsigned int task, const struct op *op)
{
	return each_page(op, 1, write_one);
}

int op_read(unsigned int task, const struct op *op)
{
	return each_page(op, 1, read_one);
}

int op_reclaim(unsigned int task, const struct op *op)
{
	return each_page(op, 1, reclaim_one);
}

void op_read_smaps(void)
{
	struct mm_struct *mm;
	unsigned int i;

	for (i = 0; i < world.spec->spaces; i++) {
		mm = space_get(i);
		if (!mm)
			continue;
		smaps_read(mm);
		mmput(mm);
	}
}

int op_zap(unsigned int task, const struct op *op)
{
	struct mm_struct *mm = space_get(op->args[0]);
	struct check_alone alone;
	int ret;

	if (!mm)
		return -ENOENT;
	check_alone_begin(&alone);
	ret = mm_zap(mm, op->args[1], min_t(unsigned long, op->nr,
					    world.spec->pages - op->args[1]));
	check_alone_end(&alone, "zap", ret, 0);
	mmput(mm);
	return ret;
}

int op_willneed(unsigned int task, const struct op *op)
{
	unsigned long va = op->args[1], nr = min_t(unsigned long, op->nr, world.spec->pages - va), i;
	struct mm_struct *mm = space_get(op->args[0]);
	struct check_alone alone;
	int ret, out = 0, in = 0;

	if (!mm)
		return -ENOENT;
	check_alone_begin(&alone);
	for (i = 0; i < nr; i++) {
		out += pte_is_swap(pte_of(mm, va + i));
		in += pte_present(pte_of(mm, va + i));
	}
	ret = mm_willneed(mm, va, nr);
	/* its own reclaim may have swapped out what was in */
	check_alone_end(&alone, "willneed", ret, ret < out ? out : min(ret, out + in));
	mmput(mm);
	return ret;
}

int op_fork(unsigned int task, const struct op *op)
{
	struct mm_struct *mm = space_get(op->args[0]), *child;
	struct check_alone alone;
	int ret;

	if (!mm)
		return -ENOENT;
	check_alone_begin(&alone);
	ret = mm_fork(mm, op->args[2], min_t(unsigned long, op->nr,
					     world.spec->pages - op->args[2]), &child);
	check_alone_end(&alone, "fork", ret, 0);
	mmput(mm);
	if (!ret)
		space_set(op->args[1], child);
	return ret;
}

/* What a move has to return if no other task disturbs it; 1: that depends on the folio's size. */
static int move_expected(struct mm_struct *mm, unsigned long dst, unsigned long src)
{
	pte_t pte = pte_of(mm, src);
	struct check_slot slot;

	if (!pte_none(pte_of(mm, dst)))
		return -EEXIST;
	if (pte_none(pte))
		return -ENOENT;
	if (pte_present(pte))
		return order_of(pte) || !pte_write(pte) ? -EBUSY : 0;
	if (!pte_is_swap(pte))
		return -EFAULT;
	if (!pte_swp_exclusive(pte))
		return -EBUSY;
	slot = check_slot(swp_type(softleaf_from_pte(pte)), swp_offset(softleaf_from_pte(pte)));
	return slot.cached ? 1 : 0;
}

/* As the ioctl, it ends at the first page that cannot be moved. Return: pages moved, or an error. */
int op_move(unsigned int task, const struct op *op)
{
	struct mm_struct *mm = space_get(op->args[0]);
	struct check_alone alone;
	int ret = 0, want;
	unsigned int i;

	if (!mm)
		return -ENOENT;
	for (i = 0; i < op->nr && !ret; i++) {
		unsigned long dst = op->args[1] + i, src = op->args[2] + i;

		if (max(dst, src) >= world.spec->pages)
			break;
		check_alone_begin(&alone);
		want = move_expected(mm, dst, src);
		ret = mm_move(mm, dst, src);
		if (want <= 0)
			check_alone_end(&alone, "move", ret, want);
	}
	mmput(mm);
	i -= !!ret;
	return i ? (int)i : ret;
}

int op_dup(unsigned int task, const struct op *op)
{
	struct mm_struct *mm = space_get(op->args[0]), *children[264];
	struct check_alone alone;
	unsigned int n = 0;
	int ret = 0;

	if (!mm)
		return -ENOENT;
	check_alone_begin(&alone);
	while (n < op->nr && n < ARRAY_SIZE(children) && !ret) {
		ret = mm_fork(mm, op->args[1], 1, &children[n]);
		if (!ret)
			n++;
	}
	check_alone_end(&alone, "dup", ret, 0);
	mmput(mm);
	while (n)
		mmput(children[--n]);
	return ret;
}

unsigned int world_swapped_page(unsigned int space, unsigned int page)
{
	struct mm_struct *mm = space_get(space);
	unsigned int i, at, found = page;

	if (!mm)
		return page;
	for (i = 0; i < world.spec->pages; i++) {
		at = (page + i) % world.spec->pages;
		if (pte_is_swap(ptep_get(mm_ptep(mm, at)))) {
			found = at;
			break;
		}
	}
	mmput(mm);
	return found;
}

int op_exit(unsigned int task, const struct op *op)
{
	struct mm_struct *mm = mm_create(world.spec->pages);

	if (!mm)
		return -ENOMEM;
	space_set(op->args[0], mm);
	return 0;
}
