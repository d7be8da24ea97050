// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: zswap is told that slots are free before their words are NULL, with the cluster locked.
@@
identifier si, ci, ci_start, nr_pages;
@@
 __swap_cluster_free_entries(struct swap_info_struct *si, struct swap_cluster_info *ci, unsigned int ci_start,
 			    unsigned int nr_pages)
 {
+	unsigned int told;
 ...
 ci->count -= nr_pages;
+	for (told = 0; told < nr_pages; told++)
+		zswap_invalidate(swp_entry(si->type, cluster_offset(si, ci) + ci_start + told));
 ...
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
