// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: all clusters that wait for their discard are moved to a list of the task's own, and discarded
// without si->lock.
@@
identifier si, ci;
@@
 swap_do_scheduled_discard(struct swap_info_struct *si)
 {
 	struct swap_cluster_info *ci;
+	LIST_HEAD(todo);
 	...
 	spin_lock(&si->lock);
-	while (!list_empty(&si->discard_clusters))
+	list_splice_init(&si->discard_clusters, &todo);
+	spin_unlock(&si->lock);
+	while (!list_empty(&todo))
 	{
-		ci = list_first_entry(&si->discard_clusters, struct swap_cluster_info, list);
+		ci = list_first_entry(&todo, struct swap_cluster_info, list);
 		...
-		spin_unlock(&si->lock);
 		discard_swap_cluster(...);
 		...
-		spin_lock(&si->lock);
 	}
-	spin_unlock(&si->lock);
 	...
 }
