// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Readahead and faults add to a cluster whose table has been freed.
@@
identifier ci;
@@
 __swap_cache_add_check(struct swap_cluster_info *ci, ...)
 {
 ...
-	if (unlikely(!ci->table))
-		return -ENOENT;
 ...
 }
