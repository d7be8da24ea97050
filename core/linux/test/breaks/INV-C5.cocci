// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a folio enters the cache without its entry.
@@ @@
 __swap_cache_do_add_folio(...)
 {
 <...
-	folio->swap = entry;
 ...>
 }
