// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a swap-in whose charge fails leaves no shadow.
// Check: REFAULT
@@
expression ci, folio, entry, shadow;
@@
 __swap_cache_alloc(...)
 {
 <...
 if (mem_cgroup_swapin_charge_folio(...)) {
 ...
-	__swap_cache_do_del_folio(ci, folio, entry, shadow);
+	__swap_cache_do_del_folio(ci, folio, entry, NULL);
 ...
 }
 ...>
 }
