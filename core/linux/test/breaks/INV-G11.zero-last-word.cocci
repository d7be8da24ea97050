// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Check: INV-G11 CONTENT
// Deliberately broken: a page is taken for one of zeroes by its last word alone.
@@
identifier pos, last_pos;
@@
 is_folio_zero_filled(...)
 {
 <...
-	for (pos = 0; pos < last_pos; pos++) { ... }
 ...>
 }
