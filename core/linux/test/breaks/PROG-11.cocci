// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: an allocation discards clusters, and does not look for slots again.
@@ @@
 folio_alloc_swap(...)
 {
 <...
-	if (swap_sync_discard())
-		goto again;
+	swap_sync_discard();
 ...>
 }
