// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: swap_range_free() comes first, and zswap is told of each slot directly before its word is NULL.
@@
identifier si, ci, ci_start, nr_pages;
@@
 __swap_cluster_free_entries(struct swap_info_struct *si, struct swap_cluster_info *ci, unsigned int ci_start,
 			    unsigned int nr_pages)
 {
 ...
 ci->count -= nr_pages;
+	swap_range_free(si, ci_head + ci_start, nr_pages);
 ...
-	swap_range_free(si, ci_head + ci_start, nr_pages);
 ...
 }
@@
identifier ci, ci_off, si, ci_start, nr_pages;
@@
 __swap_cluster_free_entries(struct swap_info_struct *si, struct swap_cluster_info *ci, unsigned int ci_start,
 			    unsigned int nr_pages)
 {
 <...
+	zswap_invalidate(swp_entry(si->type, ci_head + ci_off));
 	__swap_table_set(ci, ci_off, null_to_swp_tb());
 ...>
 }
@@
@@
 swap_range_free(...)
 {
 ...
-	for (...; ...; ...)
-		zswap_invalidate(...);
 ...
 }
