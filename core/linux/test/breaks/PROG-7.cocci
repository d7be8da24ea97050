// SPDX-License-Identifier: GPL-2.0-only
// Deliberately broken: the local lock is not taken again after the sleep.
@@ @@
 swap_cluster_populate(...)
 {
 <...
-	local_lock(&percpu_swap_cluster.lock);
 ...>
 }
