// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a table is freed, and only then taken from its cluster.
@@
identifier ci, table, cachep;
@@
-	rcu_assign_pointer(ci->table, NULL);
 	if (!SWP_TABLE_USE_PAGE) {
 		kmem_cache_free(cachep, table);
+		rcu_assign_pointer(ci->table, NULL);
 		return;
 	}
