// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap.h
// Object: core/mm/fault.c
// Check: MATCH
// Program: corpus/litmus/move-devices.prog
// Deliberately broken: a folio of another device matches.
@@ @@
 folio_matches_swap_entry(...)
 {
 <...
-	folio_entry.val == round_down(entry.val, nr_pages)
+	swp_offset(folio_entry) == round_down(swp_offset(entry), nr_pages)
 ...>
 }
