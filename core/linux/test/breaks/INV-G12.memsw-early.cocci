// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: the slots' charge of memory and swap ends before the folio is charged.
@@
expression f, id, mm, gfp;
@@
 __swap_cache_alloc(...)
 {
 <...
+memcg1_swapin(f);
 if (mem_cgroup_swapin_charge_folio(f, id, mm, gfp)) {
 ...
 }
 ...
-memcg1_swapin(f);
 ...>
 }
