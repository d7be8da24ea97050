// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A full cluster is not put back on a list when nothing in it could be reclaimed.
@@
expression si, ci;
@@
 swap_reclaim_full_clusters(...)
 {
 <...
-	if (ci->flags == CLUSTER_FLAG_NONE)
-		relocate_cluster(si, ci);
 ...>
 }
