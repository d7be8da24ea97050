// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// As posted in August 2025: the cluster whose table could not be allocated is not put back on the
// free list. It is on no list until swapoff.
@@
identifier si, ci;
@@
 swap_cluster_populate(struct swap_info_struct *si, struct swap_cluster_info *ci)
 {
 ...
 	if (ret) {
-		move_cluster(si, ci, &si->free_clusters, CLUSTER_FLAG_FREE);
 		...
 	}
 	...
 }
