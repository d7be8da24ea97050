// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: bad slots count as usable.
@@ @@
 swap_cluster_setup_bad_slot(...)
 {
 <...
-	si->pages -= 1;
+	;
 ...>
 }
