// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: the slots' charge of memory and swap ends where their cluster is locked.
@@
expression f, ci, e;
@@
 __swap_cache_alloc(...)
 {
 <...
	__swap_cache_do_add_folio(ci, f, e);
+	memcg1_swapin(f);
 ...>
 }
