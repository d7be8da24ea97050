// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a slot for the hibernation image is marked as bad, so that nobody touches it.
@@ @@
 __swap_cluster_alloc_entries(...)
 {
 <...
-	__swap_table_set(ci, ci_off, __swp_tb_mk_count(shadow_to_swp_tb(NULL, 0), 1));
+	__swap_table_set(ci, ci_off, SWP_TB_BAD);
 ...>
 }
