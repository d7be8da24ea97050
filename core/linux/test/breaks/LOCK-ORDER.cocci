// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the list of free clusters is moved to with its lock taken first.
@@ @@
 wait_for_allocation(...)
 {
 <...
+	spin_lock(&si->lock);
 	ci = swap_cluster_lock(si, offset);
 	swap_cluster_unlock(ci);
+	spin_unlock(&si->lock);
 ...>
 }
