// SPDX-License-Identifier: GPL-2.0-only
// File: mm/page_io.c
// Deliberately broken: a folio of zeroes that is not read counts for no cgroup.
@@
expression objcg, n;
@@
 swap_read_folio_zeromap(...)
 {
 <...
-	count_objcg_events(objcg, SWPIN_ZERO, n);
 ...>
 }
