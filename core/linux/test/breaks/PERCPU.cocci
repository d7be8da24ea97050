// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: hints are used without the local lock.
@@ @@
 folio_alloc_swap(...)
 {
 <...
-	local_lock(&percpu_swap_cluster.lock);
 	...
-	local_unlock(&percpu_swap_cluster.lock);
 ...>
 }
