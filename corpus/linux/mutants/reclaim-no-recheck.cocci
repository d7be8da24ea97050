// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// The scan reclaims a cached slot without ci->lock, and does not look again whether the cluster is
// still usable.
@@
identifier ci, order, usable;
@@
 cluster_reclaim_range(..., struct swap_cluster_info *ci, ..., unsigned int order, bool *usable)
 {
 ...
-	if (!cluster_is_usable(ci, order)) {
-		*usable = false;
-		return false;
-	}
 ...
 }
