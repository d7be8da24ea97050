// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a rotating device's lock is not taken again after the sleep.
@@ @@
 swap_cluster_populate(...)
 {
 <...
-	if (!(si->flags & SWP_SOLIDSTATE))
-		spin_lock(&si->global_cluster_lock);
 ...>
 }
