// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a folio that leaves the swap cache stays in its statistics.
// Check: INV-G14
@@
expression folio, nr;
@@
 __swap_cache_del_folio(...)
 {
 <...
-	lruvec_stat_mod_folio(folio, NR_SWAPCACHE, -nr);
 ...>
 }
