// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a file whose blocks are larger than a page is taken.
@@
expression mapping;
@@
-	mapping_min_folio_order(mapping) > 0
+	mapping_min_folio_order(mapping) > 1
