// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: the working set is told before it is known that the page comes back.
@@
expression f, id, mm, gfp;
@@
 __swap_cache_alloc(...)
 {
 <...
+if (shadow)
+	workingset_refault(f, shadow);
 if (mem_cgroup_swapin_charge_folio(f, id, mm, gfp)) {
 ...
 }
 ...
-if (shadow)
-	workingset_refault(f, shadow);
 ...>
 }
