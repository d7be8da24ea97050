// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: the charge of memory and swap does not go over to the slots of what is swapped out.
@@ @@
 __swap_cache_del_folio(...)
 {
 <...
-	if (swapout)
-		__memcg1_swapout(folio, ci);
 ...>
 }
