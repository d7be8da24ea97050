// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a large folio's slots are not aligned.
@@ @@
 alloc_swap_scan_cluster(...)
 {
 <...
-	offset += nr_pages
+	offset++
 ...>
 }
