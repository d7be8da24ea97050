// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: the page behind a folio is looked at for zeroes.
// Check: OOB
@@
expression i;
@@
 is_folio_zero_filled(...)
 {
 <...
-	i < folio_nr_pages(folio)
+	i <= folio_nr_pages(folio)
 ...>
 }
