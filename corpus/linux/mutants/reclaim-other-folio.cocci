// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// The folio found at a slot may have moved to another slot before it was locked, and is not checked again.
@@
expression folio, entry;
@@
 __try_to_reclaim_swap(...)
 {
 ...
-	if (!folio_matches_swap_entry(folio, entry)) { ... }
+	if (!folio_test_swapcache(folio))
+		goto out_unlock;
 ...
 }
