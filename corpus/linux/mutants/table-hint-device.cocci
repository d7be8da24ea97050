// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// As posted in August 2025: a task that slept for a table takes the cluster of its CPU's hint, and
// does not check the hint's device. The isolated cluster is put back.
@@
identifier si, ci;
@@
 swap_cluster_populate(struct swap_info_struct *si, struct swap_cluster_info *ci)
 {
 ...
+	if (this_cpu_read(percpu_swap_cluster.offset[0])) {
+		struct swap_cluster_info *hinted;
+
+		hinted = swap_cluster_lock(si, this_cpu_read(percpu_swap_cluster.offset[0]));
+		if (cluster_is_usable(hinted, 0)) {
+			swap_cluster_unlock(hinted);
+			swap_cluster_free_table(&spare);
+			spin_lock(&ci->lock);
+			move_cluster(si, ci, &si->free_clusters, CLUSTER_FLAG_FREE);
+			spin_unlock(&ci->lock);
+			spin_lock(&hinted->lock);
+			return hinted;
+		}
+		swap_cluster_unlock(hinted);
+	}
 	spin_lock(&ci->lock);
 	if (ret) { ... }
 	...
 }
