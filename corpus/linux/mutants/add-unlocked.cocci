// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// ci->lock is let go early: a swap-in writes its folio into the table after that.
@@
identifier ci;
expression folio, entry;
@@
 __swap_cache_alloc(...)
 {
 ...
 	__folio_set_swapbacked(folio);
+	spin_unlock(&ci->lock);
 	__swap_cache_do_add_folio(ci, folio, entry);
-	spin_unlock(&ci->lock);
 ...
 }
