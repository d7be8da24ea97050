// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: the reclaim of a full cluster looks for slots that are swapped out, not only cached.
@@
expression word;
@@
 swap_reclaim_full_clusters(...)
 {
 <...
-	swp_tb_is_folio(word) && !__swp_tb_get_count(word)
+	swp_tb_is_folio(word) && __swp_tb_get_count(word)
 ...>
 }
