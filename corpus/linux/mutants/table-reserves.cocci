// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// As posted in August 2025: the sleeping attempt may use the memory reserves, to which its task is
// entitled as a reclaimer.
@@
@@
 swap_cluster_populate(...)
 {
 <...
-	__GFP_HIGH | __GFP_NOMEMALLOC | GFP_KERNEL
+	__GFP_HIGH | GFP_KERNEL
 ...>
 }
