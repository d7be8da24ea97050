// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: partly used clusters are not looked at before free ones.
@@
expression found, si, folio, order;
@@
 cluster_alloc_swap_entry(...)
 {
 <...
-	found = alloc_swap_scan_list(si, &si->nonfull_clusters[order], folio, true);
+	found = 0;
 ...>
 }
