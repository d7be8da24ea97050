// SPDX-License-Identifier: GPL-2.0-only
/* Operations on folios of the arena. Built without instrumentation, see world.c. */
#include <check/check.h>
#include <kernel/sched.h>
#include <mm/mm.h>
#include "ops.h"

typedef int (*folio_fn)(struct folio *folio, const struct op *op);

/*
 * What a folio's operation has to return if nobody disturbs it; 1: that depends on more. Who is in
 * the middle of I/O holds the folio's lock or has it under writeback. No point, no lock.
 */
static int expected(struct folio *folio, const struct op *op)
{
	bool cached;
	int ret = 1;

	machine_mute();
	cached = folio_test_swapcache(folio) && folio_test_uptodate(folio) && !folio_test_locked(folio);
	if (op->id == OP_migrate)
		ret = cached ? 0 : -EBUSY;
	else if (op->id == OP_split && op->order < folio_order(folio))
		ret = cached && !folio_mapped(folio) && !folio_test_writeback(folio) ? 0 : -EBUSY;
	else if (op->id == OP_split)
		ret = -EINVAL;
	machine_unmute();
	return ret;
}

/* For nr folios of the arena, each with a reference that @fn takes over. */
static int each_folio(const struct op *op, folio_fn fn)
{
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
		one = fn(folio, op);
		if (want <= 0)
			check_alone_end(&alone, op_infos[op->id].name, one, want);
		if (!one || ret)
			ret = one;
	}
	return ret;
}

/* Nobody disturbs it: then all that is in its way is what it was told, and I/O. */
static int reclaim_folio_one(struct folio *folio, const struct op *op)
{
	struct check_alone alone;
	bool busy;
	int ret;

	check_alone_begin(&alone);
	machine_mute();
	busy = folio_test_locked(folio) || folio_test_writeback(folio) ||
	       op->flags;		/* all of them keep it */
	machine_unmute();
	ret = reclaim_folio(folio, op->flags);
	if (ret == -EBUSY && !busy)
		check_alone_end(&alone, "reclaim_folio", ret, 0);
	return ret;
}

static int free_swap_one(struct folio *folio, const struct op *op)
{
	int ret = free_swap_folio(folio);

	folio_put(folio);
	return ret;
}

static int migrate_one(struct folio *folio, const struct op *op)
{
	int ret = migrate_folio(folio);

	folio_put(folio);
	return ret;
}

static int split_one(struct folio *folio, const struct op *op)
{
	int ret = -EINVAL;

	if (op->order < folio_order(folio))
		ret = split_folio(folio);
	folio_put(folio);
	return ret;
}

int op_reclaim_folio(unsigned int task, const struct op *op)
{
	return each_folio(op, reclaim_folio_one);
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
