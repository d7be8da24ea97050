// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: the shadow is read before the folio is allocated, and not again.
@@
expression ci, entry, nr;
identifier id;
@@
 __swap_cache_alloc(...)
 {
 <...
-__swap_cache_add_check(ci, entry, nr, NULL, NULL)
+__swap_cache_add_check(ci, entry, nr, &shadow, NULL)
 ...>
 }
@@
expression ci, entry, nr;
identifier id;
@@
 __swap_cache_alloc(...)
 {
 <...
-__swap_cache_add_check(ci, entry, nr, &shadow, &id)
+__swap_cache_add_check(ci, entry, nr, NULL, &id)
 ...>
 }
