// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: clusters in use are freed.
@@ @@
 __swap_cluster_free_entries(...)
 {
 <...
-	if (!ci->count)
-		free_cluster(si, ci);
-	else
-		partial_free_cluster(si, ci);
+	free_cluster(si, ci);
 ...>
 }
