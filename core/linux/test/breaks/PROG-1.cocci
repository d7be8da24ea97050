// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: order 0 does not steal from clusters of other orders.
@@ @@
 cluster_alloc_swap_entry(...)
 {
 <...
 	if (order)
 		goto done;
+	goto done;
 ...>
 }
