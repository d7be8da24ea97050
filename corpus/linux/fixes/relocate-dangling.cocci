// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// relocate_cluster() lists an empty cluster on which a task sleeps for its table: a reclaim in the
// scan dropped ci->lock, meanwhile the cluster was freed and isolated again. Only a cluster with a
// table is the caller's to list.
@@
identifier si, ci;
@@
 relocate_cluster(...)
 {
 <...
-	if (ci->flags != CLUSTER_FLAG_FREE)
+	if (ci->flags != CLUSTER_FLAG_FREE && cluster_table_is_alloced(ci))
 		free_cluster(si, ci);
 ...>
 }
