// SPDX-License-Identifier: GPL-2.0-only
/* Operations on folios of the arena. Built without instrumentation, see world.c. */
#include <check/check.h>
#include <kernel/sched.h>
#include <mm/mm.h>
#include "ops.h"

typedef int (*folio_fn)(struct folio *folio, const struct op *op, struct swap_io_ctx *ctx);

/* Is one of its slots swapped out? */
static bool any_slot_counted(const struct folio *folio)
{
	unsigned int i;

	for (i = 0; i < folio_nr_pages(folio); i++)
		if (check_slot(swp_type(folio->swap), swp_offset(folio->swap) + i).count)
			return true;
	return false;
}

/*
 * What a folio's operation has to return if no other task disturbs it; 1: that depends on more. A
 * task in the middle of I/O holds the folio's lock or has it under writeback. Has no scheduling
 * point and takes no lock.
 */
static int expected(struct folio *folio, const struct op *op)
{
	bool cached, locked;
	int ret = 1;

	machine_mute();
	locked = folio_test_locked(folio);
	cached = folio_test_swapcache(folio) && folio_test_uptodate(folio) && !locked;
	if (op->id == OP_migrate)
		ret = cached ? 0 : -EBUSY;
	else if (op->id == OP_split && op->order < folio_order(folio))
		ret = cached && !folio_mapped(folio) && !folio_test_writeback(folio) ? 0 : -EBUSY;
	else if (op->id == OP_split)
		ret = -EINVAL;
	else if (op->id == OP_free_swap && !locked)
		ret = folio_test_swapcache(folio) && !folio_test_writeback(folio) &&
		      !any_slot_counted(folio) ? 0 : -EBUSY;
	machine_unmute();
	return ret;
}

/* For nr folios of the arena, each with a reference that @fn takes over. */
static int each_folio(const struct op *op, folio_fn fn)
{
	struct swap_io_ctx ctx = {};
	struct folio *folio;
	struct check_alone alone;
	int ret = -ENOENT, one, want;
	unsigned int i;

	for (i = op->args[0]; i < op->args[0] + op->nr && i < world.spec->folios; i++) {
		folio = arena_get_folio(i);
		if (!folio)
			continue;
		check_alone_begin(&alone);
		want = expected(folio, op);
		one = fn(folio, op, &ctx);
		if (want <= 0)
			check_alone_end(&alone, op_infos[op->id].name, one, want);
		if (!one || ret)
			ret = one;
	}
	swap_write_submit(&ctx);
	return ret;
}

/* What reclaim finds of a folio: each is a cause for what it may return. No point, no lock. */
struct found {
	bool locked, unfit, cached, large;
};

static struct found look_at(struct folio *folio)
{
	struct found found;

	machine_mute();
	found.locked = folio_test_locked(folio);
	found.cached = folio_test_swapcache(folio);
	found.large = folio_test_large(folio);
	found.unfit = folio_test_writeback(folio) ||
		      (!found.cached && (!folio_test_uptodate(folio) || !folio_test_anon(folio) ||
					 !folio_mapped(folio)));
	machine_unmute();
	return found;
}

/* Is there a device with a free slot? Alone, a page gets it. */
static bool has_room(void)
{
	unsigned int type;

	for (type = 0; type < MAX_SWAPFILES; type++)
		if (check_room(type).free)
			return true;
	return false;
}

/*
 * Is there a cause for the result, if no other task disturbs the operation? Each of @flags keeps the
 * folio.
 */
static bool has_cause(const struct found *found, unsigned int flags, int ret)
{
	unsigned int i;

	if (found->locked)
		return true;
	if (found->unfit)
		return ret == -EAGAIN;
	switch (ret) {
	case 0:
		return true;
	case -EBUSY:
		return flags;
	case -EAGAIN:			/* it got no slots and was split */
		return found->large && !found->cached;
	case -ENOMEM:
		return !found->cached && (found->large || !has_room());
	case -EINPROGRESS:
		for (i = 0; i < world.spec->nr_devices; i++)
			if (!bdev_synchronous(world.devices[i].bdev))
				return true;
		return false;
	default:
		return false;
	}
}

int op_reclaim_one(struct folio *folio, const struct op *op, struct swap_io_ctx *ctx)
{
	struct check_alone alone;
	struct found found;
	int ret;

	check_alone_begin(&alone);
	found = look_at(folio);
	ret = reclaim_folio(ctx, folio, op->flags);
	if (!has_cause(&found, op->flags, ret))
		check_alone_end(&alone, op_infos[op->id].name, ret, found.unfit ? -EAGAIN : 0);
	return ret;
}

static int free_swap_one(struct folio *folio, const struct op *op, struct swap_io_ctx *ctx)
{
	int ret = free_swap_folio(folio);

	folio_put(folio);
	return ret;
}

static int migrate_one(struct folio *folio, const struct op *op, struct swap_io_ctx *ctx)
{
	int ret = migrate_folio(folio);

	folio_put(folio);
	return ret;
}

static int split_one(struct folio *folio, const struct op *op, struct swap_io_ctx *ctx)
{
	int ret = -EINVAL;

	if (op->order < folio_order(folio))
		ret = split_folio(folio);
	folio_put(folio);
	return ret;
}

int op_reclaim_folio(unsigned int task, const struct op *op)
{
	return each_folio(op, op_reclaim_one);
}

int op_free_swap(unsigned int task, const struct op *op)
{
	return each_folio(op, free_swap_one);
}

int op_migrate(unsigned int task, const struct op *op)
{
	return each_folio(op, migrate_one);
}

int op_split(unsigned int task, const struct op *op)
{
	return each_folio(op, split_one);
}

int op_shrink(unsigned int task, const struct op *op)
{
	shrink_folios(op->nr);
	return 0;
}
