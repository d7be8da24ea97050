// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swap_state.c
// Legal: a swap-in that fails puts the shadow back slot by slot, before it lets go of the cluster.
@@
expression ci, folio, entry, shadow;
@@
 __swap_cache_alloc(...)
 {
 <...
-	__swap_cache_do_del_folio(ci, folio, entry, shadow);
+	__swap_cache_do_del_folio(ci, folio, entry, NULL);
+	for (unsigned int off = swp_cluster_offset(entry), i = 0; i < nr_pages; i++) {
+		unsigned long word = __swap_table_get(ci, off + i);
+		if (!swp_tb_is_null(word))
+			__swap_table_set(ci, off + i, shadow_to_swp_tb(shadow, __swp_tb_get_flags(word)));
+	}
 ...>
 }
