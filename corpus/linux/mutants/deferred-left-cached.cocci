// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// A large folio for whose place on the deferred list there is no memory stays in the swap cache, and is freed.
@@
expression ci, folio, entry, shadow;
@@
 __swap_cache_alloc(...)
 {
 ...
 if (... && folio_memcg_alloc_deferred(folio)) {
 	...
-	__swap_cache_do_del_folio(ci, folio, entry, shadow);
 	...
 }
 ...
 }
