// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the last put frees a slot that the swap cache still has.
@@ @@
 swap_put_entries_cluster(...)
 {
 <...
-	!swp_tb_is_folio(swp_tb)
+	1
 ...>
 }
