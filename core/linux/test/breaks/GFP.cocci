// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the sleeping attempt may use the reserves.
@@ @@
 swap_cluster_populate(...)
 {
 <...
-	__GFP_HIGH | __GFP_NOMEMALLOC | GFP_KERNEL
+	__GFP_HIGH | GFP_KERNEL
 ...>
 }
