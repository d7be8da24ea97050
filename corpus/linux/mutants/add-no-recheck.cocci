// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// A swap-in allocates its folio without ci->lock, and does not look again whether the slot is still
// swapped out and not cached.
@@
expression ci, folio, err;
@@
 __swap_cache_alloc(...)
 {
 <...
-	if (unlikely(err)) {
-		spin_unlock(&ci->lock);
-		folio_put(folio);
-		return ERR_PTR(err);
-	}
 ...>
 }
