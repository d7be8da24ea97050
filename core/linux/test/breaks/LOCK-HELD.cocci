// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: SLEEP
// Deliberately broken: an allocation for hibernation keeps the local lock.
@@ @@
 swap_alloc_hibernation_slot(...)
 {
 <...
-	local_unlock(&percpu_swap_cluster.lock);
 ...>
 }
