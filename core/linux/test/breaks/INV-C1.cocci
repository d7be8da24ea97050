// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Also: INV-C7
// Deliberately broken: a large folio's slots are counted once too often.
@@ @@
 __swap_cluster_alloc_entries(...)
 {
 <...
-	ci->count += nr_pages;
+	ci->count += nr_pages + !!order;
 ...>
 }
