// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// A swap-in allocates a large folio without ci->lock, and then looks at the slot of the fault only, not at
// the folio's others.
@@
expression ci, entry, nr, shadow, id;
@@
 __swap_cache_alloc(...)
 {
 <...
-	__swap_cache_add_check(ci, entry, nr, &shadow, &id)
+	__swap_cache_add_check(ci, entry, 1, &shadow, &id)
 ...>
 }
