// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a lock is released twice.
@@ @@
 swap_entry_swapped(...)
 {
 <...
 	swap_cluster_unlock(ci);
+	swap_cluster_unlock(ci);
 ...>
 }
