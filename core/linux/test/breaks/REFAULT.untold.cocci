// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: the working set is not told of a page that comes back.
@@
expression folio, shadow;
@@
 __swap_cache_alloc(...)
 {
 <...
-	if (shadow)
-		workingset_refault(folio, shadow);
 ...>
 }
