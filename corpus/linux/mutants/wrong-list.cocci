// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// A cluster in which a slot is freed goes to the list of order 0, whatever its order is.
@@
expression si, ci;
@@
 partial_free_cluster(...)
 {
 <...
-	&si->nonfull_clusters[ci->order]
+	&si->nonfull_clusters[0]
 ...>
 }
