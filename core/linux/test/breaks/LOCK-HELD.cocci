// SPDX-License-Identifier: GPL-2.0-only
// Deliberately broken: an allocation that finds its hint unusable keeps the cluster locked.
@@ @@
 swap_alloc_fast(...)
 {
 <...
-	swap_cluster_unlock(ci);
+	;
 ...>
 }
