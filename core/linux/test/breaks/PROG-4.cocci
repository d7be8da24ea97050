// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Deliberately broken: a lookup reads its slot once, and waits for a folio that has gone.
@@ @@
 swap_cache_get_folio(...)
 {
 ...
+	swp_tb = swap_table_get(ci, ci_off);
 	for (;;) {
-		swp_tb = swap_table_get(ci, ci_off);
 		if (!swp_tb_is_folio(swp_tb))
 			return NULL;
 		...
 	}
 ...
 }
