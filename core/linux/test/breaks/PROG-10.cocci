// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: that slots could not be charged is ignored.
@@ @@
 folio_alloc_swap(...)
 {
 <...
-	swap_cache_del_folio(folio);
+	;
 ...>
 }
