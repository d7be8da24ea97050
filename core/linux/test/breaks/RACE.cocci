// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a cluster's count is looked at when its lock has been let go.
// Build: tsan-8-slab
@@ @@
 alloc_swap_scan_cluster(...)
 {
 ...
 swap_cluster_unlock(ci);
+if (ci->count == SWAPFILE_CLUSTER)
+	next = SWAP_ENTRY_INVALID;
 ...
 }
