// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: slots are taken although SWP_WRITEOK is clear.
@@ @@
 __swap_cluster_alloc_entries(...)
 {
 <...
-	if (!(si->flags & SWP_WRITEOK))
-		return false;
 ...>
 }
