// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A cluster on the free list, which has no table, is taken for usable: a hint leads to it.
@@
identifier ci;
@@
 cluster_is_usable(struct swap_cluster_info *ci, ...)
 {
 ...
-	if (!cluster_table_is_alloced(ci))
-		return false;
 ...
 }
