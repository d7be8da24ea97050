/* SPDX-License-Identifier: GPL-2.0-only */
/* What hooks.h cannot wrap before the tree's mm/swap_table.h defines it. Included directly after that. */
#ifndef _SHIM_HOOKS_TABLE_H
#define _SHIM_HOOKS_TABLE_H

/* the event is that of the rcu_dereference() in it, which does not know the word */
#define swap_table_get(ci, off) ({						\
	unsigned int __word = (off);						\
	tree_table_indexed(__word);						\
	(swap_table_get)(ci, __word);						\
})

#endif /* _SHIM_HOOKS_TABLE_H */
