// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a folio that is swapped in is not put on the LRU.
@@
expression folio;
@@
 __swap_cache_alloc(...)
 {
 ...
-	folio_add_lru(folio);
 ...
 }
