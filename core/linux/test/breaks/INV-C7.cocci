// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a full cluster goes to the frag list.
@@ @@
 relocate_cluster(...)
 {
 <...
-	ci->count != SWAPFILE_CLUSTER
+	ci->count
 ...>
 }
