// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: of a cluster that lies in several extents, the part in the first one is discarded.
@@ @@
 discard_swap_cluster(...)
 {
 <...
-		se = next_se(se);
+		break;
 ...>
 }
