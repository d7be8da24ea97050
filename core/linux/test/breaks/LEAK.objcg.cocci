// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a folio of zeroes keeps the object of its cgroup.
// Check: LEAK
@@
expression objcg;
@@
 swap_zeromap_folio_set(...)
 {
 <...
-	obj_cgroup_put(objcg);
 ...>
 }
