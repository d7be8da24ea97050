// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the atomic attempt may sleep.
@@ @@
 swap_cluster_populate(...)
 {
 <...
-	__GFP_HIGH | __GFP_NOMEMALLOC | __GFP_NOWARN
+	__GFP_HIGH | __GFP_NOMEMALLOC | GFP_KERNEL
 ...>
 }
