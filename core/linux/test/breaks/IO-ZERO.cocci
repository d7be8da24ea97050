// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: no folio is taken for one of zeroes.
@@ @@
 swap_writeout(...)
 {
 <...
-	is_folio_zero_filled(folio)
+	false
 ...>
 }
