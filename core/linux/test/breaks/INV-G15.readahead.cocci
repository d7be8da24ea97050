// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: each page that was cached counts as one that was read ahead.
@@
expression folio, hit;
@@
 swap_update_readahead(...)
 {
 <...
-	hit = folio_test_clear_readahead(folio);
+	hit = true;
 ...>
 }
