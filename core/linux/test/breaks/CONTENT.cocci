// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a page of zeroes is not filled when it is read.
@@ @@
 swap_read_folio_zeromap(...)
 {
 <...
-	folio_zero_range(...);
 ...>
 }
