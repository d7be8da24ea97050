// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// As posted in August 2025: a task that slept for a table finds a usable cluster in its CPU's hint,
// returns that one, and forgets the cluster that it isolated.
@@
identifier si, ci;
@@
 swap_cluster_populate(struct swap_info_struct *si, struct swap_cluster_info *ci)
 {
 ...
+	if (this_cpu_read(percpu_swap_cluster.si[0]) == si &&
+	    this_cpu_read(percpu_swap_cluster.offset[0])) {
+		struct swap_cluster_info *hinted;
+
+		hinted = swap_cluster_lock(si, this_cpu_read(percpu_swap_cluster.offset[0]));
+		if (cluster_is_usable(hinted, 0)) {
+			swap_cluster_free_table(&spare);
+			return hinted;
+		}
+		swap_cluster_unlock(hinted);
+	}
 	spin_lock(&ci->lock);
 	if (ret) { ... }
 	...
 }
