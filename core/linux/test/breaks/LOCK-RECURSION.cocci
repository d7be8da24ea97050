// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a look at a slot keeps its cluster locked.
@@ @@
 swap_entry_swapped(...)
 {
 <...
-	swap_cluster_unlock(ci);
 ...>
 }
