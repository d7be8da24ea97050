// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a partly freed cluster goes to the list of order 0.
@@ @@
 partial_free_cluster(...)
 {
 <...
-	&si->nonfull_clusters[ci->order]
+	&si->nonfull_clusters[0]
 ...>
 }
