// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: swapoff takes a page that is clean for one that could not be read.
@@
identifier bad;
expression folio;
@@
-if (unlikely(bad || !folio_test_uptodate(folio)))
+if (unlikely(bad || !folio_test_dirty(folio)))
 {
 ...
 }
