// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a page that could not be read is counted as a swap entry still.
@@
identifier bad;
expression folio;
@@
 if (unlikely(bad || !folio_test_uptodate(folio))) {
 ...
-	dec_mm_counter(...);
 ...
 }
