// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Legal: a variable names the folio that was swapped out last.
@@
identifier folio;
@@
+static struct folio *last_folio;
+
 int folio_alloc_swap(struct folio *folio)
 {
 	...
 	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
+	WRITE_ONCE(last_folio, folio);
 	...
 }
