// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: the zero flag is set without ci->lock.
@@
identifier ci;
expression folio;
@@
 swap_zeromap_folio_set(...)
 {
 ...
-	ci = swap_cluster_get_and_lock(folio);
+	ci = __swap_entry_to_cluster(folio->swap);
 ...
-	swap_cluster_unlock(ci);
 ...
 }
