// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a single page is allocated with the limits of a large folio.
@@
expression order, gfp, limits;
@@
 __swap_cache_alloc(...)
 {
 ...
-	if (order)
-		gfp = limits;
+	gfp = limits;
 ...
 }
