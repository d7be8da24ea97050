// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a folio is reclaimed without a look whether it is still the one of the slot.
// Program: corpus/litmus/drop-reclaim-recycled.prog
@@ @@
 __try_to_reclaim_swap(...)
 {
 <...
-	!folio_matches_swap_entry(folio, entry)
+	!folio_test_swapcache(folio)
 ...>
 }
