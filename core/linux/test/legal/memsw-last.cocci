// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Legal: the slots' charge of memory and swap ends last, and once more.
@@
expression f;
@@
 __swap_cache_alloc(...)
 {
 <...
-	memcg1_swapin(f);
 ...
	folio_add_lru(f);
+	memcg1_swapin(f);
+	memcg1_swapin(f);
 ...>
 }
