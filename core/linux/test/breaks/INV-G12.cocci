// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: freed slots stay charged.
@@ @@
 __swap_cluster_free_entries(...)
 {
 <...
-	mem_cgroup_uncharge_swap(batch_id, ci_off - batch_off);
+	;
 ...>
 }
