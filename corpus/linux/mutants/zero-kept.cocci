// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// A page that was all zeroes is written out again with other content, and its slot's zero flag stays.
@@
expression folio;
@@
 swap_writeout(...)
 {
 <...
-	swap_zeromap_folio_clear(folio);
 ...>
 }
