// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: the working set is told twice of a page that comes back.
@@
expression folio, shadow;
@@
 __swap_cache_alloc(...)
 {
 <...
 	workingset_refault(folio, shadow);
+	workingset_refault(folio, shadow);
 ...>
 }
