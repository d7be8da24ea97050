// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: an empty cluster keeps its old order.
@@ @@
 __swap_cluster_alloc_entries(...)
 {
 <...
-	ci->order = order;
+	;
 ...>
 }
