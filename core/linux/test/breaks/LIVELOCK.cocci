// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a folio that is locked is waited for with its cluster, and again.
@@ @@
 __try_to_reclaim_swap(...)
 {
 <...
-	if (!folio_trylock(folio))
-		goto out;
+	if (!folio_trylock(folio)) {
+		folio_put(folio);
+		goto again;
+	}
 ...>
 }
