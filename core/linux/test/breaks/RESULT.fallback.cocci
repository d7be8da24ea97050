// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a fault that has no memory for a large folio does not ask for a page.
@@
identifier order, err;
@@
 swap_cache_alloc_folio(...)
 {
 <...
-	if (!order || (err && err != -EBUSY && err != -ENOMEM))
+	if (!order || (err && err != -EBUSY))
 		break;
 ...>
 }
