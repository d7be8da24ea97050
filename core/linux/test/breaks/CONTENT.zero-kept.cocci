// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Check: CONTENT INV-G11
// Deliberately broken: the zero flag of a slot stays when a page that is not zero is written to it.
@@ @@
 swap_writeout(...)
 {
 ...
-	swap_zeromap_folio_clear(folio);
 ...
 }
