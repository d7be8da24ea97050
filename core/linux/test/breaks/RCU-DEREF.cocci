// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a table is used without lock or read section.
@@ @@
 swap_entry_swapped(...)
 {
 <...
-	swp_tb = swap_table_get(ci, offset % SWAPFILE_CLUSTER);
-	swap_cluster_unlock(ci);
+	swap_cluster_unlock(ci);
+	swp_tb = __swap_table_get(ci, offset % SWAPFILE_CLUSTER);
 ...>
 }
