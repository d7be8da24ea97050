// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// An extend table is allocated without ci->lock, and attached though the cluster has got one since.
@@
identifier ci, out;
@@
 swap_extend_table_alloc(...)
 {
 ...
-	if (ci->extend_table)
-		goto out;
 	ci->extend_table = table;
 ...
 }
