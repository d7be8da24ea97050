// SPDX-License-Identifier: GPL-2.0-only
/* The tree's mm/swap_state.c as it is: see swapfile_tree.c. */
#include <linux/suspend.h>
#include <tree/mm/swap.h>
#include <prototypes.h>
#include <shim/hooks.h>
#include <tree/mm/swap_table.h>
#include <shim/hooks_table.h>

#define TREE_FUNCTIONS_SWAP_STATE
#include <prototypes.h>

/* its own calls and definition: only swapfile.c's lookups are told apart */
#undef swap_cache_get_folio
#pragma clang section bss="tree_bss" data="tree_data"
#include <tree/mm/swap_state.c>
#pragma clang section bss="" data=""

#define HOOK(row, name) { (name), FN_##row },
const struct tree_hook tree_hooks_swap_state[] = { TREE_HOOKS };
const unsigned int tree_nr_hooks_swap_state = ARRAY_SIZE(tree_hooks_swap_state);
