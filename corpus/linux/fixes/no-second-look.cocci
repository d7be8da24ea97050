// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// An order-0 allocation looks at the nonfull and the free list before it reclaims full clusters and
// steals: what these free goes to one of them, and the allocation fails with a free slot there.
@@
@@
 cluster_alloc_swap_entry(...)
 {
 ...
 	for (int o = 1; o < SWAP_NR_ORDERS; o++) { ... }
+	found = alloc_swap_scan_list(si, &si->nonfull_clusters[0], folio, true);
+	if (!found)
+		found = alloc_swap_scan_list(si, &si->free_clusters, folio, false);
 done:
 ...
 }
