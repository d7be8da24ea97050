// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a folio that is swapped in is charged to nobody.
// Check: BUG
@@
expression folio, id, mm, gfp;
@@
 __swap_cache_alloc(...)
 {
 <...
-	mem_cgroup_swapin_charge_folio(folio, id, mm, gfp)
+	0
 ...>
 }
