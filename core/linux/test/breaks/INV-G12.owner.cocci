// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a folio that is swapped in is charged to the first cgroup, whatever its slot's is.
// Check: INV-C10 INV-G12
@@
expression folio, id;
@@
 __swap_cache_alloc(...)
 {
 <...
 mem_cgroup_swapin_charge_folio(folio,
-	id
+	1
 	,...)
 ...>
 }
