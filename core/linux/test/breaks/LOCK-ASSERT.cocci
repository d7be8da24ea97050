// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a slot is put before its lock is taken.
@@ @@
 swap_free_hibernation_slot(...)
 {
 <...
-	ci = swap_cluster_lock(si, offset);
+	ci = __swap_offset_to_cluster(si, offset);
 	__swap_cluster_put_entry(ci, offset % SWAPFILE_CLUSTER);
+	swap_cluster_lock(si, offset);
 ...>
 }
