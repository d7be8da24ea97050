// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a swap-in without memory goes on with an order below 0.
// Build: asan-8-slab
@@
expression err;
@@
 swap_cache_alloc_folio(...)
 {
 <...
-	if (!order || (err && err != -EBUSY && err != -ENOMEM))
+	if (err && err != -EBUSY && err != -ENOMEM)
 		break;
 ...
-	order = next_order(&orders, order);
+	order--;
 ...>
 }
