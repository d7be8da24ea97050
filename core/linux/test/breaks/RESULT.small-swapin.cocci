// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a fault reads no large folio.
@@
identifier order, orders;
@@
 swap_cache_alloc_folio(...)
 {
 <...
-	order = highest_order(orders);
+	order = 0;
 ...>
 }
