// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A table without its memcg table is kept: the next user of the cluster writes to NULL.
@@
identifier ci, gfp;
@@
 swap_cluster_alloc_table(struct swap_cluster_info *ci, gfp_t gfp)
 {
 <...
 	if (!ci->memcg_table) {
-		swap_cluster_free_table(ci);
-		return -ENOMEM;
+		return 0;
 	}
 ...>
 }
