// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a cluster that got no table is not put back.
@@ @@
 swap_cluster_populate(...)
 {
 <...
-	move_cluster(si, ci, &si->free_clusters, CLUSTER_FLAG_FREE);
 ...>
 }
