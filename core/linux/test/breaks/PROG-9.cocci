// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: slots that could not be charged are kept, with the folio in the cache.
@@ @@
 folio_alloc_swap(...)
 {
 <...
-	swap_cache_del_folio(folio);
+	return -ENOMEM;
 ...>
 }
