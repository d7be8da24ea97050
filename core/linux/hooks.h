/* SPDX-License-Identifier: GPL-2.0-only */
/* Between hooks.c, entry.c and world.c. */
#ifndef _LINUX_HOOKS_H
#define _LINUX_HOOKS_H

#include <shim/hooks.h>

/* hooks.c */
void tree_function_enter(const struct tree_hook *hook, const unsigned long *args);
void tree_function_exit(const struct tree_hook *hook);
/* Context: no task is in the tree. */
void tree_hooks_reset(void);
/* The charge of the allocation that the task is in fails. */
void tree_charge_failed(void);

/* entry.c: makes the functions of a table known. Context: before any of them is called. */
void tree_hooks_add(const struct tree_hook *hooks, unsigned int nr);
/* where the tables are: swapfile_tree.c, swap_state_tree.c */
extern const struct tree_hook tree_hooks_swapfile[], tree_hooks_swap_state[];
extern const unsigned int tree_nr_hooks_swapfile, tree_nr_hooks_swap_state;

#endif /* _LINUX_HOOKS_H */
