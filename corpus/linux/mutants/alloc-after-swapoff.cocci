// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Slots are taken on a device whose swapoff has begun: SWP_WRITEOK is not tested under ci->lock.
@@
expression si;
@@
 __swap_cluster_alloc_entries(...)
 {
 ...
-	if (!(si->flags & SWP_WRITEOK))
-		return false;
 ...
 }
