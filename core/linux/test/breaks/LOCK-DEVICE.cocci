// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: LOCK-ASSERT
// Deliberately broken: after the sleep a neighbour is locked.
@@ @@
 swap_cluster_populate(...)
 {
 <...
-	spin_lock(&ci->lock);
+	spin_lock(&swap_info[si->type]->cluster_info[1].lock);
 ...>
 }
