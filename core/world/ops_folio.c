// SPDX-License-Identifier: GPL-2.0-only
/* Operations on folios of the arena. Built without instrumentation, see world.c. */
#include <mm/mm.h>
#include "ops.h"

typedef int (*folio_fn)(struct folio *folio, const struct op *op);

/* For nr folios of the arena, each with a reference that @fn takes over. */
static int each_folio(const struct op *op, folio_fn fn)
{
	struct folio *folio;
	int ret = -ENOENT, one;
	unsigned int i;

	for (i = op->args[0]; i < op->args[0] + op->nr && i < world.spec->folios; i++) {
		folio = arena_get_folio(i);
		if (!folio)
			continue;
		one = fn(folio, op);
		if (!one || ret)
			ret = one;
	}
	return ret;
}

static int reclaim_folio_one(struct folio *folio, const struct op *op)
{
	return reclaim_folio(folio, op->flags);
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
