// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: what is swapped in is counted in its node alone.
@@
expression folio, nr;
@@
 __swap_cache_alloc(...)
 {
 <...
-	lruvec_stat_mod_folio(folio, NR_SWAPCACHE, nr);
+	node_stat_mod_folio(folio, NR_SWAPCACHE, nr);
 ...>
 }
