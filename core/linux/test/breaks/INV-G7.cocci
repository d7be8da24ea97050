// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: the references of the cache are kept.
@@ @@
 swap_cache_del_folio(...)
 {
 <...
-	folio_ref_sub(folio, folio_nr_pages(folio));
 ...>
 }
