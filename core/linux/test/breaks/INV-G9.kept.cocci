// SPDX-License-Identifier: GPL-2.0-only
// File: mm/swapfile.c
// Deliberately broken: a table is kept for the next cluster, and the one that was kept before is lost.
@@
identifier table;
@@
+static struct swap_table *table_kept;
+
 static void swap_cluster_free_table(...)
 {
 	...
 	struct swap_table *table;
 	<...
-	kmem_cache_free(swap_table_cachep, table);
+	table_kept = table;
 	...>
 }

@@
identifier table;
expression gfp;
@@
 swap_cluster_alloc_table(...)
 {
 	<...
-	table = kmem_cache_zalloc(swap_table_cachep, gfp);
+	table = xchg(&table_kept, NULL);
+	if (table)
+		memset(table, 0, sizeof(*table));
+	else
+		table = kmem_cache_zalloc(swap_table_cachep, gfp);
 	...>
 }
